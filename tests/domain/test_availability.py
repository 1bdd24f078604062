"""When a person could meet, and what they type to say when they cannot."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.availability import Span, leave_span, parse_cannot, parse_pattern, times, working_spans
from bot.domain.errors import Invalid
from bot.domain.spans import merged, whole_days, within, without
from bot.domain.workdays import Nation

unhurried = settings(deadline=None)  # a busy machine is no failure

LONDON = ZoneInfo("Europe/London")
WEDNESDAY = date(2026, 2, 25)
OFFICE = parse_pattern("mon-fri 09:00-17:00")


def london(day, hour, minute=0):
    return datetime.combine(date.fromisoformat(day), time(hour, minute), LONDON)


def window(first, last):
    return whole_days(date.fromisoformat(first), date.fromisoformat(last), LONDON)


def said(spans):
    return [
        f"{s.start.astimezone(LONDON):%a %-d %b %H:%M} to {s.end.astimezone(LONDON):%a %-d %b %H:%M}"
        for s in spans
    ]


def test_nine_oclock_is_nine_oclock_on_both_sides_of_a_clock_change():
    """The Friday before and the Monday after the spring change of 2026."""
    friday, monday = working_spans(OFFICE, window("2026-03-27", "2026-03-30"))
    assert friday.start == datetime(2026, 3, 27, 9, tzinfo=UTC)
    assert monday.start == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_a_night_shift_over_the_spring_change_is_an_hour_shorter():
    nights = parse_pattern("sun 00:00-06:00")
    (span,) = working_spans(nights, window("2026-03-29", "2026-03-29"))
    assert span.end.astimezone(UTC) - span.start.astimezone(UTC) == timedelta(hours=5)


def test_a_shift_within_the_hour_that_spring_skips_does_not_exist():
    assert working_spans(parse_pattern("sun 01:15-01:45"), window("2026-03-29", "2026-03-29")) == (
        Span(datetime(2026, 3, 29, 1, 15, tzinfo=UTC), datetime(2026, 3, 29, 1, 45, tzinfo=UTC)),
    )
    assert working_spans(parse_pattern("sun 01:30-02:00"), window("2026-03-29", "2026-03-29")) == ()


@pytest.mark.parametrize(
    ("nation", "days"),
    [
        (Nation.ENGLAND_AND_WALES, [1, 2, 7]),  # Good Friday and Easter Monday
        (Nation.SCOTLAND, [1, 2, 6, 7]),
        (Nation.NORTHERN_IRELAND, [1, 2, 7]),
    ],
)
def test_bank_holidays_are_those_of_the_persons_own_nation(nation, days):
    """model.md section 8, rule 6: an attendee's nation sets their hours, not the deadline."""
    pattern = parse_pattern("mon-fri 09:00-17:00", nation=nation)
    assert [s.start.day for s in working_spans(pattern, window("2026-04-01", "2026-04-07"))] == days


def test_hours_are_read_in_the_persons_own_zone():
    pattern = parse_pattern("mon-fri 09:00-17:00", zone="Europe/Madrid")
    (span,) = working_spans(pattern, window("2026-07-06", "2026-07-06"))
    assert span.start == datetime(2026, 7, 6, 7, tzinfo=UTC)


def test_who_works_weekends_is_off_only_when_the_office_is_shut():
    pattern = parse_pattern("sat-sun 10:00-14:00")
    found = working_spans(pattern, window("2026-12-19", "2026-12-27"), closures=[date(2026, 12, 20)])
    assert [s.start.day for s in found] == [19, 27]  # the 20th is closed; the 26th is Boxing Day


def test_free_time_is_working_time_less_leave_and_busy_and_keeps_the_tentative():
    day = window("2026-03-03", "2026-03-04")
    found = times(
        OFFICE,
        day,
        busy=[Span(london("2026-03-03", 10), london("2026-03-03", 11))],
        tentative=[Span(london("2026-03-03", 15), london("2026-03-03", 16))],
        leave=[leave_span(date(2026, 3, 4), date(2026, 3, 8), OFFICE)],
    )
    assert said(found.free) == ["Tue 3 Mar 09:00 to Tue 3 Mar 10:00", "Tue 3 Mar 11:00 to Tue 3 Mar 17:00"]
    assert said(found.tentative) == ["Tue 3 Mar 15:00 to Tue 3 Mar 16:00"]
    assert said(found.leave) == ["Wed 4 Mar 00:00 to Thu 5 Mar 00:00"]


def test_a_part_time_week_is_read_from_the_register():
    pattern = parse_pattern("Mon-Wed 09:30-14:30; fri 08:00-12:00")
    assert [(h.weekday, f"{h.start:%H:%M}") for h in pattern.hours] == [
        (0, "09:30"),
        (1, "09:30"),
        (2, "09:30"),
        (4, "08:00"),
    ]


@pytest.mark.parametrize(
    "text", ["", "always", "mon-fri 9-5", "fri-mon 09:00-17:00", "mon 17:00-09:00", "mon-xyz 09:00-17:00"]
)
def test_a_pattern_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match=r"pattern|backwards|end after"):
        parse_pattern(text)


def test_an_unknown_zone_is_refused():
    with pytest.raises(ValueError, match="Europe/London"):
        parse_pattern("mon 09:00-17:00", zone="GMT Standard Time")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Tue 3 March 10:00-12:00", ["Tue 3 Mar 10:00 to Tue 3 Mar 12:00"]),
        ("tuesday 3rd march 10.00 – 12.00", ["Tue 3 Mar 10:00 to Tue 3 Mar 12:00"]),
        ("3 March 2pm-4pm", ["Tue 3 Mar 14:00 to Tue 3 Mar 16:00"]),
        ("tomorrow afternoon", ["Thu 26 Feb 12:00 to Thu 26 Feb 18:00"]),
        ("Thursday", ["Thu 26 Feb 00:00 to Fri 27 Feb 00:00"]),
        ("3-7 March", ["Tue 3 Mar 00:00 to Sun 8 Mar 00:00"]),
        ("30 March - 3 April", ["Mon 30 Mar 00:00 to Sat 4 Apr 00:00"]),
        ("2026-03-03 to 2026-03-04", ["Tue 3 Mar 00:00 to Thu 5 Mar 00:00"]),
        ("Mon 2 to Fri 6 March", ["Mon 2 Mar 00:00 to Sat 7 Mar 00:00"]),
        ("Monday to Wednesday", ["Mon 2 Mar 00:00 to Thu 5 Mar 00:00"]),
        ("5-6 March mornings", ["Thu 5 Mar 00:00 to Thu 5 Mar 12:00", "Fri 6 Mar 00:00 to Fri 6 Mar 12:00"]),
        ("next Monday morning", ["Mon 2 Mar 00:00 to Mon 2 Mar 12:00"]),
        ("next week", ["Mon 2 Mar 00:00 to Mon 9 Mar 00:00"]),
        ("today after 14:00", ["Wed 25 Feb 14:00 to Thu 26 Feb 00:00"]),
        ("I can't do Friday before 11am", ["Fri 27 Feb 00:00 to Fri 27 Feb 11:00"]),
        (
            "Tuesday, 3 March and Fri 6 March 09:00 to 10:30",
            ["Tue 3 Mar 00:00 to Wed 4 Mar 00:00", "Fri 6 Mar 09:00 to Fri 6 Mar 10:30"],
        ),
        ("6 January", ["Wed 6 Jan 00:00 to Thu 7 Jan 00:00"]),
    ],
)
def test_what_people_type_when_they_cannot_meet(text, meant):
    today = date(2026, 11, 25) if "January" in text else WEDNESDAY
    assert said(parse_cannot(text, today)) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Say when"),
        ("soon", "not a time I can read"),
        ("Thursday or so", "not a time I can read"),
        ("morning", "Say which day"),
        ("10:00-12:00", "Say which day"),
        ("Wednesday", "Today is Wednesday"),
        ("next Friday", "could be Friday 27 February 2026 or Friday 6 March 2026"),
        ("this Tuesday", "has passed"),
        ("Tue 4 March", "4 March 2026 is a Wednesday"),
        ("3 March 2-4", "write times as 14:00-16:00"),
        ("Thursday 10-12", "write times as 14:00-16:00"),
        ("3/4", "month as a word"),
        ("5", "names no month"),
        ("20 February", "has passed"),
        ("28 Feb 2025", "has passed"),
        ("25 December", "far off"),
        ("31 December 9999", "too far off"),
        ("29 February", "in the calendar"),
        ("3 March 25:00-26:00", "not a time of day"),
        ("3 March 13pm-14pm", "not a time of day"),
        ("3 March 12:00-10:00", "ends before"),
        ("7-3 March", "ends before"),
        ("1 March - 30 June", "longer than"),
        ("Thu to Fri afternoon", "two readings"),
        ("3-7 March 10:00-12:00", "two readings"),
    ],
)
def test_what_could_be_misread_is_refused_with_an_example(text, why):
    """A wrongly read absence books a meeting that somebody cannot attend: never guess."""
    with pytest.raises(Invalid) as refused:
        parse_cannot(text, WEDNESDAY)
    assert why in refused.value.problems["cannot"]
    assert "Tue 3 March 10:00-12:00" in refused.value.problems["cannot"]


@unhurried
@given(st.text(max_size=40))
def test_any_text_is_either_read_or_refused(text):
    try:
        spans = parse_cannot(text, WEDNESDAY)
    except Invalid:
        return
    assert spans
    assert all(span.end > london("2026-02-25", 0) for span in spans)


def test_an_absence_over_the_clock_change_keeps_the_wall_clock():
    (span,) = parse_cannot("28-29 March", date(2026, 3, 20))
    assert span.end - span.start == timedelta(hours=47)


MINUTES = st.integers(0, 60)


@st.composite
def some_spans(draw):
    start = datetime(2026, 3, 3, tzinfo=UTC)
    pairs = draw(st.lists(st.tuples(MINUTES, st.integers(1, 20)), max_size=6))
    return [Span(start + timedelta(minutes=a), start + timedelta(minutes=a + n)) for a, n in pairs]


def minutes(spans):
    start = datetime(2026, 3, 3, tzinfo=UTC)
    return {
        m
        for s in spans
        for m in range(int((s.start - start).seconds / 60), int((s.end - start).total_seconds() / 60))
    }


@unhurried
@given(some_spans(), some_spans())
def test_span_arithmetic_agrees_with_sets_of_minutes(a, b):
    assert minutes(merged(a)) == minutes(a)
    assert minutes(without(a, b)) == minutes(a) - minutes(b)
    for cut in b:
        assert minutes(within(a, cut)) == minutes(a) & minutes([cut])


def test_a_span_that_is_empty_or_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="end after"):
        Span(london("2026-03-03", 10), london("2026-03-03", 10))
    with pytest.raises(ValueError, match="zone"):
        Span(datetime(2026, 3, 3), datetime(2026, 3, 4))  # noqa: DTZ001
