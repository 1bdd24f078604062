"""Working days against tables of dates with the weekday spelt out (model.md sections 8 and 9)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.workdays import (
    ANNOUNCED_UNTIL,
    ClockRule,
    Length,
    Nation,
    WorkingDays,
    bank_holidays,
    horizon,
)

unhurried = settings(deadline=None)  # a busy machine is no failure

LONDON = ZoneInfo("Europe/London")
ENGLAND, SCOTLAND, IRELAND, ANY = (
    WorkingDays(nation)
    for nation in (Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND, Nation.ANY_UK)
)
AS_IS, NEXT = ClockRule(), ClockRule(non_working_receipt="next_wd")


def a_date(text):
    """`Wed 24 Dec 2025`, refused when the weekday does not belong to the date."""
    day = datetime.strptime(text, "%a %d %b %Y").replace(tzinfo=UTC).date()
    assert day.strftime("%a") == text[:3], text
    return day


def at_ten(day):
    return datetime.combine(day, time(10), LONDON)


# model.md section 9.1: receipt, then due dates of 3 WD / 14 WD
RECEIPTS = """
Wed 24 Dec 2025 | 31 Dec / 16 Jan | 31 Dec / 19 Jan | 31 Dec / 16 Jan | 31 Dec / 19 Jan | 31 Dec / 16 Jan
Sat 14 Mar 2026 | 18 Mar / 2 Apr | 18 Mar / 2 Apr | 19 Mar / 7 Apr | 19 Mar / 7 Apr | 19 Mar / 7 Apr
Mon 16 Mar 2026 | 19 Mar / 7 Apr | 19 Mar / 6 Apr | 20 Mar / 8 Apr | 20 Mar / 8 Apr | 19 Mar / 7 Apr
Thu 2 Apr 2026 | 9 Apr / 24 Apr | 8 Apr / 23 Apr | 9 Apr / 24 Apr | 9 Apr / 24 Apr | 9 Apr / 24 Apr
Thu 11 Jun 2026 | 16 Jun / 1 Jul | 17 Jun / 2 Jul | 16 Jun / 1 Jul | 17 Jun / 2 Jul | 16 Jun / 1 Jul
Thu 9 Jul 2026 | 14 Jul / 29 Jul | 14 Jul / 29 Jul | 15 Jul / 30 Jul | 15 Jul / 30 Jul | 14 Jul / 29 Jul
Fri 20 Nov 2026 | 25 Nov / 10 Dec | 25 Nov / 11 Dec | 25 Nov / 10 Dec | 25 Nov / 11 Dec | 25 Nov / 10 Dec
Thu 17 Dec 2026 | 22 Dec / 11 Jan | 22 Dec / 12 Jan | 22 Dec / 11 Jan | 22 Dec / 12 Jan | 22 Dec / 11 Jan
Fri 25 Dec 2026 | 31 Dec / 18 Jan | 31 Dec / 19 Jan | 31 Dec / 18 Jan | 31 Dec / 19 Jan | 4 Jan / 19 Jan
""".strip().splitlines()
COLUMNS = [(ENGLAND, AS_IS), (SCOTLAND, AS_IS), (IRELAND, AS_IS), (ANY, AS_IS), (ENGLAND, NEXT)]


@pytest.mark.parametrize("row", RECEIPTS)
def test_three_and_fourteen_working_days_after_receipt(row):
    """T06, T07 (S4-02, S4-03)."""
    received, *cells = (cell.strip() for cell in row.split("|"))
    day = a_date(received)
    for (days, rule), cell in zip(COLUMNS, cells, strict=True):
        told = [days.deadline(at_ten(day), n, rule).day for n in (3, 14)]
        assert [f"{due.day} {due:%b}" for due in told] == cell.split(" / "), days.nation


@pytest.mark.parametrize(
    ("start", "england", "scotland", "ireland"),
    [
        ("2026-11-23", "2026-12-11", "2026-12-14", "2026-12-11"),
        ("2026-12-11", "2027-01-05", "2027-01-06", "2027-01-05"),
        ("2026-12-18", "2027-01-12", "2027-01-13", "2027-01-12"),
        ("2026-12-24", "2027-01-18", "2027-01-19", "2027-01-18"),
        ("2027-03-12", "2027-04-05", "2027-04-02", "2027-04-06"),
        ("2027-03-25", "2027-04-16", "2027-04-15", "2027-04-16"),
        ("2026-07-01", "2026-07-21", "2026-07-21", "2026-07-22"),
    ],
)
def test_fourteen_working_days_from_golden_dates(start, england, scotland, ireland):
    found = [str(days.shift(date.fromisoformat(start), 14)) for days in (ENGLAND, SCOTLAND, IRELAND)]
    assert found == [england, scotland, ireland]


def test_three_clear_days_before_a_friday_hearing_are_monday_at_the_latest():
    """CPR 2.8's own example; both ends excluded."""
    assert ENGLAND.clear_days_before(a_date("Fri 20 Oct 2023"), 3) == a_date("Mon 16 Oct 2023")


def test_the_ladder_steps_over_easter():
    due = a_date("Thu 2 Apr 2026")
    told = [ENGLAND.shift(due, n) for n in (-1, 1, 3, 5)]
    assert told == [
        a_date(d) for d in ("Wed 1 Apr 2026", "Tue 7 Apr 2026", "Thu 9 Apr 2026", "Mon 13 Apr 2026")
    ]


def test_fourteen_working_days_last_between_18_and_25_calendar_days_in_2026():
    starts = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    lasted = [(ENGLAND.shift(day, 14) - day).days for day in starts]
    assert (min(lasted), max(lasted)) == (18, 25)


@pytest.mark.parametrize("nation", ["", "uk", "GB", "england", None])
def test_a_missing_or_unknown_nation_is_refused(nation):
    """Without a subdivision Easter Monday would silently be a working day (model.md section 8, rule 9)."""
    with pytest.raises(ValueError, match="england-and-wales"):
        WorkingDays(nation)


SINCE_PUBLISHED = {
    (Nation.SCOTLAND, 2026): {
        date(2026, 6, 15)
    },  # for the World Cup; newer than the list that is compared with
}


def published(nation: Nation) -> set[date]:
    """GOV.UK's own list, as `govuk-bank-holidays` ships it: for this division, 2012 to 2028."""
    return {day["date"] for day in BankHolidays(use_cached_holidays=True).get_holidays(division=str(nation))}


@pytest.mark.parametrize("year", range(2012, 2029))
@pytest.mark.parametrize("nation", [n for n in Nation if n is not Nation.ANY_UK])
def test_the_working_days_of_a_year_are_those_that_gov_uk_published(nation: Nation, year: int):
    """Day by day: a holiday that we do not know fails as well as one that we made up; weekends make no difference."""
    official = {day for day in published(nation) if day.year == year}
    assert len(official) >= 8
    assert official <= bank_holidays(nation, year)
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range(366) if (first + timedelta(days=n)).year == year]
    ours = {day for day in days if WorkingDays(nation).is_working(day)}
    theirs = {day for day in days if day.weekday() < 5 and day not in official}
    assert theirs - ours == SINCE_PUBLISHED.get((nation, year), set())
    assert ours <= theirs


def test_the_horizon_is_what_gov_uk_published():
    assert max(published(Nation.ENGLAND_AND_WALES)) == ANNOUNCED_UNTIL
    assert horizon(date(2026, 4, 1)) is None
    assert horizon(date(2028, 9, 1)) == ANNOUNCED_UNTIL


def test_closure_days_of_an_area_do_not_count():
    shut = WorkingDays(Nation.ENGLAND_AND_WALES, {date(2026, 12, d) for d in (29, 30, 31)})
    assert shut.shift(a_date("Thu 24 Dec 2026"), 1) == a_date("Mon 4 Jan 2027")
    assert not shut.is_working(a_date("Tue 29 Dec 2026"))


def test_a_deadline_is_five_oclock_in_london_and_stored_in_utc():
    winter = ENGLAND.deadline(at_ten(a_date("Mon 12 Jan 2026")), 3)
    summer = ENGLAND.deadline(at_ten(a_date("Mon 6 Jul 2026")), 3)
    assert winter.at == datetime(2026, 1, 15, 17, tzinfo=UTC)
    assert summer.at == datetime(2026, 7, 9, 16, tzinfo=UTC)
    assert summer.at.tzinfo is UTC


def test_the_day_of_receipt_is_the_london_date_and_not_the_utc_date():
    half_past_midnight = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)  # Tue 7 July in London
    assert ENGLAND.deadline(half_past_midnight, 1).day == a_date("Wed 8 Jul 2026")


@pytest.mark.parametrize(
    ("received", "rule", "due"),
    [
        ("Mon 12 Jan 2026 16:59", ClockRule(cutoff=time(17)), "Tue 13 Jan 2026"),
        ("Mon 12 Jan 2026 17:01", ClockRule(cutoff=time(17)), "Wed 14 Jan 2026"),
        ("Fri 16 Jan 2026 18:00", ClockRule(cutoff=time(17)), "Tue 20 Jan 2026"),
        ("Sat 17 Jan 2026 18:00", ClockRule(cutoff=time(17)), "Mon 19 Jan 2026"),
        (
            "Sat 17 Jan 2026 18:00",
            ClockRule(cutoff=time(17), non_working_receipt="next_wd"),
            "Tue 20 Jan 2026",
        ),
        ("Mon 12 Jan 2026 22:00", ClockRule(), "Tue 13 Jan 2026"),
    ],
)
def test_one_working_day_with_a_cut_off(received, rule, due):
    moment = datetime.strptime(received, "%a %d %b %Y %H:%M").replace(tzinfo=LONDON)
    assert ENGLAND.deadline(moment, 1, rule).day == a_date(due)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        ENGLAND.deadline(datetime(2026, 1, 12, 10), 3)  # noqa: DTZ001


def test_forty_eight_hours_run_over_the_weekend_and_the_clock_change():
    """T04: clock hours, not working ones (S5-36)."""
    started = datetime(2026, 3, 27, 16, tzinfo=LONDON)
    ends = Length(48, "hours").after(started, ENGLAND).astimezone(LONDON)
    assert f"{ends:%a %d %b %H:%M %Z}" == "Sun 29 Mar 17:00 BST"
    assert Length(48, "hours").deadline(started, ENGLAND).day == date(2026, 3, 29)


def test_hours_after_a_bare_date_are_refused():
    with pytest.raises(ValueError, match="time of day"):
        Length(48, "hours").after(date(2026, 3, 27), ENGLAND)


@pytest.mark.parametrize(
    ("length", "start", "end"),
    [
        (Length(12, "months"), "2027-05-06", "2028-05-06"),
        (Length(12, "months"), "2028-02-29", "2029-02-28"),
        (Length(1, "months"), "2027-01-31", "2027-02-28"),
        (Length(90, "days"), "2026-01-01", "2026-04-01"),
        (Length(3, "wd"), "2026-04-02", "2026-04-09"),
        (Length(0, "same_day"), "2026-04-03", "2026-04-03"),
    ],
)
def test_lengths_count_in_the_unit_they_name(length, start, end):
    assert length.after(date.fromisoformat(start), ENGLAND) == date.fromisoformat(end)


def test_a_length_after_an_instant_keeps_the_wall_clock():
    started = datetime(2026, 3, 27, 9, 30, tzinfo=LONDON)
    assert Length(3, "days").after(started, ENGLAND) == datetime(2026, 3, 30, 8, 30, tzinfo=UTC)


def test_a_same_day_task_received_after_hours_is_due_by_midnight():
    received = datetime(2026, 1, 12, 19, tzinfo=LONDON)
    due = Length(0, "same_day").deadline(received, ENGLAND)
    assert due.day == date(2026, 1, 12)
    assert due.at == datetime(2026, 1, 12, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(("n", "unit"), [(-1, "wd"), (1, "weeks"), (1, "")])
def test_a_negative_length_or_an_unknown_unit_is_refused(n, unit):
    with pytest.raises(ValueError, match=r"negative|Unit"):
        Length(n, unit)


dates = st.dates(date(1995, 1, 1), date(2045, 1, 1))
calendars = st.builds(WorkingDays, st.sampled_from(Nation), st.frozensets(dates, max_size=5))


@unhurried
@given(calendars, dates, st.integers(-600, 600))
def test_counting_undoes_shifting(days, day, n):
    start = days.next(day)
    assert days.count(start, days.shift(start, n)) == n


@unhurried
@given(calendars, dates, dates)
def test_shifting_undoes_counting_towards_a_working_day(days, a, b):
    b = days.next(b)
    assert days.shift(a, days.count(a, b)) == b


@unhurried
@given(calendars, dates, st.integers(1, 300))
def test_shift_lands_on_the_nth_working_day_found_by_walking(days, day, n):
    step, walked, left = timedelta(days=1), day, n
    while left:
        walked += step
        left -= days.is_working(walked)
    assert days.shift(day, n) == walked


@unhurried
@given(calendars, dates, dates, st.integers(-50, 50))
def test_a_later_start_never_gives_an_earlier_end(days, a, b, n):
    a, b = sorted((a, b))
    assert days.shift(a, n) <= days.shift(b, n)
    assert days.count(a, b) == -days.count(b, a) or not (days.is_working(a) and days.is_working(b))


@unhurried
@given(st.sampled_from(["as_is", "next_wd"]), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_a_later_receipt_is_never_due_earlier(receipt_rule, moment):
    rule = ClockRule(non_working_receipt=receipt_rule)
    earlier = moment.replace(tzinfo=UTC)
    first, second = (ENGLAND.deadline(m, 14, rule) for m in (earlier, earlier + timedelta(hours=13)))
    assert first.day <= second.day
