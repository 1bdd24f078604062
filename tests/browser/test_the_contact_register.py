"""The contact register as people keep it by hand in Slack and in Teams: the question, the card, the hand-over."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from importlib.util import find_spec

import pytest
from playwright.sync_api import expect
from sitting import PRIYA, RUTH, TEAMS_CHAT, Sitting
from sqlmodel import col, func, select

from bot.storage.engine import connect
from bot.storage.tables import ActionRow, PersonRow
from bot.storage.transaction import Begin, transactions
from bot.usecases.register import import_register
from bot.usecases.register_export import export_register

pytestmark = pytest.mark.browser

AREA = "aldermere"


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
        row.verified_on = date(2025, 11, 1)
    sitting.sit(RUTH, "messages")
    sitting.moves_the_clock("next-working-day")
    expect(sitting.message("still right")).to_contain_text("Ruth Calloway")
    sitting.keep("the-question")
    sitting.press("Something is wrong", "still right")
    sitting.opens("Your register entry")
    sitting.keep("the-entry")
    sitting.answer(
        phone="01632 960 188", out_of_hours="01632 960 199", note="My e-mail address changes in May."
    )
    sitting.submit()
    sitting.is_shut()
    sitting.sit(RUTH, "home")
    expect(sitting.main).to_contain_text("My e-mail address changes in May.")
    sitting.keep("home")
    the_agencies(sitting, write=True)


@pytest.mark.skipif(find_spec("microsoft_teams") is None, reason="the package for Teams is not here")
def test_the_agencies_are_read_in_teams_too(sitting: Sitting, begin: Begin) -> None:
    """S5-34: the same list and card, drawn by the other platform; somebody without a right to it cannot write it."""
    with begin() as work:
        name = select(PersonRow).where(PersonRow.name == "Priya Nandakumar")
        work.contacts.session.exec(name).one().verified_on = date(2025, 11, 1)
    sitting.sit(PRIYA, TEAMS_CHAT)
    sitting.moves_the_clock("next-working-day")
    expect(sitting.message("still right")).to_contain_text("Priya Nandakumar")
    sitting.keep("the-question")
    sitting.press("Something is wrong", "still right")
    sitting.opens("Your register entry")
    sitting.keep("the-entry")
    sitting.shut()
    sitting.press("Still right", "still right")
    sitting.keep("thanked")


def test_what_somebody_leaves_behind_is_handed_over(sitting: Sitting, begin: Begin) -> None:
    """S4-18, IG-24: from the message or Home to the dialog, by the coordinator."""
    with begin() as work:
        owners = (
            select(ActionRow.owner_id).where(ActionRow.state != "closed").group_by(col(ActionRow.owner_id))
        )
        ids = list(work.contacts.session.exec(owners.order_by(func.count().desc())))
        people = [work.register.row(id) for id in ids]
        person = next(row for row in people if row.slack_user != RUTH)
        name, email, text = person.name, person.email, export_register(work, AREA)
    leaves(begin, text, email, sitting.moves_the_clock)
    sitting.sit(RUTH, "home")
    expect(sitting.main).to_contain_text(f"{name} of")
    sitting.keep("home")
    sitting.press("Hand it over")
    sitting.opens("Hand over")
    sitting.keep("the-hand-over")
    sitting.dialog.locator("[data-block-id='all_to'] select").select_option(index=1)
    sitting.submit()
    sitting.is_shut()
    sitting.keep("handed-over")


def the_agencies(sitting: Sitting, *, write: bool) -> None:
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
    if write:
        sitting.press("Change what it says of itself")
        sitting.opens("Agency card")
        sitting.answer(
            profile="Responds to danger; a neighbourhood team for the rest.", urgent="01632 960 200"
        )
        sitting.keep("writing-it")
        sitting.submit()
        expect(sitting.dialog).to_contain_text("01632 960 200")
        sitting.keep("written")


def leaves(begin: Begin, text: str, email: str, moves: Callable[[str], object]) -> None:
    rows = list(csv.DictReader(io.StringIO(text)))
    told = io.StringIO()
    writer = csv.DictWriter(told, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "active": "no" if row["email"] == email else row["active"]} for row in rows)
    now = moves_now(moves)
    import_register(begin, AREA, told.getvalue(), actor="cli", now=now)


def moves_now(moves: Callable[[str], object]):
    return moves("next-working-day") - timedelta(hours=1)
