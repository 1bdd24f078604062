"""A pathway is tried on a year of invented cases under the real rules; a seed repeats the year (S1-20)."""

import json
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from time import process_time
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from bot.cli import app
from bot.domain.pathway import Pathway, Recurrence
from bot.domain.recurrence import dates
from bot.domain.workdays import Length, WorkingDays
from bot.pathways.faults import BadPathway
from bot.pathways.reader import SHIPPED, read, read_all
from bot.picture import Text
from bot.simulation.behaviour import Behaviour, behaviour_from
from bot.simulation.files import as_json, drawn
from bot.simulation.outcome import Year
from bot.simulation.plot import sheet
from bot.simulation.run import simulate
from bot.simulation.tell import alternative, told

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(SHIPPED.glob("*.yml"))
PERFECT = Behaviour(
    triage_late=0, asked_for_more=0, no_common_time=0, required_come=1, optional_come=1, seldom_there=0,
    answers_late=0, action_late=0, more_time=0, cannot=0, away=0, risk_falls=1, objects=0, urgent=0, at_weekends=0,
)  # fmt: skip


@pytest.fixture(scope="module")
def pathways() -> dict[str, Pathway]:
    return read_all()


@pytest.fixture(scope="module")
def conference(pathways) -> Pathway:
    """A pathway with clocks, whose panel is called whenever a case needs it."""
    return next(
        each for each in pathways.values() if all(stage.recurs is None for stage in each.stages) and each.tool
    )


@pytest.fixture(scope="module")
def monthly(pathways) -> Pathway:
    """A pathway with a monthly panel that closes its list."""
    return next(
        each
        for each in pathways.values()
        if any(
            stage.recurs and stage.recurs.every == "month" and stage.list_closes_wd for stage in each.stages
        )
    )


def changed(pathway: Pathway, kind: str, **fields) -> Pathway:
    """The pathway with its stages of that kind changed."""
    stages = tuple(replace(stage, **fields) if stage.kind == kind else stage for stage in pathway.stages)
    return replace(pathway, stages=stages)


def panel(year: Year, pathway: Pathway):
    title = next(stage.title for stage in pathway.stages if stage.kind == "panel")
    return next(each for each in year.meetings if each.name == title)


def test_a_seed_gives_the_same_year_and_another_seed_another(conference):
    once, again = simulate(conference, cases=60), simulate(conference, cases=60)
    assert as_json(once) == as_json(again)
    assert drawn(once, ".svg") == drawn(again, ".svg")
    assert drawn(once, ".png") == drawn(again, ".png")
    assert simulate(conference, cases=60, seed=2) != once


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_pathway_has_a_year_of_370_cases_in_a_few_seconds(file: Path):
    before = process_time()
    year = simulate(read(file))
    assert process_time() - before < 15
    assert year.referrals == 370
    assert year.accepted > 150
    assert sum(year.waiting.values()) + year.closed <= 370
    assert not [clock for clock in year.clocks if clock.met < 0 or clock.missed < 0 or clock.running < 0]
    assert len(year.months) == 12


def test_where_everybody_is_in_time_no_deadline_is_missed_and_every_quorum_holds(conference):
    year = simulate(conference, behaviour=PERFECT, cases=120)
    assert {clock.name: clock.missed for clock in year.clocks if clock.missed} == {}
    assert sum(each.no_quorum for each in year.meetings) == 0
    assert year.closed > 50


def test_where_nobody_comes_every_panel_fails_its_quorum(conference):
    nobody = replace(PERFECT, required_come=0, optional_come=0)
    found = panel(simulate(conference, behaviour=nobody, cases=60), conference)
    assert found.held == found.no_quorum > 0
    assert set(conference.quorum.required) <= set(found.lacking)
    put_off = replace(conference, quorum=replace(conference.quorum, on_fail="adjourn"))
    found = panel(simulate(put_off, behaviour=nobody, cases=60), put_off)
    assert (found.adjourned, found.cases) == (found.held, 0)


def test_late_actions_cost_nudges_and_reach_further_up(conference):
    late = replace(PERFECT, action_late=1, days_late=12)
    easy, hard = (simulate(conference, behaviour=each, cases=100) for each in (PERFECT, late))
    assert sum(each.total for each in hard.nudges) > 2 * sum(each.total for each in easy.nudges)
    assert "board" in {each.agency for each in hard.nudges}
    assert "board" not in {each.agency for each in easy.nudges}
    done = next(clock for clock in hard.clocks if clock.name == "Action done")
    assert done.met == 0
    assert done.worst > 12


def test_a_monthly_panel_meets_on_its_own_days_and_no_longer_than_its_minutes(monthly):
    year = simulate(monthly, cases=370)
    found = panel(year, monthly)
    stage = next(stage for stage in monthly.stages if stage.kind == "panel")
    days = WorkingDays(monthly.nation or "england-and-wales")
    of_the_year = [
        day for day, _ in zip(dates(stage.recurs, date(2027, 1, 1), days), range(12), strict=False)
    ]
    assert found.held <= len([day for day in of_the_year if day.year == 2027]) == 12
    assert found.most <= found.available
    assert found.over == 0


def test_a_panel_without_minutes_for_the_cases_that_come_leaves_them_waiting(monthly):
    """The finding that a board wants before it starts: 370 referrals do not fit into twelve panels."""
    year = simulate(monthly, cases=370)
    found = panel(year, monthly)
    assert found.wanted > found.room
    assert year.months[-1] > year.months[5] > year.months[0]
    weekly = changed(monthly, "panel", recurs=Recurrence(every="week", weekday="tuesday", at=_at(monthly)))
    assert simulate(weekly, cases=370).months[-1] < year.months[-1] / 3


def _at(pathway: Pathway):
    return next(stage.recurs.at for stage in pathway.stages if stage.recurs)


def test_who_comes_after_the_list_has_closed_is_counted(monthly):
    assert simulate(monthly, cases=100).too_late_for_list > 0
    assert simulate(changed(monthly, "panel", list_closes_wd=None), cases=100).too_late_for_list == 0


def test_a_meeting_that_has_no_minutes_for_any_case_is_a_dead_end(monthly):
    year = simulate(changed(monthly, "panel", length=20), cases=20)
    assert any("no case fits in" in each for each in year.dead_ends)
    assert any("no meeting has minutes for a case" in each for each in year.dead_ends)
    assert panel(year, monthly).held == 0


def test_a_review_that_no_stage_can_hold_is_a_dead_end(conference):
    without = replace(
        conference,
        stages=tuple(stage for stage in conference.stages if stage.kind != "review"),
        review=replace(conference.review, then="review"),
    )
    year = simulate(without, cases=60)
    assert any(each.startswith("review.then: a review is to be held") for each in year.dead_ends)


def test_deadlines_are_those_of_the_pathways_own_nation(conference):
    """A clock counted in working days is met more often where there are fewer of them than of calendar days."""
    strict = replace(conference, triage=replace(conference.triage, due=Length(0, "wd")))
    assert next(c for c in simulate(strict, cases=60).clocks if c.name == "Triage").limit == "0 working days"
    nations = {simulate(replace(conference, nation=nation), cases=5).nation for nation in ("scotland", None)}
    assert nations == {"scotland", "england-and-wales"}


def test_a_changed_number_changes_no_more_than_it_must(conference):
    """Each draw has a stream of its own: leave taken by agencies moves no referral and no triage."""
    one, two = (simulate(conference, behaviour=Behaviour(away=share), cases=80) for share in (0.0, 0.5))
    assert one.clocks == two.clocks
    assert one.nudges != two.nudges


def test_the_text_tells_every_number_and_stays_within_a_terminal(conference):
    year = simulate(conference, cases=80)
    lines = list(told(year))
    text = "\n".join(lines)
    for clock in year.clocks:
        assert f"{clock.percent}%" in text if clock.percent is not None else clock.name in text
    assert "What people do is made up" in text
    for name, value in year.behaviour.items():
        assert f"{name}={value:g}" in text
    assert max(map(len, lines)) <= 120


def test_the_plot_has_words_beside_every_bar_and_a_text_alternative(conference):
    year = simulate(conference, cases=80)
    page = sheet(year)
    words = [piece.words for piece in page.pieces if isinstance(piece, Text)]
    for clock in year.clocks:
        assert any(each.startswith(f"{clock.percent}% of") for each in words) or clock.percent is None
    assert min(piece.size for piece in page.pieces if isinstance(piece, Text)) >= 20, "ten pixels at 375"
    root = ElementTree.fromstring(drawn(year, ".svg"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == alternative(year)
    image = Image.open(BytesIO(drawn(year, ".png")))
    assert image.size == (750, page.height)
    with pytest.raises(ValueError, match="no plot"):
        drawn(year, ".gif")


def test_behaviour_comes_from_a_file_and_from_settings_and_faults_are_told(tmp_path: Path):
    file = tmp_path / "people.yml"
    file.write_text("away: 0.3\nactions_each: 2\n", encoding="utf-8")
    found = behaviour_from(file, ["away=0.5", "notice=7"])
    assert (found.away, found.actions_each, found.notice) == (0.5, 2, 7)
    file.write_text("away: 0.3\nlateness: 2\naction_late: 7\n", encoding="utf-8")
    with pytest.raises(BadPathway) as refused:
        behaviour_from(file)
    assert [(fault.line, fault.path) for fault in refused.value.faults] == [(2, "lateness")]
    assert "action_late" in refused.value.faults[0].reason
    for wrong in ("away", "away=often", "away=2", "notice=-1", "days_late=nan", "days_late=inf"):
        with pytest.raises(BadPathway):
            behaviour_from(None, [wrong])


def test_the_command_prints_the_year_and_writes_what_it_is_asked_to(tmp_path: Path):
    said = CliRunner().invoke(
        app,
        [
            "pathway", "simulate", str(FILES[0]), "--area", str(ROOT / "docs" / "area.example.yml"), "--cases", "30",
            "--plot", str(tmp_path / "y.svg"), "--plot", str(tmp_path / "y.png"), "--json", str(tmp_path / "y.json"),
            "--set", "away=0.2",
        ],
        catch_exceptions=False,
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "away=0.2" in said.stdout
    numbers = json.loads((tmp_path / "y.json").read_text(encoding="utf-8"))
    assert numbers["referrals"] == 30
    assert {"percent", "met", "missed", "worst"} <= set(numbers["clocks"][0])
    assert (tmp_path / "y.svg").read_bytes().startswith(b"<svg")
    assert (tmp_path / "y.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nowhere.yml"], "There is no file nowhere.yml."),
        ([str(FILES[0]), "--plot", "y.gif"], "y.gif"),
        ([str(FILES[0]), "--set", "lateness=1"], "no such setting"),
        ([str(FILES[0]), "--behaviour", "nowhere.yml"], "There is no file"),
        ([str(FILES[0]), "--cases", "3", "--json", "/nowhere/y.json"], "cannot be written"),
    ],
)
def test_what_it_cannot_use_it_refuses_in_words(words: list[str], reason: str):
    said = CliRunner().invoke(app, ["pathway", "simulate", *words], catch_exceptions=False)
    assert said.exit_code == 1
    assert reason in said.stderr


def test_a_pathway_with_a_fault_is_not_simulated(tmp_path: Path):
    (tmp_path / "x.yml").write_text("id: x\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["pathway", "simulate", str(tmp_path / "x.yml")], catch_exceptions=False)
    assert said.exit_code == 1
    assert "x.yml:1" in said.stderr


def test_it_needs_no_database():
    import subprocess

    story = (
        "import sys; from bot.pathways.reader import read_all; from bot.simulation.run import simulate;"
        "simulate(next(iter(read_all().values())), cases=3);"
        "print(sorted({'sqlmodel', 'sqlalchemy', 'slack_bolt'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


SHARE = st.floats(0, 1)


@settings(max_examples=12, deadline=None)
@given(
    behaviour=st.builds(
        Behaviour, triage_late=SHARE, no_common_time=SHARE, required_come=SHARE, optional_come=SHARE,
        answers_late=SHARE, action_late=SHARE, more_time=SHARE, cannot=SHARE, away=SHARE, risk_falls=SHARE,
        reviewed=SHARE, objects=SHARE, at_weekends=SHARE, urgent=SHARE, days_late=st.floats(0, 60),
        notice=st.integers(0, 30), actions_each=st.integers(0, 9), action_days=st.integers(0, 60),
        seldom_there=st.integers(0, 30),
    ),
    file=st.sampled_from(FILES),
    seed=st.integers(0, 10**6),
    year=st.integers(2024, 2032),
)  # fmt: skip
def test_whatever_people_do_the_year_comes_to_its_end(behaviour, file, seed, year):
    """No rule of the domain refuses a step that the simulation takes, however late or absent people are."""
    found = simulate(read(file), behaviour=behaviour, seed=seed, year=year, cases=25)
    assert found.referrals == 25
    assert found.closed <= found.accepted <= 25
    list(told(found))
    sheet(found)
