"""What the area says of time between meetings, and of days on which one agency is closed (issue 4, slot finding)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_builders import NOW, PRACTICE, a_case, at, away, on, person, settle, wanted

from bot.domain.area import Practice
from bot.storage.transaction import Begin
from bot.usecases.convene import find_times
from bot.views.meeting import Offer

MONDAY = {"first": on("2026-03-02"), "last": on("2026-03-02"), "minutes": 60}


def with_area(**but) -> Practice:
    return replace(PRACTICE, area=replace(PRACTICE.area, **but))


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


def seek(begin: Begin, practice: Practice, **but) -> Offer:
    asked = wanted(a_case(begin), **but)
    return find_times(begin, practice, asked, source="s", by=person(begin, "cora"), now=NOW)


@pytest.mark.parametrize(
    ("minutes", "first"), [(0, "12:00"), (15, "12:15"), (20, "12:30")], ids=["none", "a quarter", "20 min"]
)
def test_nobody_is_asked_to_go_from_one_meeting_straight_into_another(town, minutes, first):
    """Hal is taken until noon; a search starts on whole quarters of an hour."""
    away(town, "hal", at("2026-03-02", "09:00"), at("2026-03-02", "12:00"))
    found = seek(town, with_area(gap=timedelta(minutes=minutes)), **MONDAY)
    assert found.options[0].starts_at == at("2026-03-02", first)


def test_a_time_too_close_to_another_meeting_is_said_to_be_so(town):
    away(town, "hal", at("2026-03-02", "08:00"), at("2026-03-02", "12:30"))
    away(town, "hal", at("2026-03-02", "14:00"), at("2026-03-02", "18:00"))
    with town() as work:
        work.register.row("viv").pattern = {"mon": ["12:30", "14:00"]}
    found = seek(town, with_area(gap=timedelta(minutes=30)), required=("homes", "hearth"), **MONDAY)
    assert found.nothing_fits
    assert [(gone.agency, gone.why) for gone in found.options[0].absent] == [("Aldermere Homes", "too_close")]


@pytest.mark.parametrize("named", ["housing", "homes"], ids=["by its type", "by its slug"])
def test_a_closed_agency_comes_on_another_day(town, named):
    closed = with_area(agency_closures={named: frozenset({on("2026-03-02"), on("2026-03-03")})})
    found = seek(town, closed)
    assert found.options[0].starts_at == at("2026-03-04", "09:00")


def test_nobody_else_is_kept_away_by_another_agencys_closure_day(town):
    closed = with_area(agency_closures={"homes": frozenset({on("2026-03-02")})})
    found = seek(town, closed, **MONDAY)
    assert {gone.agency: gone.why for gone in found.options[0].absent} == {"Aldermere Homes": "closed"}


def test_a_chair_whose_agency_is_closed_does_not_chair(town):
    with town() as work:
        for id in ("chai", "dag"):
            work.register.row(id).agency_id = "fire"
    closed = with_area(agency_closures={"fire": frozenset({on("2026-03-02")})})
    without = ("asc", "police", "nhs", "homes", "hearth")
    found = seek(town, closed, required=without, **MONDAY)
    assert {each.chair_missing for each in found.options} == {"closed"}
