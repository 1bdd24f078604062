"""Whom to ask for times, about which, until when: told as cases, and held for random boards (issue 4)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.availability import parse_pattern, working_spans
from bot.domain.slot_poll import (
    FEWEST,
    LEAST_OPEN,
    MOST,
    NOTICE,
    Can,
    OfficeHours,
    closing,
    heard,
    hopeful,
    proposal,
    with_answers,
)
from bot.domain.slots import Attendee, Need, Question, Quorum, Source, find, judged
from bot.domain.spans import Span, whole_days
from bot.domain.workdays import LONDON, Nation, WorkingDays

ENGLAND = WorkingDays(Nation.ENGLAND_AND_WALES)
OFFICE = OfficeHours(days=ENGLAND)
HOUR = timedelta(hours=1)


def london(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


def span(day: str, start: str, end: str) -> Span:
    return Span(london(f"{day} {start}"), london(f"{day} {end}"))


MONDAY = london("2026-03-02 09:00")
WEEKS = whole_days(date(2026, 3, 2), date(2026, 3, 20), LONDON)


def known(id: str, agency: str = "", **spans: tuple[Span, ...]) -> Attendee:
    at_work = working_spans(parse_pattern("mon-fri 09:00-17:00"), WEEKS)
    return Attendee(id=id, agency=agency or id, source=Source.OWN_PATTERN, working=at_work, **spans)


def silent(id: str, agency: str = "", **but: tuple[Span, ...]) -> Attendee:
    return Attendee(id=id, agency=agency or id, source=Source.UNKNOWN, **but)


def board(*people: Attendee, needs: tuple[Need, ...] = (), **but: object) -> Question:
    each = needs or tuple(Need(agency=p.agency, any_of=(p.id,)) for p in people)
    asked = {"window": WEEKS, "length": HOUR, "days": ENGLAND, "attendees": people, "needs": each}
    return Question(**{**asked, "asked_at": MONDAY, **but})  # type: ignore[arg-type]


def asks(question: Question, now: datetime = MONDAY) -> tuple[str, ...]:
    found = proposal(question, OFFICE, now)
    return found.people if found else ()


# Working time, and when a poll closes.


@pytest.mark.parametrize(
    ("now", "closes", "chases"),
    [
        ("2026-03-02 09:00", "2026-03-03 12:00", "2026-03-02 14:30"),  # Monday morning
        ("2026-03-02 16:50", "2026-03-03 12:00", "2026-03-03 10:25"),
        ("2026-03-06 16:50", "2026-03-09 12:00", "2026-03-09 10:25"),  # Friday evening: Monday noon
        ("2026-03-07 22:00", "2026-03-09 12:00", "2026-03-09 10:30"),  # Saturday night
    ],
)
def test_the_answers_are_due_at_noon_of_the_next_working_day_and_the_reminder_comes_half_way(
    now, closes, chases
):
    found = proposal(board(known("police"), silent("fire")), OFFICE, london(now))
    assert (found.closes_at, found.chase_at) == (london(closes), london(chases))


def test_the_noon_after_easter_is_on_tuesday():
    over = whole_days(date(2026, 4, 1), date(2026, 4, 30), LONDON)
    question = board(silent("fire"), window=over)
    assert closing(question, OFFICE, london("2026-04-02 16:00")) == london("2026-04-07 12:00")


@pytest.mark.parametrize(
    ("now", "deadline", "closes"),
    [
        ("2026-03-02 09:00", date(2026, 3, 2), "2026-03-02 11:30"),  # half of the way to 14:00
        ("2026-03-02 09:00", date(2026, 3, 3), "2026-03-02 15:30"),
        ("2026-03-02 09:00", date(2026, 3, 4), "2026-03-03 11:30"),
        ("2026-03-02 09:07", date(2026, 3, 3), "2026-03-02 15:35"),  # told in round minutes
        ("2026-03-02 09:00", date(2026, 3, 5), "2026-03-03 12:00"),  # it does not press
        ("2026-03-02 13:00", date(2026, 3, 2), None),
        ("2026-03-03 09:00", date(2026, 3, 2), None),
    ],
)
def test_where_the_clock_presses_people_have_half_of_what_is_left(now, deadline, closes):
    question = board(silent("fire"), deadline=deadline)
    found = closing(question, OFFICE, london(now))
    assert found == (closes and london(closes))


moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@given(moments, st.integers(1, 3000))
def test_so_much_working_time_later_is_so_much_working_time_away(start, minutes):
    lasting = timedelta(minutes=minutes)
    end = OFFICE.after(start, lasting)
    assert OFFICE.between(start, end) == lasting
    local = end.astimezone(LONDON)
    assert ENGLAND.is_working(local.date())
    assert time(9) <= local.time() <= time(17)


@given(moments, moments, moments)
def test_working_time_adds_up(a, b, c):
    a, b, c = sorted((a, b, c))
    assert OFFICE.between(a, b) + OFFICE.between(b, c) == OFFICE.between(a, c)
    assert OFFICE.between(c, a) == timedelta()


# Who is asked.


def test_only_those_whose_diaries_cannot_be_read_are_asked():
    assert asks(board(known("police"), silent("fire"), known("housing"))) == ("fire",)


def test_nobody_is_asked_where_something_fits():
    needs = (
        Need(agency="police", any_of=("pat", "sid")),
        Need(agency="fire", any_of=("fay",), required=False),
    )
    people = (known("pat", "police"), silent("sid", "police"), silent("fay", "fire"))
    assert asks(board(*people, needs=needs)) == ()


def test_nobody_is_asked_where_no_answer_could_help():
    assert asks(board(known("police", leave=(WEEKS,)), silent("fire"))) == ()


def test_times_after_a_deadline_are_asked_about_only_where_none_before_it_is_possible():
    away = (known("police", leave=(Span(MONDAY, london("2026-03-10 00:00")),)), silent("fire"))
    missed = proposal(board(*away, deadline=date(2026, 3, 6)), OFFICE, MONDAY)
    assert missed.slots[0].start == london("2026-03-10 09:00")
    met = proposal(board(*away, deadline=date(2026, 3, 10)), OFFICE, MONDAY)
    assert {each.start.date() for each in met.slots} == {date(2026, 3, 10)}


def test_a_deputy_is_asked_only_where_the_representative_cannot_do():
    needs = (Need(agency="fire", any_of=("fay",), deputies=("dan",)), Need(agency="police", any_of=("pat",)))
    both = (silent("fay", "fire"), silent("dan", "fire"), known("pat", "police"))
    assert asks(board(*both, needs=needs)) == ("fay",)
    away = (known("fay", "fire", leave=(WEEKS,)), silent("dan", "fire"), known("pat", "police"))
    assert asks(board(*away, needs=needs)) == ("dan",)


def test_a_chair_is_asked_and_a_deputy_chair_only_in_their_place():
    people = (known("police"), silent("chair"), silent("deputy"))
    needs = (Need(agency="police", any_of=("police",)),)
    assert asks(board(*people, needs=needs, chairs=("chair", "deputy"))) == ("chair",)


def test_an_agency_that_only_may_come_is_asked_where_the_quorum_needs_it():
    needs = (Need(agency="police", any_of=("pat",)), Need(agency="fire", any_of=("fay",), required=False))
    people = (known("pat", "police"), silent("fay", "fire"))
    assert asks(board(*people, needs=needs, quorum=Quorum(agencies=2))) == ("fay",)


def test_somebody_whose_own_hours_are_known_is_asked_about_those():
    """A diary that could not be read today: the register still knows when they work."""
    mornings = working_spans(parse_pattern("tue-fri 09:00-12:00"), WEEKS)
    found = proposal(board(known("police"), replace(silent("fire"), working=mornings)), OFFICE, MONDAY)
    assert all(any(hours.holds(each) for hours in mornings) for each in found.slots)


def test_the_time_that_a_meeting_is_to_move_from_is_not_asked_about():
    question = board(known("police"), silent("fire"))
    first = proposal(question, OFFICE, MONDAY).slots[0]
    again = proposal(question, OFFICE, MONDAY, present=first.start)
    assert first not in again.slots


# Any board.


def spans(most: int) -> st.SearchStrategy[tuple[Span, ...]]:
    one = st.builds(
        lambda day, hour, hours: Span(
            MONDAY + timedelta(days=day, hours=hour), MONDAY + timedelta(days=day, hours=hour + hours)
        ),
        st.integers(0, 18),
        st.integers(0, 7),
        st.integers(1, 60),
    )
    return st.lists(one, max_size=most).map(tuple)


@st.composite
def boards(draw: st.DrawFn) -> Question:
    agencies = draw(st.integers(1, 4))
    people, needs = [], []
    for n in range(agencies):
        own = []
        for m in range(draw(st.integers(1, 3))):
            make = silent if draw(st.booleans()) else known
            own.append(make(f"p{n}{m}", f"a{n}", busy=draw(spans(3))))
        cut = draw(st.integers(1, len(own)))
        needs.append(
            Need(
                agency=f"a{n}",
                any_of=tuple(p.id for p in own[:cut]),
                deputies=tuple(p.id for p in own[cut:]),
                required=draw(st.booleans()),
            )
        )
        people += own
    chairs = tuple(p.id for p in people[: draw(st.integers(0, 2))])
    deadline = draw(st.one_of(st.none(), st.dates(date(2026, 3, 3), date(2026, 3, 20))))
    quorum = Quorum(agencies=draw(st.integers(0, agencies)))
    return board(*people, needs=tuple(needs), chairs=chairs, deadline=deadline, quorum=quorum)


@settings(max_examples=50, deadline=None)
@given(boards(), st.integers(0, 2880))
def test_what_is_asked_is_possible_for_all_others_in_time_and_of_nobody_whose_diary_is_known(
    question, minutes
):
    now = MONDAY + timedelta(minutes=minutes)
    found = proposal(question, OFFICE, now)
    if found is None:
        return
    assert 1 <= len(found.slots) <= MOST
    assert found.people
    assert {question.people[id].source for id in found.people} == {Source.UNKNOWN}
    assert OFFICE.between(now, found.closes_at) >= LEAST_OPEN
    assert now < found.chase_at < found.closes_at
    willing = tuple(
        hopeful(each, question) if each.id in found.people else each for each in question.attendees
    )
    for each in found.slots:
        assert each.start >= found.closes_at + NOTICE
        option = judged(replace(question, attendees=willing), each.start)
        assert option.fits
    lates = {question.late(question.day(each.start)) for each in found.slots}
    in_time = replace(question, attendees=willing, asked_at=found.closes_at, min_notice=NOTICE)
    assert lates == {False} or not find(in_time).options
    assert not any(a.touches(b) for a in found.slots for b in found.slots if a != b)


@settings(max_examples=40, deadline=None)
@given(boards())
def test_without_any_one_of_those_asked_too_few_times_would_be_left(question):
    """Nobody is asked whose answer is not needed: leave out a seat's people, and fewer than three times remain."""
    found = proposal(question, OFFICE, MONDAY)
    if found is None:
        return
    late = any(question.late(question.day(each.start)) for each in found.slots)
    deadline = None if late else question.deadline
    later = replace(question, asked_at=found.closes_at, min_notice=NOTICE, wanted=MOST, deadline=deadline)
    for need in question.needs:
        seat = {*need.any_of, *need.deputies} & {*found.people}
        if not seat or {*question.chairs} & seat:
            continue
        others = tuple(
            hopeful(each, question) if each.id in found.people and each.id not in seat else each
            for each in question.attendees
        )
        assert len(find(replace(later, attendees=others)).options) < FEWEST


@settings(max_examples=40, deadline=None)
@given(boards(), st.data())
def test_when_all_say_yes_to_one_of_the_times_the_search_finds_it(question, data):
    found = proposal(question, OFFICE, MONDAY)
    if found is None:
        return
    time = data.draw(st.sampled_from(found.slots))
    said = {id: {each: Can.YES if each == time else Can.NO for each in found.slots} for id in found.people}
    asked = replace(question, attendees=with_answers(question.attendees, said))
    assert judged(asked, time.start).fits
    answer = find(asked)
    assert answer.options or any(each.fits for each in answer.nearest)


# What an answer makes of somebody.

TUESDAY, WEDNESDAY, THURSDAY = (span(f"2026-03-{day:02d}", "10:00", "11:00") for day in (3, 4, 5))


def test_an_answer_makes_free_at_yes_and_second_choice_at_maybe_and_nowhere_else():
    said = heard(silent("fire"), {TUESDAY: Can.YES, WEDNESDAY: Can.MAYBE, THURSDAY: Can.NO})
    question = board(known("police"), said)
    assert said.source is Source.ASKED
    assert [each.start for each in find(question).options] == [TUESDAY.start, WEDNESDAY.start]
    assert judged(question, WEDNESDAY.start).tentative == ("fire",)
    assert not judged(question, THURSDAY.start).fits
    assert not judged(question, london("2026-03-06 10:00")).fits


def test_another_meeting_of_ours_since_the_answer_still_counts():
    said = heard(silent("fire", busy=(TUESDAY,)), {TUESDAY: Can.YES})
    assert not judged(board(known("police"), said), TUESDAY.start).fits


def test_none_of_these_is_never_free_and_no_longer_unknown():
    said = heard(silent("fire"), {TUESDAY: Can.NO})
    found = find(board(known("police"), said))
    assert (found.options, found.not_known) == ((), ())


def test_whoever_is_silent_stays_unknown_and_a_diary_that_is_read_goes_before_an_answer():
    said = {"police": {TUESDAY: Can.NO}, "fire": {TUESDAY: Can.YES}}
    people = with_answers((known("police"), silent("fire"), silent("housing")), said)
    assert [each.source for each in people] == [Source.OWN_PATTERN, Source.ASKED, Source.UNKNOWN]
    assert people[0].busy == ()
