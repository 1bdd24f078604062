"""Reports leave the house, so nothing of a case may be in one (IG-37, S4-24)."""

from datetime import date

import pytest
from full_world import MARKS, NOW, World, canary

from bot.domain.period import Period
from bot.picture import shown
from bot.plots import alternative, drawn
from bot.render import Render
from bot.reporting import page, table
from bot.storage.transaction import Begin
from bot.usecases.reports.make import KINDS, make_report

YEAR = Period(first=date(2026, 1, 1), last=date(2026, 12, 31))


@pytest.mark.parametrize("report", KINDS)
def test_no_report_holds_a_name_or_a_story_of_a_case(full_store: Begin, world: World, report: str):
    """Every secret of this world is a canary, and none of them is on a page, in the figures or on a plot (IG-37)."""
    made = make_report(full_store, world.practice, report, YEAR, by="cli", now=NOW, seed="x", number=100)
    plots = [text for plot in made.plots for text in (alternative(plot), *shown(drawn(plot).pieces))]
    told = "\n".join((page(made, Render()), table(made), *plots)).lower()
    told = told.replace(
        canary("must_not_see").lower(), ""
    )  # a colleague's name: the pack names contact points
    found = [mark for mark in MARKS if mark in told]
    assert len(told) > 1000
    assert found == []


@pytest.mark.parametrize("report", [kind for kind in KINDS if kind != "audit-sample"])
def test_no_report_but_the_auditors_sample_names_a_case(full_store: Begin, world: World, report: str):
    """Aggregates only: not even a reference (IG-37, S4-24)."""
    made = make_report(full_store, world.practice, report, YEAR, by="cli", now=NOW)
    assert "CV-" not in page(made, Render()) + table(made)
