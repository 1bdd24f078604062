"""How it goes for the person, measured at reviews and between: series, trend, picture (S5-26)."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from meeting_builders import MARM, NOW, PRACTICE, a_case, on, person, settle, wanted
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.indicators import INDICATORS, Indicator, Readings
from bot.papers import file_of
from bot.render import Render
from bot.storage.indicator_tables import IndicatorReadingRow
from bot.storage.ledger_tables import AuditEvent
from bot.usecases.book import book
from bot.usecases.convene import find_times
from bot.usecases.hold import open_item, start
from bot.usecases.indicators import open_indicators, record_readings
from bot.usecases.open_case import open_case
from bot.usecases.open_review import open_review_sheet
from bot.usecases.papers import take_paper

RENDER = Render()


@pytest.fixture
def town(begin):
    settle(begin)
    return begin


@pytest.fixture
def case(town) -> str:
    return a_case(town, pathway=MARM, state="plan_active")


def read(town, case, day: str, who="cora", now=NOW + timedelta(days=60), **values) -> None:
    readings = Readings(on=on(day), word="person", values=values)
    record_readings(town, PRACTICE, case, readings, by=person(town, who), now=now)


def page(town, case, who="cora"):
    return open_indicators(town, PRACTICE, case, by=person(town, who), now=NOW)


def test_incidents_distress_compliance_and_quality_of_life_are_read_over_time_and_their_way_is_told(
    town, case
):
    """S5-26: an indicator series each, with its day, its words, and who gave it."""
    read(town, case, "2026-03-02", incidents=4, distress=3, compliance=1, quality=1)
    read(town, case, "2026-03-30", "hal", incidents=1, distress=1, compliance=1)
    series = {each.id: each for each in page(town, case).series}
    assert list(series) == ["incidents", "distress", "compliance", "quality"]
    told = [(one.on, one.told, one.by) for one in series["distress"].readings]
    assert told == [
        (on("2026-03-02"), "Very much", "Cora Vale"),
        (on("2026-03-30"), "A little", "Hal Birch"),
    ]
    assert series["distress"].readings[0].word == "the person’s own word"
    ways = {id: each.meaning for id, each in series.items()}
    assert ways == {"incidents": "better", "distress": "better", "compliance": "same", "quality": "first"}


def test_the_trend_is_on_the_review_sheet_of_the_meeting_and_in_the_cases_file(town):
    """S5-26: trend at review, with the way to a new reading beside it."""
    case = a_case(town)
    cora = person(town, "cora")
    read(town, case, "2026-03-02", quality=3)
    read(town, case, "2026-03-03", quality=1)
    wanted = (
        {"stage": PRACTICE.pathways[MARM].review_stage.id} if PRACTICE.pathways[MARM].review_stage else {}
    )
    assert wanted is not None
    part = open_case(town, PRACTICE, case, 0, kind="indicators", by=cora, now=NOW).part
    assert part.entries[0].state == "Worse than the reading before"
    assert part.entries[0].body.startswith("3 March 2026: Bad (the person’s own word; recorded by Cora Vale)")
    item = heard(town, case, cora)
    sheet = open_review_sheet(town, PRACTICE, item, by=cora, now=DAY)
    card = RENDER.shape("slack", "hold_review", view=sheet, private_metadata="{}")
    shown = str(card)
    assert "Good → Tue 3 Mar 2026: Bad. Worse than the reading before." in shown
    assert "indicators.open" in shown
    assert "Not read yet." in shown


DAY = NOW + timedelta(days=10)


def heard(town, case, cora) -> str:
    """The case on the table of its next meeting; the id of its agenda item."""
    found = find_times(town, PRACTICE, wanted(case), source=f"s:{case}", by=cora, now=NOW)
    meeting = book(town, PRACTICE, found.options[0].id, by=cora, now=NOW).meeting_id
    start(town, PRACTICE, meeting, by=cora, now=DAY)
    with town() as work:
        item = work.meetings.agenda(meeting)[0].id
    open_item(town, PRACTICE, item, by=cora, now=DAY)
    return item


def test_what_was_not_read_is_no_reading_and_never_nought(town, case):
    """Rule 7; 0 is a number that somebody gave."""
    read(town, case, "2026-03-02", incidents=0, distress=None)
    series = {each.id: each for each in page(town, case).series}
    assert [one.told for one in series["incidents"].readings] == ["0"]
    assert series["distress"].readings == ()


@pytest.mark.parametrize(
    ("day", "word", "values", "beside"),
    [
        ("2026-12-01", "person", {"incidents": 1}, {"on"}),
        (None, "rumour", {"incidents": 1}, {"on", "word"}),
        ("2026-03-02", "person", {}, {"incidents"}),
        ("2026-03-02", "person", {"incidents": 1000}, {"incidents"}),
        ("2026-03-02", "person", {"distress": 4, "incidents": -1}, {"distress", "incidents"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(town, case, day, word, values, beside):
    readings = Readings(on=on(day) if day else None, word=word, values=values)
    with pytest.raises(Invalid) as refused:
        record_readings(town, PRACTICE, case, readings, by=person(town, "cora"), now=NOW)
    assert set(refused.value.problems) == beside


def test_a_second_reading_of_one_day_takes_the_place_of_the_first_and_both_stay(town, case):
    read(town, case, "2026-03-02", distress=3)
    read(town, case, "2026-03-02", distress=1, now=NOW + timedelta(days=61))
    [_, distress, *_] = page(town, case).series
    assert [one.told for one in distress.readings] == ["A little"]
    with town() as work:
        assert len(list(work.session.exec(select(IndicatorReadingRow)))) == 2


def test_only_who_works_on_the_case_reads_and_measures_and_nothing_of_it_stands_in_the_ledger(town, case):
    """IG-05, IG-29: the record names measures and the day, not what was read."""
    with pytest.raises(NotAllowed):
        page(town, case, "pru")
    with pytest.raises(NotAllowed):
        read(town, case, "2026-03-02", "pru", distress=1)
    read(town, case, "2026-03-02", distress=3)
    with town() as work:
        [row] = [each for each in work.session.exec(select(AuditEvent)) if each.verb == "indicators.recorded"]
        work.cases.row(case).state = "closed"
        work.cases.row(case).closed_at = NOW
    assert "distress" in row.facts
    assert "Very much" not in row.facts
    assert "=3" not in row.facts
    with pytest.raises(TooLate):
        read(town, case, "2026-03-04", distress=1)


def test_which_measures_there_are_is_the_pathways_own(town, case):
    """S5-26, rule 3: and one that has gone from the file is still on record, by its number."""
    own = (Indicator(id="nights", label="Nights away", better="less"),)
    changed = replace(PRACTICE.pathways[MARM], indicators=own)
    practice = replace(PRACTICE, pathways=PRACTICE.pathways | {MARM: changed})
    readings = Readings(on=on("2026-03-02"), word="record", values={"nights": 3, "distress": 1})
    record_readings(town, practice, case, readings, by=person(town, "cora"), now=NOW)
    found = open_indicators(town, practice, case, by=person(town, "cora"), now=NOW).series
    assert [(each.id, len(each.readings)) for each in found] == [("nights", 1)]
    assert INDICATORS[1].told(9) == "9"


def test_it_is_taken_as_a_picture_and_as_a_table_that_says_the_same(town, case):
    """S5-26: for the meeting's screen; the table is there for whoever cannot see it."""
    cora = person(town, "cora")
    for day, value in (("2026-03-02", 3), ("2026-03-16", 2), ("2026-03-30", 0)):
        read(town, case, day, distress=value, incidents=value)

    def taken(form: str):
        paper = take_paper(town, PRACTICE, "trend", case, form, by=cora, now=NOW)
        return file_of(RENDER, paper, form)

    picture = taken("png")
    assert picture.content.startswith(b"\x89PNG")
    assert picture.name == "how-it-goes-CV-7K4QMX.png"
    rows = list(csv.DictReader(io.StringIO(taken("csv").content.decode("utf-8-sig"))))
    assert [row["Reading"] for row in rows if row["Measure"] == INDICATORS[1].label] == [
        "Very much",
        "Clearly",
        "Not at all",
    ]
