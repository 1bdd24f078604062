"""Diaries in the search: read outside, kept a day, fresh when a time is booked (calendar.md sections 1, 5 and 7)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_builders import NOW, PRACTICE, a_case, at, away, bar, on, person, settle, wanted

from bot.domain.diary import Diary, Reading, Unreadable
from bot.domain.errors import NotLooked, TooLate
from bot.domain.spans import Span
from bot.storage.transaction import Begin
from bot.usecases.book import book, whose_to_look_at_again
from bot.usecases.convene import find_times, whose_diaries
from bot.usecases.diaries import Sought
from bot.usecases.read_diaries import forget_readings, keep_readings, to_read

WITH_DIARIES = replace(PRACTICE, area=replace(PRACTICE.area, diaries={"example.test": "graph"}))
EVERYBODY = ("abe", "ana", "chai", "dag", "fay", "hal", "ned", "nur", "per", "pia", "viv")


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def sought(begin: Begin, case: str, **but) -> Sought:
    return whose_diaries(
        begin, WITH_DIARIES, wanted(case, **but), source=f"s:{case}", by=person(begin, "cora"), now=NOW
    )


def read(begin: Begin, window: Span, *people: str, read_at=NOW, **diaries: Diary | Unreadable) -> None:
    found = {id: Diary() for id in people or EVERYBODY} | diaries
    keep_readings(
        begin, {id: Reading(window=window, read_at=read_at, diary=each) for id, each in found.items()}
    )


def offer(begin: Begin, case: str, now=NOW, **but):
    asked = wanted(case, **but)
    return find_times(begin, WITH_DIARIES, asked, source=f"s:{case}", by=person(begin, "cora"), now=now)


def test_everybody_who_might_come_is_looked_up_and_nobody_who_is_barred(town):
    """Representatives, their deputies, the chair and the chair's deputy; IG-22 for the one who must not see it."""
    case = a_case(town)
    bar(town, "fay", case)
    found = sought(town, case)
    assert set(found.people) == set(EVERYBODY) - {"fay"}
    assert found.window == Span(at("2026-03-02", "00:00"), at("2026-03-25", "00:00"))


def test_only_those_whose_mail_domain_the_area_names_are_looked_up(town):
    with town() as work:
        work.register.row("viv").email = "viv@charity.test"
    assert "viv" not in sought(town, a_case(town)).people


def test_a_diary_that_is_read_is_gone_by_and_its_source_and_age_are_shown(town):
    case = a_case(town)
    window = sought(town, case).window
    taken = Diary(busy=(Span(at("2026-03-02", "09:00"), at("2026-03-05", "12:00")),))
    read(town, window, read_at=NOW - timedelta(minutes=3), hal=taken)
    found = offer(town, case)
    assert found.options[0].starts_at == at("2026-03-05", "12:00")
    [known] = found.known_from
    assert (known.source, known.read_at) == ("diary_read", NOW - timedelta(minutes=3))


def test_leave_and_spans_typed_in_chat_count_beside_the_diary(town):
    case = a_case(town)
    read(town, sought(town, case).window)
    away(town, "viv", at("2026-03-02", "09:00"), at("2026-03-06", "17:00"))
    assert offer(town, case).options[0].starts_at == at("2026-03-09", "09:00")


def test_tentative_time_may_be_had_as_a_second_choice(town):
    case = a_case(town)
    perhaps = Diary(tentative=(Span(at("2026-03-02", "09:00"), at("2026-03-02", "17:00")),))
    read(town, sought(town, case).window, hal=perhaps)
    times = {each.starts_at: each.tentative for each in offer(town, case).options}
    assert times[at("2026-03-02", "11:00")] == ("Hal Birch",)


@pytest.mark.parametrize(
    "diary", [Unreadable(reason="5009"), None], ids=["the calendar will not say", "nobody has looked"]
)
def test_a_diary_that_should_be_read_and_is_not_is_never_free(town, diary):
    """A rival counts it as free; here no working pattern makes up for it (design rule 7)."""
    case = a_case(town)
    window = sought(town, case).window
    others = [id for id in EVERYBODY if id != "hal"]
    read(town, window, *others, **({"hal": diary} if diary else {}))
    found = offer(town, case)
    assert found.nothing_fits
    assert found.not_known == ("Hal Birch",)
    assert [(each.source, each.people) for each in found.known_from][-1] == ("unread", ("Hal Birch",))


def test_a_reading_of_another_window_says_nothing_of_this_one(town):
    case = a_case(town)
    window = sought(town, case).window
    read(town, Span(window.start, window.end - timedelta(days=1)))
    assert offer(town, case).nothing_fits


def test_a_reading_of_yesterday_is_gone_by_no_more(town):
    case = a_case(town)
    read(town, sought(town, case).window, read_at=NOW - timedelta(hours=24, minutes=1))
    assert offer(town, case).nothing_fits


def test_with_a_diary_and_no_working_pattern_the_areas_office_hours_hold(town):
    with town() as work:
        work.register.row("hal").pattern = {}
    case = a_case(town)
    read(town, sought(town, case).window)
    assert offer(town, case).options[0].starts_at == at("2026-03-02", "11:00")


def test_only_what_was_not_read_just_now_is_read_again(town):
    case = a_case(town)
    need = sought(town, case)
    read(town, need.window, "ana", "pia")
    read(town, need.window, "nur", read_at=NOW - timedelta(minutes=6))
    with town() as work:
        due = to_read(work, WITH_DIARIES, need, NOW, timedelta(minutes=5))
    assert {each.whose for each in due} == set(EVERYBODY) - {"ana", "pia"}
    assert {(each.calendars, each.address.partition("@")[2]) for each in due} == {("graph", "example.test")}


def test_a_slow_answer_does_not_overwrite_a_newer_one(town):
    window = sought(town, a_case(town)).window
    read(town, window, "hal", read_at=NOW)
    read(town, window, "hal", read_at=NOW - timedelta(minutes=1), hal=Unreadable(reason="5009"))
    with town() as work:
        assert isinstance(work.diaries.readings(["hal"])["hal"].diary, Diary)


def test_what_was_read_is_forgotten_after_a_day(town):
    """calendar.md section 7: busy times of people are kept for 24 hours."""
    window = sought(town, a_case(town)).window
    read(town, window, "hal", read_at=NOW - timedelta(hours=25))
    read(town, window, "ana", read_at=NOW - timedelta(hours=23))
    assert forget_readings(town, NOW) == 1
    assert forget_readings(town, NOW) == 0
    with town() as work:
        assert set(work.diaries.readings(EVERYBODY)) == {"ana"}


def test_a_time_is_booked_when_the_diaries_were_looked_into_just_before(town):
    case = a_case(town)
    read(town, sought(town, case).window)
    found = offer(town, case)
    told = book(town, WITH_DIARIES, found.options[0].id, by=person(town, "cora"), now=NOW)
    assert told.starts_at == at("2026-03-02", "11:00")


def test_what_is_looked_at_again_is_the_day_of_the_time_chosen(town):
    case = a_case(town)
    read(town, sought(town, case).window)
    found = offer(town, case)
    with town() as work:
        again = whose_to_look_at_again(work, WITH_DIARIES, found.options[0].id)
    assert set(again.people) == set(EVERYBODY)
    assert again.window == Span(at("2026-03-02", "00:00"), at("2026-03-03", "00:00"))


def test_nothing_is_booked_by_an_old_reading_unless_somebody_says_so(town):
    """Five minutes later the diaries cannot be reached: the person is told whose, and may decide to book."""
    case = a_case(town)
    read(town, sought(town, case).window)
    found, later = offer(town, case), NOW + timedelta(minutes=6)
    with pytest.raises(NotLooked, match=r"The diaries of .*Hal Birch.* so nothing was booked"):
        book(town, WITH_DIARIES, found.options[1].id, by=person(town, "cora"), now=later)
    told = book(town, WITH_DIARIES, found.options[1].id, looked=False, by=person(town, "cora"), now=later)
    assert told.starts_at == found.options[1].starts_at


def test_who_was_asked_elsewhere_in_the_meantime_is_not_booked_over(town):
    case = a_case(town)
    window = sought(town, case).window
    read(town, window)
    found, later = offer(town, case), NOW + timedelta(minutes=2)
    day = Span(at("2026-03-02", "00:00"), at("2026-03-03", "00:00"))
    taken = Diary(busy=(Span(at("2026-03-02", "11:00"), at("2026-03-02", "12:00")),))
    read(town, day, read_at=later, hal=taken)
    with pytest.raises(TooLate, match="Aldermere Homes can no longer come then"):
        book(town, WITH_DIARIES, found.options[0].id, by=person(town, "cora"), now=later)


def test_a_diary_that_closed_in_the_meantime_is_told_apart_from_a_clash(town):
    case = a_case(town)
    read(town, sought(town, case).window)
    found, later = offer(town, case), NOW + timedelta(minutes=2)
    day = Span(at("2026-03-02", "00:00"), at("2026-03-03", "00:00"))
    read(town, day, read_at=later, hal=Unreadable(reason="5009"))
    with pytest.raises(TooLate, match="the diary for Aldermere Homes can no longer be read"):
        book(town, WITH_DIARIES, found.options[0].id, by=person(town, "cora"), now=later)


def test_a_search_past_new_year_reads_the_whole_window_and_offers_no_bank_holiday(town):
    """A rival offered New Year's Day to who asked on 20 December for twenty days on."""
    december = at("2026-12-20", "10:00")
    case = a_case(town, received=december)
    ahead = {"first": on("2026-12-21"), "last": on("2027-01-09")}
    need = whose_diaries(
        town, WITH_DIARIES, wanted(case, **ahead), source="x", by=person(town, "cora"), now=december
    )
    read(town, need.window, read_at=december)
    found = find_times(
        town, WITH_DIARIES, wanted(case, **ahead), source="x", by=person(town, "cora"), now=december
    )
    days = {each.starts_at.date() for each in found.options}
    assert not days & {on("2026-12-25"), on("2026-12-28"), on("2027-01-01")}
    assert all(each.weekday() < 5 for each in days)


def test_a_meeting_does_not_stand_in_its_own_way_in_the_diaries_of_those_who_accepted(town):
    """Half an hour later is what a move mostly is. Whoever has not accepted is taken then, as their diary says."""
    case = a_case(town)
    window = sought(town, case).window
    read(town, window)
    found = offer(town, case)
    meeting = book(town, WITH_DIARIES, found.options[0].id, by=person(town, "cora"), now=NOW).meeting_id
    ours = Span(at("2026-03-02", "11:00"), at("2026-03-02", "13:00"))
    read(town, window, hal=Diary(busy=(ours, Span(at("2026-03-02", "15:00"), at("2026-03-02", "16:00")))))

    def times() -> list[str]:
        asked = wanted("", meeting_id=meeting, first=on("2026-03-02"), last=on("2026-03-02"))
        offered = find_times(
            town, WITH_DIARIES, asked, source="move", by=person(town, "cora"), now=NOW + timedelta(minutes=30)
        )
        return [] if offered.nothing_fits else [f"{each.starts_at:%H:%M}" for each in offered.options]

    assert times() == ["13:00"]
    with town() as work:
        row = work.meetings.invitation(meeting, "hal")
        assert row is not None
        row.answer = "accepted"
    assert times() == ["11:30", "12:00"]
