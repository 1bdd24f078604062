"""The pure rules of a meeting: quorum, agenda, a standing panel's dates, risk at a review, what a case still lacks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.domain.agenda import Listed, minutes_over, moved, timetable
from bot.domain.hearing import NO_ACTION, Lack, Record, lacking
from bot.domain.pathway import AgendaPart, Prompt, Quorum, Recurrence, ReviewRule, Stage
from bot.domain.people import Agency
from bot.domain.quorum import Outlook, outlook, standing
from bot.domain.recurrence import (
    Occurrence,
    a_year_of,
    agenda_out_on,
    called_from,
    dates,
    list_closes_on,
    next_panel,
    occurrences,
    period,
)
from bot.domain.risk import still_at_risk, trend
from bot.domain.workdays import Length, WorkingDays

LONDON = ZoneInfo("Europe/London")
ENGLAND = WorkingDays("england-and-wales")
RULE = Quorum(required=("police",), min_agencies=3, on_fail="chair_override_with_reason")


def agency(type: str, id: str = "") -> Agency:
    return Agency(id=id or type, area="aldermere", slug=type, name=type, type=type)


POLICE, HEALTH, HOUSING, FIRE = (agency(type) for type in ("police", "health", "housing", "fire"))


def test_an_agency_counts_once_however_many_of_its_people_come():
    assert standing(RULE, [POLICE, POLICE, POLICE]).counted == 1


@pytest.mark.parametrize(
    ("agencies", "quorate", "missing"),
    [
        ([POLICE, HEALTH, HOUSING], True, ()),
        ([POLICE, HEALTH], False, ()),
        ([HEALTH, HOUSING, FIRE], False, ("police",)),
        ([], False, ("police",)),
    ],
)
def test_a_quorum_needs_its_types_and_its_number(agencies, quorate, missing):
    seen = standing(RULE, agencies)
    assert (seen.quorate, seen.lacking) == (quorate, missing)


def test_a_meeting_is_at_risk_once_even_the_silent_could_not_save_it():
    assert outlook(RULE, [POLICE, HEALTH, HOUSING], []) is Outlook.QUORATE
    assert outlook(RULE, [HEALTH], [POLICE, HOUSING]) is Outlook.WAITING
    assert outlook(RULE, [HEALTH, HOUSING, FIRE], []) is Outlook.AT_RISK


PARTS = (
    AgendaPart(id="welcome", title="Welcome", minutes=5),
    AgendaPart(id="views", title="Views", minutes=3, per_case=True),
    AgendaPart(id="plan", title="Plan", minutes=7, per_case=True),
    AgendaPart(id="close", title="Close", minutes=5),
)
TEN = datetime(2026, 3, 10, 10, tzinfo=UTC)


def test_cases_stand_where_the_parts_for_a_case_stand_each_at_its_time():
    lines = timetable(PARTS, [Listed(id="a", minutes=20), Listed(id="b", minutes=15)], TEN)
    assert [(line.starts, line.title or line.listed) for line in lines] == [
        (TEN, "Welcome"),
        (TEN + timedelta(minutes=5), "a"),
        (TEN + timedelta(minutes=25), "b"),
        (TEN + timedelta(minutes=40), "Close"),
    ]
    assert minutes_over([line.minutes for line in lines], 60) == 0
    assert minutes_over([line.minutes for line in lines], 30) == 15


@pytest.mark.parametrize(("step", "order"), [(-1, "bac"), (+1, "acb"), (-9, "bac"), (+9, "acb")])
def test_an_item_moves_but_not_past_either_end(step, order):
    assert "".join(moved("abc", "b", step)) == order


SECOND_TUESDAY = Recurrence(every="month", weekday="tuesday", at=time(10), nth=2)
FIRST_MONDAY = Recurrence(every="month", weekday="monday", at=time(10), nth=1)


def test_a_monthly_panel_meets_on_its_weekday_of_each_month():
    assert list(islice(dates(SECOND_TUESDAY, date(2026, 3, 2), ENGLAND), 3)) == [
        date(2026, 3, 10),
        date(2026, 4, 14),
        date(2026, 5, 12),
    ]


def test_a_panel_on_a_bank_holiday_moves_to_the_next_working_day():
    """Monday 4 May 2026 is the early May bank holiday; the day after Easter Monday works too."""
    assert next(dates(FIRST_MONDAY, date(2026, 5, 1), ENGLAND)) == date(2026, 5, 5)
    assert next(dates(FIRST_MONDAY, date(2026, 5, 5), ENGLAND)) == date(2026, 5, 5)
    assert next(dates(FIRST_MONDAY, date(2026, 4, 1), ENGLAND)) == date(2026, 4, 7)


def test_a_pathway_may_leave_a_bank_holiday_out_instead():
    skips = replace(FIRST_MONDAY, on_holiday="skip")
    assert next(dates(skips, date(2026, 5, 1), ENGLAND)) == date(2026, 6, 1)


def test_each_date_remembers_the_day_that_the_rule_names():
    assert next(occurrences(FIRST_MONDAY, date(2026, 5, 1), ENGLAND)) == Occurrence(
        named=date(2026, 5, 4), held=date(2026, 5, 5)
    )


def test_a_year_of_a_monthly_panel_is_twelve_or_thirteen_dates_with_one_in_each_month():
    """By the day that the rule names: one that a holiday moves into the next month is still its own month's."""
    found = a_year_of(SECOND_TUESDAY, date(2026, 3, 2), ENGLAND)
    assert len(found) == 12
    assert found[-1].named == date(2027, 2, 9)
    assert len({period(SECOND_TUESDAY, each.named) for each in found}) == 12
    assert len(a_year_of(SECOND_TUESDAY, date(2026, 3, 10), ENGLAND)) == 13


@pytest.mark.parametrize(("every", "apart"), [("week", 7), ("fortnight", 14)])
def test_every_week_or_fortnight_is_a_period_of_its_own_over_the_new_year(every, apart):
    rule = Recurrence(every=every, weekday="wednesday", at=time(10))
    year = a_year_of(rule, date(2026, 12, 1), ENGLAND)
    numbers = [period(rule, each.named) for each in year]
    assert [b - a for a, b in pairwise(numbers)] == [1] * (len(year) - 1)
    assert {(b.named - a.named).days for a, b in pairwise(year)} == {apart}


def test_lead_times_are_working_days_before_the_day_it_is_held():
    """Tuesday 14 April 2026 is eight calendar days after Easter Monday, and six working days after Thursday the 2nd."""
    stage = Stage(
        id="panel", title="Panel", kind="panel", owner="coordinator", due=None, length=60,
        list_closes_wd=6, agenda_out_wd=5, recurs=SECOND_TUESDAY,
    )  # fmt: skip
    held = date(2026, 4, 14)
    assert list_closes_on(stage, held, ENGLAND) == date(2026, 4, 2)
    assert agenda_out_on(stage, held, ENGLAND) == date(2026, 4, 7)
    assert called_from(SECOND_TUESDAY, held, ENGLAND) == date(2026, 3, 13)
    bare = replace(stage, list_closes_wd=None, agenda_out_wd=None)
    assert list_closes_on(bare, held, ENGLAND) is None
    assert agenda_out_on(bare, held, ENGLAND) is None


def test_a_fortnight_does_not_shift_with_the_new_year():
    rule = Recurrence(every="fortnight", weekday="wednesday", at=time(10))
    found = list(islice(dates(rule, date(2026, 12, 1), ENGLAND), 4))
    assert [(b - a).days for a, b in pairwise(found)] == [14, 14, 14]


def test_a_weekly_panel_over_christmas_never_meets_twice_on_one_day():
    rule = Recurrence(every="week", weekday="friday", at=time(10))
    found = list(islice(dates(rule, date(2026, 12, 18), ENGLAND), 4))
    assert found == [date(2026, 12, 18), date(2026, 12, 29), date(2027, 1, 4), date(2027, 1, 8)]


def test_the_next_panel_leaves_notice_and_keeps_its_hour_over_a_clock_change():
    now = datetime(2026, 3, 9, 12, tzinfo=UTC)
    span = next_panel(SECOND_TUESDAY, now, 180, ENGLAND, LONDON, notice=timedelta(days=1))
    assert span.start == datetime(2026, 4, 14, 9, tzinfo=UTC)  # 10:00 in British Summer Time
    assert span.end - span.start == timedelta(minutes=180)


REDUCED = ReviewRule(when="rating_not_reduced", then="relist", due=Length(20, "wd"))
HIGH = ReviewRule(when="high_and_unmitigated", then="relist", due=Length(20, "wd"))


@pytest.mark.parametrize(
    ("rule", "before", "now", "mitigated", "holds"),
    [
        (REDUCED, "high", "high", True, True),
        (REDUCED, "medium", "high", True, True),
        (REDUCED, "high", "medium", False, False),
        (REDUCED, None, "low", True, True),
        (HIGH, "high", "high", False, True),
        (HIGH, "high", "high", True, False),
        (HIGH, None, "medium", False, False),
        (HIGH, "high", "very_high", False, True),
    ],
)
def test_what_follows_a_review_is_the_pathways_own_rule(rule, before, now, mitigated, holds):
    """S4-11: not reduced; S3-33: still high and unmitigated."""
    assert still_at_risk(rule, before, now, mitigated) is holds


def test_a_trend_is_told_from_two_ratings():
    assert [trend(*pair) for pair in ((None, "low"), ("low", "low"), ("low", "high"), ("high", "low"))] == [
        "first",
        "same",
        "up",
        "down",
    ]


PROMPTS = (Prompt(id="perpetrator", text="?"), Prompt(id="children", text="?"))


def a_record(**but) -> Record:
    values = {
        "voice": True,
        "prompts": frozenset({"perpetrator", "children"}),
        "decisions": (),
        "actions": 1,
        "rating": "high",
    }
    return Record(**{**values, **but})


@pytest.mark.parametrize(
    ("but", "lacks"),
    [
        ({}, ()),
        ({"voice": False}, (Lack.VOICE,)),
        ({"prompts": frozenset({"children"})}, (Lack.PROMPTS,)),
        ({"actions": 0}, (Lack.PLAN,)),
        ({"actions": 0, "decisions": (NO_ACTION,)}, ()),
        ({"rating": None}, (Lack.RATING,)),
    ],
)
def test_a_case_is_heard_only_when_everything_is_on_record(but, lacks):
    """The perpetrator prompt is one of them where the pathway has it (S4-07)."""
    assert lacking("panel", PROMPTS, a_record(**but)) == lacks


def test_a_discussion_asks_for_none_of_it():
    empty = Record(voice=False, prompts=frozenset(), decisions=(), actions=0, rating=None)
    assert lacking("discussion", PROMPTS, empty) == ()
