"""The contact register as people keep it by hand in Slack: the question, what waits, the agencies' cards."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sitting import RUTH, Sitting
from sqlmodel import select

from bot.storage.engine import connect
from bot.storage.tables import PersonRow
from bot.storage.transaction import Begin, transactions

pytestmark = pytest.mark.browser


@pytest.fixture
def begin(demo) -> Begin:
    """The demo's own database, as somebody with its file could change it."""
    return transactions(connect(demo.here.database_url))


def test_a_person_is_asked_whether_their_entry_is_right_and_mends_it_in_slack(
    sitting: Sitting, begin: Begin
) -> None:
    """S5-30, S5-32, S5-34, T24: the message, the form, the list of agencies and a card."""
    with begin() as work:
        row = work.contacts.session.exec(select(PersonRow).where(PersonRow.slack_user == RUTH)).one()
        row.verified_on = date(2025, 1, 10)
    sitting.sit(RUTH, "messages")
    sitting.moves_the_clock("next-working-day")
    expect(sitting.message("register still right")).to_contain_text("Ruth Calloway")
    sitting.keep("the-question")
    sitting.press("Something is wrong", "register still right")
    sitting.opens("Your register entry")
    sitting.keep("the-entry")
    sitting.answer(
        phone="01632 960 188", out_of_hours="01632 960 199", note="My e-mail address changes in May."
    )
    sitting.submit()
    sitting.is_shut()
    sitting.sit(RUTH, "home")
    expect(sitting.main).to_contain_text("1 entry is to be put right")
    sitting.keep("home")
    sitting.press("See to it")
    sitting.opens("The contact register")
    expect(sitting.dialog).to_contain_text("My e-mail address changes in May.")
    sitting.keep("what-waits")
    sitting.shut()
    the_agencies(sitting)


def the_agencies(sitting: Sitting) -> None:
    sitting.press("Agencies: whom to ring")
    sitting.opens("Agencies")
    sitting.keep("the-agencies")
    sitting.answer(sought="police")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("1 agency found")
    sitting.keep("one-found")
    sitting.press("Open")
    sitting.opens("Agency")
    sitting.keep("the-card")
    sitting.press("Change what it says of itself")
    sitting.opens("Agency card")
    sitting.answer(profile="Responds to danger; a neighbourhood team for the rest.", urgent="01632 960 200")
    sitting.keep("writing-it")
    sitting.submit()
    expect(sitting.dialog).to_contain_text("01632 960 200")
    sitting.keep("written")
