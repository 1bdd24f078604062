"""Four answers that another calendar bot's slot finder gave when it was run, each wrong; and what is right.

It looks for half an hour between 13:00 and 15:00, some days on. Asked before the clocks change, it placed that window
with the difference from UTC of the day of asking; asked in December, it knew the bank holidays of that year only; a
diary that it could not read counted as an empty one.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.availability import parse_pattern, working_spans
from bot.domain.slots import Attendee, Kind, Need, Question, Source, Why, find, judged
from bot.domain.spans import whole_days
from bot.domain.workdays import Nation, WorkingDays

HALF_AN_HOUR = timedelta(minutes=30)
TWENTY_DAYS = timedelta(days=20)
WINDOW = "mon-fri 13:00-15:00"
TORONTO, LONDON = "America/Toronto", "Europe/London"


def asked_on(
    day: date,
    zone: str = LONDON,
    nation: Nation = Nation.ENGLAND_AND_WALES,
    source: Source = Source.DIARY_READ,
) -> Question:
    """Asked at nine on a day, for half an hour of the twenty days that follow."""
    here = ZoneInfo(zone)
    over = whole_days(day, day + TWENTY_DAYS, here)
    clerk = Attendee(
        id="clerk",
        agency="council",
        source=source,
        working=working_spans(parse_pattern(WINDOW, zone=zone, nation=nation), over),
    )
    return Question(
        window=over,
        length=HALF_AN_HOUR,
        attendees=(clerk,),
        needs=(Need(agency="council", any_of=("clerk",)),),
        days=WorkingDays(nation),
        asked_at=datetime.combine(day, time(9), here),
        wanted=40,
        zone=here,
    )


def hours_offered(question: Question) -> dict[date, set[time]]:
    offered: dict[date, set[time]] = {}
    for option in find(question).options:
        local = option.start.astimezone(question.zone)
        offered.setdefault(local.date(), set()).add(local.time())
    return offered


@pytest.mark.parametrize(
    ("zone", "changed"),
    [(LONDON, date(2026, 10, 25)), (TORONTO, date(2026, 11, 1))],
    ids=["London", "Toronto"],
)
def test_asked_on_20_october_nothing_is_offered_outside_the_hours_after_the_clocks_go_back(
    zone: str, changed: date
):
    """There, 12:00 was offered for a window of 13:00 to 15:00."""
    question = asked_on(date(2026, 10, 20), zone)
    offered = hours_offered(question)
    assert min(offered) < changed < max(offered)
    assert all(time(13) <= hour <= time(14, 30) for hours in offered.values() for hour in hours)
    noon = datetime.combine(max(offered), time(12), question.zone)
    assert not judged(question, noon).fits


@pytest.mark.parametrize(
    ("zone", "asked", "changed"),
    [(TORONTO, date(2026, 3, 2), date(2026, 3, 8)), (LONDON, date(2026, 3, 16), date(2026, 3, 29))],
    ids=["Toronto", "London"],
)
def test_asked_in_march_the_first_hour_of_the_window_is_not_lost_after_the_clocks_go_forward(
    zone: str, asked: date, changed: date
):
    """There, 13:00 was lost; asked on 2 March, before the change of that zone."""
    question = asked_on(asked, zone)
    offered = hours_offered(question)
    later = [day for day in offered if day > changed]
    assert later
    assert all(time(13) in offered[day] for day in later)
    assert all(judged(question, datetime.combine(day, time(13), question.zone)).fits for day in later)


@pytest.mark.parametrize(
    ("nation", "holidays"),
    [
        (Nation.ENGLAND_AND_WALES, {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}),
        (Nation.SCOTLAND, {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 1, 4)}),
        (Nation.NORTHERN_IRELAND, {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}),
    ],
)
def test_asked_on_20_december_for_twenty_days_on_new_years_day_is_not_offered(
    nation: Nation, holidays: set[date]
):
    """There, Friday 1 January 2027 was offered: the holidays of the current year only."""
    question = asked_on(date(2026, 12, 20), nation=nation)
    weekdays = {day for n in range(21) if (day := date(2026, 12, 20) + timedelta(days=n)).weekday() < 5}
    assert hours_offered(question).keys() == weekdays - holidays


def test_a_diary_that_cannot_be_read_is_asked_about_and_not_taken_for_an_empty_one():
    """There, it counted as free all day."""
    found = find(asked_on(date(2026, 3, 2), source=Source.UNKNOWN))
    assert found.nothing_fits
    assert found.not_known == ("clerk",)
    assert found.concession is not None
    assert (found.concession.kind, found.concession.people) == (Kind.ASK, ("clerk",))
    assert [gone.why for gone in found.concession.option.missing] == [Why.DIARY_UNKNOWN]
