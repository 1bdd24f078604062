"""The bitmaps against a search so plain that it can be believed: every start, every person, every minute.

Random small problems: 1 to 12 people, three zones, odd lengths and steps, a clock change, quorum, deputies, unread
diaries, rooms, minutes, closure days, time between meetings (calendar.md section 5). The plain search shares no
code with the real one but the question itself.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.availability import parse_pattern, working_spans
from bot.domain.bitmaps import at_least, best, counted, value_at
from bot.domain.slot_board import Board
from bot.domain.slots import Attendee, Kind, Need, Question, Quorum, Room, Source, Venue, find, judged
from bot.domain.spans import Span, whole_days
from bot.domain.workdays import Nation, WorkingDays

unhurried = settings(deadline=None)  # a busy machine is no failure

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
PATTERNS = (
    "mon-sun 09:00-17:00",
    "mon-fri 08:30-12:10; sun 08:30-12:10",
    "fri-sun 10:00-15:00",
    "sun 00:00-06:00",
)
ZONES = ("Europe/London", "Europe/Madrid", "America/New_York")
WINDOWS = (  # each over a weekend: both clock changes, and New Year
    whole_days(date(2026, 3, 28), date(2026, 3, 30), LONDON),
    whole_days(date(2026, 10, 24), date(2026, 10, 26), LONDON),
    whole_days(date(2026, 12, 31), date(2027, 1, 2), LONDON),
)


@st.composite
def questions(draw):
    window = draw(st.sampled_from(WINDOWS))
    length = (window.end - window.start) // MINUTE

    def spans(most):
        pairs = draw(st.lists(st.tuples(st.integers(0, length), st.integers(1, 700)), max_size=most))
        return tuple(Span(window.start + a * MINUTE, window.start + (a + n) * MINUTE) for a, n in pairs)

    ids = [f"p{n}" for n in range(draw(st.integers(1, 12)))]
    people = []
    for id in ids:
        nation = draw(st.sampled_from(Nation))
        pattern = parse_pattern(
            draw(st.sampled_from(PATTERNS)), zone=draw(st.sampled_from(ZONES)), nation=nation
        )
        people.append(
            Attendee(
                id=id,
                agency=draw(st.sampled_from(["", "", "a0", "a1"])),
                source=draw(st.sampled_from([*Source, Source.DIARY_READ, Source.OWN_PATTERN])),
                working=working_spans(pattern, window),
                busy=spans(3),
                tentative=spans(2),
                leave=spans(1),
                gap=draw(st.sampled_from([0, 0, 10, 30])) * MINUTE,
                travel=draw(st.sampled_from([0, 0, 45])) * MINUTE,
            )
        )
    some = st.lists(st.sampled_from(ids), unique=True, max_size=3).map(tuple)
    needs = tuple(
        Need(
            agency=f"a{n}",
            any_of=draw(some),
            deputies=draw(some),
            required=draw(st.booleans()),
            type=draw(st.sampled_from(["", "police", "health"])),
        )
        for n in range(draw(st.integers(1, 4)))
    )
    first = window.start.astimezone(LONDON).date()
    dates = st.frozensets(st.integers(0, 2).map(lambda n: first + timedelta(days=n)), max_size=2)
    rooms = tuple(
        Room(
            id=f"r{n}",
            seats=draw(st.integers(2, 8)),
            source=draw(st.sampled_from([Source.UNKNOWN, *[Source.DIARY_READ] * 4])),
            busy=spans(3),
            closed=draw(dates),
        )
        for n in range(draw(st.integers(0, 3)))
    )
    return Question(
        window=window,
        length=draw(st.sampled_from([15, 25, 50, 60, 90, 120, 210])) * MINUTE,
        step=draw(st.sampled_from([7, 15, 15, 30])) * MINUTE,
        days=WorkingDays(draw(st.sampled_from(Nation))),
        attendees=tuple(people),
        needs=needs,
        chairs=draw(some),
        minute_takers=draw(some),
        venue=draw(st.none() | st.integers(1, 6).map(lambda heads: Venue(rooms=rooms, heads=heads))),
        closed=draw(st.dictionaries(st.sampled_from(["a0", "a1"]), dates, max_size=2)),
        quorum=Quorum(
            agencies=draw(st.integers(0, 4)),
            types=frozenset(draw(st.sets(st.sampled_from(["police", "health"])))),
        ),
        accepted=draw(st.frozensets(st.sampled_from(["a0", "a1", "a2"]), max_size=2)),
        deadline=draw(st.none() | st.integers(0, 2).map(lambda n: first + timedelta(days=n))),
        asked_at=draw(st.none() | st.just(window.start + 400 * MINUTE)),
        min_notice=draw(st.sampled_from([0, 240])) * MINUTE,
        wanted=draw(st.integers(1, 6)),
    )


class Told(NamedTuple):
    """What counts against a start, in its order.

    Required missing, quorum short, types short, no room; accepted and missing, optional missing, no minutes,
    tentative, deputies.
    """

    counts: tuple
    seats: dict
    chair: tuple | None
    minutes: tuple | None
    room: str | None

    @property
    def fits(self):
        return self.counts[:4] == (0, 0, 0, 0)

    @property
    def taken(self):
        return [seat for seat in (*self.seats.values(), self.chair, self.minutes) if seat]


class Plain:
    """Sets of minutes, and loops."""

    def __init__(self, question):
        self.q = question
        self.days = [
            (question.window.start + n * MINUTE).astimezone(question.zone).date()
            for n in range((question.window.end - question.window.start) // MINUTE)
        ]
        self.free, self.maybe = {}, {}
        for p in question.attendees:
            gap = max(p.gap, p.travel) if question.venue else p.gap
            shut = self.minutes_of(question.closed.get(p.agency, ()))
            self.free[p.id] = (
                self.minutes(p.working) - self.minutes(p.busy, gap) - self.minutes(p.leave) - shut
            )
            self.maybe[p.id] = self.minutes(p.tentative, gap)
        self.source = {p.id: p.source for p in question.attendees}
        self.taken = {
            r.id: self.minutes(r.busy) | self.minutes_of(r.closed)
            for r in (question.venue.rooms if question.venue else ())
        }
        self.known = {}
        self.starts = []
        earliest = question.window.start
        if question.asked_at:
            earliest = max(earliest, question.asked_at + question.min_notice)
        at = datetime.fromtimestamp(0, UTC) + (earliest - datetime.fromtimestamp(0, UTC)) // MINUTE * MINUTE
        while at + question.length <= question.window.end:
            if at >= earliest and int(at.timestamp()) % int(question.step.total_seconds()) == 0:
                self.starts.append(at)
            at += MINUTE

    def minutes(self, spans, gap=0 * MINUTE):
        begin = self.q.window.start
        return {
            m
            for s in spans
            for m in range((s.start - gap - begin) // MINUTE, (s.end + gap - begin) // MINUTE)
        }

    def minutes_of(self, days):
        return {m for m, day in enumerate(self.days) if day in days}

    def meeting(self, start):
        begins = (start - self.q.window.start) // MINUTE
        return set(range(begins, begins + self.q.length // MINUTE))

    def who(self, first, deputies, start):
        """(person, as deputy, tentative) or None."""
        minutes, source = self.meeting(start), self.source
        could = [
            (bool(minutes & self.maybe[id]), id not in first, order, id)
            for order, id in enumerate((*first, *deputies))
            if source[id] is not Source.UNKNOWN and minutes <= self.free[id]
        ]
        if not could:
            return None
        tentative, _, _, id = min(could)
        return id, id not in first, tentative

    def roomed(self, start):
        """The id of the room, or None: the smallest that will do, and the one named first among equals."""
        could = [
            (room.seats, order, room.id)
            for order, room in enumerate(self.q.venue.rooms)
            if room.source is not Source.UNKNOWN
            and room.seats >= self.q.venue.heads
            and not self.meeting(start) & self.taken[room.id]
        ]
        return min(could)[2] if could else None

    def told(self, start):
        if start not in self.known:
            self.known[start] = self.tell(start)
        return self.known[start]

    def tell(self, start):
        seats = {n.agency: self.who(n.any_of, n.deputies, start) for n in self.q.needs}
        chair = self.who(self.q.chairs[:1], self.q.chairs[1:], start)
        minutes = self.who(self.q.minute_takers, (), start)
        room = self.roomed(start) if self.q.venue else None
        here = [n for n in self.q.needs if seats[n.agency]]
        lacking = [n for n in self.q.needs if not seats[n.agency]]
        taken = [seat for seat in (*seats.values(), chair, minutes) if seat]
        counts = (
            sum(n.required for n in lacking) + (bool(self.q.chairs) and chair is None),
            max(0, self.q.quorum.agencies - len(here)),
            len(self.q.quorum.types - {n.type or n.agency for n in here}),
            int(self.q.venue is not None and room is None),
            sum(n.agency in self.q.accepted for n in lacking),
            sum(not n.required for n in lacking),
            int(bool(self.q.minute_takers) and minutes is None),
            sum(seat[2] for seat in taken),
            sum(seat[1] for seat in taken),
        )
        return Told(counts, seats, chair, minutes, room)

    def in_time(self, start):
        return self.q.deadline is None or start.astimezone(self.q.zone).date() <= self.q.deadline

    def half_day(self, start):
        local = start.astimezone(self.q.zone)
        return local.date(), local.hour < 12


plenty = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@plenty
@given(questions())
def test_every_start_is_judged_as_by_hand(question):
    board, plain = Board(question), Plain(question)
    assert [board.when(n) for n in range(board.slots)] == plain.starts
    fits, in_time = board.fitting(), board.in_time
    for n, start in enumerate(plain.starts):
        told = plain.told(start)
        assert board.rank(n, board.shortfall)[:-1] == told.counts
        assert bool(fits >> n & 1) == told.fits
        assert bool(in_time >> n & 1) == plain.in_time(start)
    for start in plain.starts[:: max(1, len(plain.starts) // 12)]:
        told = plain.told(start)
        option = judged(question, start)
        assert option.attending == {agency: seat[:2] for agency, seat in told.seats.items() if seat}
        assert option.chair == (told.chair[0] if told.chair else None)
        assert option.minutes == (told.minutes[0] if told.minutes else None)
        assert bool(option.minutes_missing) == bool(told.counts[6])
        assert option.room == told.room
        assert bool(option.room_missing) == bool(told.counts[3])
        assert option.fits == told.fits
        assert set(option.tentative) == {seat[0] for seat in told.taken if seat[2]}


@plenty
@given(questions())
def test_the_options_are_the_best_there_are_and_spread_over_half_days(question):
    plain, found = Plain(question), find(question)
    fitting = {
        start: (*plain.told(start).counts[4:], start)
        for start in plain.starts
        if plain.in_time(start) and plain.told(start).fits
    }
    assert found.nothing_fits == (not fitting)
    starts = [option.start for option in found.options]
    assert set(starts) <= set(fitting)
    if not fitting:
        return
    assert len(starts) == len(set(starts)) <= question.wanted
    assert starts == sorted(starts, key=fitting.get)
    halves = {plain.half_day(start) for start in fitting}
    if question.wanted > 1:
        assert starts[0] == min(fitting, key=fitting.get)
    assert plain.half_day(min(fitting)) in {plain.half_day(start) for start in starts}
    if len(halves) >= question.wanted:
        assert len(starts) == len({plain.half_day(start) for start in starts}) == question.wanted
    else:
        assert {plain.half_day(start) for start in starts} == halves
    for a, b in zip(sorted(starts), sorted(starts)[1:], strict=False):
        assert b - a >= question.length or plain.half_day(a) != plain.half_day(b)


@plenty
@given(questions())
def test_the_nearest_times_lose_the_fewest(question):
    plain, found = Plain(question), find(question)
    if not found.nothing_fits:
        return
    anyone = [s for s in plain.starts if any(plain.told(s).seats.values())]
    pool = [s for s in anyone if plain.in_time(s)] or anyone
    assert bool(found.nearest) == bool(anyone or any(plain.told(s).fits for s in plain.starts))
    if question.wanted > 1 and pool:
        assert found.nearest[0].start == min(pool, key=lambda s: (plain.told(s).counts, s))


def in_time(question, *, somebody=False):
    """Whether anything fits, by the plain search; and then with any agency there at all."""
    plain = Plain(question)
    told = [plain.told(s) for s in plain.starts if plain.in_time(s)]
    return any(each.fits and (any(each.seats.values()) or not somebody) for each in told)


@plenty
@given(questions())
def test_a_concession_is_offered_exactly_when_giving_way_would_help(question):
    found = find(question)
    if not found.nothing_fits:
        return
    ways = {way.kind: way for way in (found.concession, *found.also) if way}

    asked = tuple(
        replace(p, source=Source.ASKED) if p.source is Source.UNKNOWN and p.working else p
        for p in question.attendees
    )
    assert (Kind.ASK in ways) >= in_time(replace(question, attendees=asked))

    online = question.venue is not None and in_time(replace(question, venue=None))
    assert (Kind.ONLINE in ways) == online
    if online:
        assert ways[Kind.ONLINE].option.fits

    if Kind.SHORTER in ways:
        length = ways[Kind.SHORTER].length
        assert ways[Kind.SHORTER].option.fits
        assert in_time(replace(question, length=length))
        assert not in_time(replace(question, length=length + question.step))
        assert length >= question.length / 2

    def without(agency):
        needs = tuple(replace(n, required=n.required and n.agency != agency) for n in question.needs)
        return replace(question, needs=needs)

    helpful = {n.agency for n in question.needs if n.required and in_time(without(n.agency), somebody=True)}
    if helpful:
        assert set(ways[Kind.EXCUSE].agencies) <= helpful
    elif Kind.EXCUSE in ways:
        assert len(ways) == 1  # as few as possible together, because nothing else would help

    late = in_time(replace(question, deadline=None))
    assert (Kind.LATE in ways) == late
    if late:
        assert ways[Kind.LATE].option.fits
        assert ways[Kind.LATE].working_days_late >= 1


@unhurried
@given(st.lists(st.integers(0, 2**20 - 1), max_size=12), st.integers(0, 14))
def test_vertical_counters_count(masks, wanted):
    rows, full = counted(masks), 2**20 - 1
    for bit in range(20):
        count = sum(mask >> bit & 1 for mask in masks)
        assert value_at(rows, bit) == count
        assert bool(at_least(rows, wanted, full) >> bit & 1) == (count >= wanted)


@unhurried
@given(st.integers(1, 2**20 - 1), st.lists(st.lists(st.integers(0, 2**20 - 1), max_size=5), max_size=3))
def test_the_best_starts_have_the_smallest_counts(allowed, groups):
    counters = [counted(masks) for masks in groups]
    ranks = {bit: [value_at(rows, bit) for rows in counters] for bit in range(20) if allowed >> bit & 1}
    least = min(ranks.values())
    assert best(allowed, counters) == sum(1 << bit for bit, rank in ranks.items() if rank == least)


@pytest.mark.parametrize("seed", range(3))
def test_the_plain_search_itself_sees_a_clock_change(seed):
    """A check of the checker: spring Sunday is 23 hours long, autumn Sunday 25, New Year's 24."""
    window = WINDOWS[seed]
    assert (window.end - window.start) // timedelta(hours=1) == (71, 73, 72)[seed]
