"""A case's chronology and its interim measures, as its coordinator keeps them by hand in Slack and in Teams."""

import re
from datetime import date
from importlib.util import find_spec

import pytest
from playwright.sync_api import expect
from sitting import MARM, RUTH, TEAMS_MARM, Sitting

pytestmark = pytest.mark.browser

WORDS = "He said that he would not open to anybody whom he does not know"


def test_the_record_is_kept_corrected_and_read_as_at_a_day_in_slack(sitting: Sitting) -> None:
    """S5-12, S5-15, S5-21, S5-24, IG-30, IG-31: entries, a correction, both orders, a measure with its end."""
    the_record_is_kept(sitting, MARM)
    a_measure_is_agreed_and_asked_about(sitting, MARM, "messages", date(2026, 3, 5))


@pytest.mark.skipif(find_spec("microsoft_teams") is None, reason="the package for Teams is not here")
def test_the_same_is_done_in_teams(sitting: Sitting) -> None:
    """The same verbs and cards, drawn by the other platform (S5-12, S5-15, S5-21)."""
    the_record_is_kept(sitting, TEAMS_MARM)
    a_measure_is_agreed_and_asked_about(sitting, TEAMS_MARM, "home", date(2026, 3, 11))


def opens_the_file(sitting: Sitting, room: str) -> None:
    sitting.sit(RUTH, room)
    sitting.message("plan active").get_by_role("button", name="Open the case").click()
    expect(sitting.dialog).to_contain_text("For this case")


def the_record_is_kept(sitting: Sitting, room: str) -> None:
    opens_the_file(sitting, room)
    sitting.keep("the-case-file")
    sitting.press("Add to the chronology")
    sitting.opens("Add to the chronology")
    sitting.keep("which-kind")
    chooses(sitting, "Quote")
    sitting.submit()
    sitting.opens("Quote")
    sitting.answer(day="2026-02-27", text=WORDS, source="The person himself, on the doorstep")
    sitting.keep("a-quote")
    sitting.submit()
    expect(sitting.dialog).to_contain_text(WORDS)
    sitting.press("Add an entry")
    sitting.opens("Add to the chronology")
    chooses(sitting, "Incident")
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
    expect(sitting.dialog).to_contain_text("In order of when it happened, oldest first")
    sitting.keep("as-it-happened")
    sitting.answer(as_at="2026-02-01")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("As it was known at the end of Sun 1 Feb 2026")
    sitting.keep("as-at-a-day")
    sitting.answer(as_at="")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("10:00: Meeting held")
    leaves(sitting, room)


def chooses(sitting: Sitting, kind: str) -> None:
    """Teams has what a choice is for in the same line."""
    sitting.dialog.get_by_role("radio", name=re.compile(f"^{kind}")).check()


def leaves(sitting: Sitting, room: str) -> None:
    """Close what is in front; in Slack the case's file lies below it."""
    if room == MARM:
        sitting.page.locator("[data-modal=close]").click()
        expect(sitting.dialog).to_contain_text("For this case")
    sitting.shut()


def a_measure_is_agreed_and_asked_about(sitting: Sitting, room: str, chat: str, last: date) -> None:
    opens_the_file(sitting, room)
    sitting.press("Interim measures")
    sitting.opens("Interim measures")
    sitting.keep("no-measures-yet")
    sitting.press("New interim measure")
    sitting.opens("New interim measure")
    sitting.answer(
        measure="Nobody visits alone, and visits are announced the day before",
        why="Two people were shouted at on the doorstep",
        least="Letters and calls were tried and found too slow",
        agreed_by="Himself by telephone; housing and fire",
        review_on=f"{last:%Y-%m-%d}",
        ends_on=f"{last:%Y-%m-%d}",
    )
    sitting.keep("a-measure")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("Nobody visits alone")
    sitting.keep("it-stands")
    leaves(sitting, room)
    while sitting.moves_the_clock("next-working-day").date() < last:
        pass
    sitting.sit(RUTH, chat)
    asked = sitting.main if chat == "home" else sitting.message("last day of an interim measure")
    expect(asked).to_contain_text("nterim measure")
    expect(asked).not_to_contain_text("Nobody visits alone")
    sitting.keep("she-is-asked")
