"""A case's chronology and its interim measures, as its coordinator keeps them by hand in Slack and in Teams."""

from importlib.util import find_spec

import pytest
from playwright.sync_api import expect
from sitting import MARM, RUTH, TEAMS_MARM, Sitting

pytestmark = pytest.mark.browser

WORDS = "He said that he would not open to anybody whom he does not know"


def test_the_record_is_kept_corrected_and_read_as_at_a_day_in_slack(sitting: Sitting) -> None:
    """S5-12, S5-15, S5-21, S5-24, IG-30, IG-31: entries, a correction, both orders, a measure with its end."""
    sitting.sit(RUTH, MARM)
    the_record_is_kept(sitting)


@pytest.mark.skipif(find_spec("microsoft_teams") is None, reason="the package for Teams is not here")
def test_the_same_is_done_in_teams(sitting: Sitting) -> None:
    """The same verbs and cards, drawn by the other platform (S5-12, S5-15, S5-21)."""
    sitting.sit(RUTH, TEAMS_MARM)
    the_record_is_kept(sitting)


def the_record_is_kept(sitting: Sitting) -> None:
    card = sitting.message("plan active")
    card.get_by_role("button", name="Open", exact=False).first.click()
    expect(sitting.dialog).to_contain_text("For this case")
    sitting.keep("the-case-file")
    sitting.press("Add to the chronology")
    sitting.opens("Add to the chronology")
    sitting.keep("which-kind")
    sitting.answer(kind="Quote")
    sitting.submit()
    sitting.opens("Quote")
    sitting.answer(day="2026-02-27", text=WORDS, source="The person himself, on the doorstep")
    sitting.keep("a-quote")
    sitting.submit()
    expect(sitting.dialog).to_contain_text(WORDS)
    sitting.press("Add an entry")
    sitting.opens("Add to the chronology")
    sitting.answer(kind="Incident")
    sitting.submit()
    sitting.opens("Incident")
    sitting.answer(
        day="2026-02-26",
        clock="14:30",
        incident="Access refused or blocked",
        place="At the front door",
        trigger="Two visitors came whom he had not met",
        outcome="The door stayed shut. They left a card and went.",
    )
    sitting.keep("an-incident")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("The door stayed shut")
    sitting.keep("what-was-just-known")
    sitting.answer(order="As it happened, oldest first")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("oldest first")
    sitting.keep("as-it-happened")
    sitting.answer(as_at="2026-02-01")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("As it was known at the end of Sun 1 Feb 2026")
    sitting.keep("as-at-a-day")
    sitting.answer(as_at="")
    sitting.submit()
    expect(sitting.dialog).to_contain_text(WORDS)
