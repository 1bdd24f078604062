"""Every possible start of a meeting at once, as bitmaps: who could come when, and which starts rank first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from math import ceil, floor

from bot.domain.bitmaps import (
    Rows,
    Seconds,
    at_least,
    best,
    between,
    blocked_starts,
    counted,
    earliest,
    value_at,
)
from bot.domain.slot_question import Attendee, Need, Question, Source
from bot.domain.spans import Span, at_local, merged

OFFICE = time(9), time(17)
NOON = time(12)
ALWAYS = 1 << 40  # epoch seconds beyond any date


class Board:
    """The question laid out for one length of meeting; a bit is a start, and masks answer for all of them.

    Starts lie on whole steps of the clock. Nothing here is changed after it is made.
    """

    def __init__(self, question: Question, length: timedelta | None = None) -> None:
        self.question = question
        self.length = length or question.length
        self.step_s = round(question.step.total_seconds())
        self.length_s = ceil(self.length.total_seconds())
        self.first = ceil(question.opens.timestamp() / self.step_s) * self.step_s
        last = floor(question.window.end.timestamp()) - self.length_s
        self.slots = max(0, (last - self.first) // self.step_s + 1)
        self.full = (1 << self.slots) - 1
        self._shifts: dict[int, int] = {}
        self._open = {
            agency: self.full & ~self._touching(question.closures(agency)) for agency in question.closed
        }
        self.at_work = {person.id: self._at_work(person) for person in question.attendees}
        self.free = {person.id: self._free(person) for person in question.attendees}
        self.shaky = {
            person.id: self._engaged(person, person.tentative) if person.tentative else 0
            for person in question.attendees
        }
        self.have = {need.agency: self._any(need) for need in question.needs}
        self.chair = self._somebody(question.chairs) if question.chairs else self.full
        self.minutes = self._somebody(question.minute_takers) if question.minute_takers else self.full
        self.room = self._roomy() if question.venue else self.full

    def when(self, start: int) -> datetime:
        """The instant of a start, in UTC."""
        return datetime.fromtimestamp(self.first + start * self.step_s, UTC)

    def hopeful(self, ids: Iterable[str]) -> int:
        """The starts at which one of these would be free, if everybody whose diary is not known said yes.

        They are asked about their own hours, or about office hours when those are not known either.
        """
        mask = 0
        for person in (self.question.people[id] for id in ids):
            if person.source is not Source.UNKNOWN:
                mask |= self.free[person.id]
            else:
                at_work = self.at_work[person.id] if person.working else self._when_open(person, self.office)
                mask |= at_work & ~self._away(person)
        return mask

    def fitting(
        self,
        *,
        instead: Mapping[str, int] | None = None,
        excused: str | None = None,
        chair: int | None = None,
    ) -> int:
        """The starts with a chair, a room, every required agency and a quorum.

        `instead` puts other masks in the place of some agencies' own, `excused` lets one required agency stay
        away, `chair` is a mask in the chair's place.
        """
        have = {**self.have, **(instead or {})}
        mask = self.room & (self.chair if chair is None else chair)
        for need in self.question.needs:
            if need.required and need.agency != excused:
                mask &= have[need.agency]
        mask &= at_least(counted(have.values()), self.question.quorum.agencies, self.full)
        for kind in self.question.quorum.types:
            mask &= self._of_type(kind, have)
        return mask & self.full

    @cached_property
    def in_time(self) -> int:
        """The starts on or before the day of the deadline."""
        if self.question.deadline is None:
            return self.full
        return between(0, self._index(self.question.deadline + timedelta(days=1), time()))

    @cached_property
    def attended(self) -> int:
        """The starts at which any agency at all could come: what is worth showing when nothing fits."""
        return at_least(counted(self.have.values()), 1, self.full)

    @cached_property
    def office(self) -> int:
        """The starts of a meeting within nine to five on a working day of the case's nation."""
        question = self.question
        first, last = question.day(question.window.start), question.day(question.window.end)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return self._inside(
            Span(at_local(day, OFFICE[0], question.zone), at_local(day, OFFICE[1], question.zone))
            for day in days
            if question.days.is_working(day)
        )

    @cached_property
    def ranking(self) -> list[Rows]:
        """What counts against a start that fits.

        Agencies missing that had accepted before, optional agencies missing, the minutes, tentative seats, deputies.
        """
        chosen, question = self._seats, self.question
        return [
            counted(
                self.full & ~self.have[n.agency] for n in question.needs if n.agency in question.accepted
            ),
            counted(self.full & ~self.have[n.agency] for n in question.needs if not n.required),
            counted([self.full & ~self.minutes]),
            counted(tentative for tentative, _ in chosen),
            counted(deputy for _, deputy in chosen),
        ]

    @cached_property
    def shortfall(self) -> list[Rows]:
        """What counts against a start when nothing fits: those blocking, quorum heads and types, the room lacking."""
        heads = counted(self.have.values())
        quorum = self.question.quorum
        blocking = [self.full & ~self.have[n.agency] for n in self.question.needs if n.required]
        return [
            counted([*blocking, self.full & ~self.chair]),
            counted(self.full & ~at_least(heads, n + 1, self.full) for n in range(quorum.agencies)),
            counted(self.full & ~self._of_type(kind, self.have) for kind in quorum.types),
            counted([self.full & ~self.room]),
            *self.ranking,
        ]

    def spread(self, allowed: int, counters: Sequence[Rows], wanted: int) -> list[int]:
        """The best starts, one from each half-day; only where half-days run out, more that do not overlap."""
        picked: list[int] = []
        for ruled_out in (self.half_day, self._overlapping):
            left = allowed
            for start in picked:
                left &= ~ruled_out(start)
            picked += self._pick(left, counters, wanted - len(picked), ruled_out)
        return picked

    def rank(self, start: int, counters: Sequence[Rows]) -> tuple[int, ...]:
        """A start's counts, then the start itself: smaller is better."""
        return (*(value_at(rows, start) for rows in counters), start)

    def half_day(self, start: int) -> int:
        """All starts of the same local morning or afternoon."""
        local = self.when(start).astimezone(self.question.zone)
        return self.half(local.date(), afternoon=local.time() >= NOON)

    def half(self, day: date, *, afternoon: bool) -> int:
        """The starts of one local morning, or of one afternoon and evening; 0 for a day outside the board."""
        if afternoon:
            return between(self._index(day, NOON), self._index(day + timedelta(days=1), time()))
        return between(self._index(day, time()), self._index(day, NOON))

    def _pick(
        self, left: int, counters: Sequence[Rows], wanted: int, ruled_out: Callable[[int], int]
    ) -> list[int]:
        picked: list[int] = []
        while left and len(picked) < wanted:
            start = earliest(best(left, counters))
            picked.append(start)
            left &= ~ruled_out(start)
        return picked

    def _overlapping(self, start: int) -> int:
        reach = -(-self.length_s // self.step_s)
        return between(max(0, start - reach + 1), start + reach)

    def _index(self, day: date, hour: time) -> int:
        """The first start at or after a local time, held inside the board."""
        at = floor(at_local(day, hour, self.question.zone).timestamp())
        return min(self.slots, max(0, -((self.first - at) // self.step_s)))

    def _touching(self, spans: Iterable[Span]) -> int:
        return self._blocked((floor(s.start.timestamp()), ceil(s.end.timestamp())) for s in spans)

    def _engaged(self, person: Attendee, spans: Iterable[Span]) -> int:
        """The starts too close to a person's other engagements, or in the midst of them."""
        apart = self.question.apart(person).total_seconds()
        if not apart:
            return self._touching(spans)
        return self._blocked(
            (floor(s.start.timestamp() - apart), ceil(s.end.timestamp() + apart)) for s in spans
        )

    def _away(self, person: Attendee) -> int:
        away = self._engaged(person, person.busy)
        return away | self._touching(person.leave) if person.leave else away

    def _when_open(self, person: Attendee, starts: int) -> int:
        """The starts among these on days when the person's agency is not closed."""
        return starts & self._open.get(person.agency, self.full)

    def _roomy(self) -> int:
        """The starts at which one of the rooms that seat everybody is free."""
        question = self.question
        mask = 0
        for room in question.venue.seating if question.venue else ():
            if room.source is not Source.UNKNOWN:
                mask |= self.full & ~self._touching((*room.busy, *question.shut(room.closed)))
        return mask

    def _blocked(self, spans: Iterable[Seconds]) -> int:
        return blocked_starts(spans, self.first, self.step_s, self.length_s, self.slots)

    def _at_work(self, person: Attendee) -> int:
        """The starts with the whole meeting in open working time; people often share one week's spans."""
        known = self._shifts.get(id(person.working))
        if known is None:
            known = self._inside(merged(person.working))
            self._shifts[id(person.working)] = known
        return self._when_open(person, known) if self._open else known

    def _inside(self, spans: Iterable[Span]) -> int:
        """The starts at which the whole meeting lies inside one of the spans, which are in order and apart."""
        edges = [round(edge.timestamp()) for span in spans for edge in (span.start, span.end)]
        bounds = [-ALWAYS, *edges, ALWAYS]
        return self.full & ~self._blocked(zip(bounds[::2], bounds[1::2], strict=True))

    def _free(self, person: Attendee) -> int:
        if person.source is Source.UNKNOWN:
            return 0
        return self.at_work[person.id] & ~self._away(person)

    def _somebody(self, ids: Iterable[str]) -> int:
        mask = 0
        for id in ids:
            mask |= self.free[id]
        return mask

    def _any(self, need: Need) -> int:
        return self._somebody((*need.any_of, *need.deputies))

    def firm(self, ids: Iterable[str]) -> int:
        """The starts at which one of these is free without a tentative clash."""
        mask = 0
        for id in ids:
            mask |= self.free[id] & ~self.shaky[id]
        return mask

    @cached_property
    def _seats(self) -> list[tuple[int, int]]:
        """For each agency, the chair and the minutes: where the seat is tentative, and where a deputy takes it."""
        question = self.question
        pairs = [(need.any_of, need.deputies) for need in question.needs]
        pairs += [(question.chairs[:1], question.chairs[1:])] if question.chairs else []
        pairs += [(question.minute_takers, ())] if question.minute_takers else []
        seats = []
        for first, deputies in pairs:
            firm, firm_deputy = self.firm(first), self.firm(deputies)
            soft, soft_deputy = self._somebody(first), self._somebody(deputies)
            tentative = (soft | soft_deputy) & ~(firm | firm_deputy)
            seats.append((tentative, firm_deputy & ~firm | tentative & ~soft))
        return seats

    def _of_type(self, kind: str, have: Mapping[str, int]) -> int:
        mask = 0
        for need in self.question.needs:
            if need.kind == kind:
                mask |= have[need.agency]
        return mask
