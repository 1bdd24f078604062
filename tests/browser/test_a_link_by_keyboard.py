"""Jude has no chat: from a letter in his inbox to an answer, without a mouse, at a telephone's width (issue 4)."""

import re
from datetime import date

import pytest
from by_keyboard import goes_to, types
from playwright.sync_api import Page, expect
from sitting import Sitting

from bot.storage.engine import connect
from bot.storage.transaction import transactions
from conftest import ALBUM, Demo

pytestmark = pytest.mark.browser

JUDE = "U0JUDEFARROW"


def test_a_letter_is_answered_without_a_mouse_and_a_mistake_is_mended(sitting: Sitting) -> None:
    sitting.page.set_viewport_size({"width": 375, "height": 740})
    sitting.sit(JUDE, "mail")
    goes_to(sitting.page, sitting.main.get_by_role("button", name=re.compile("Your action: CV-")).first)
    sitting.page.keyboard.press("Enter")
    link = sitting.main.get_by_role("link", name=re.compile("127.0.0.1"))
    goes_to(sitting.page, link)
    sitting.keep("the-letter")
    address = str(link.get_attribute("href"))
    page = (
        sitting.page.context.new_page()
    )  # as the link does; news may draw the letter anew before Enter is pressed
    page.set_viewport_size({"width": 375, "height": 740})
    troubles = listened_to(page)
    page.goto(address)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Your action CV-")
    follows(page, "Need more time")
    types(page, page.get_by_label("What is the time needed for?"), "no")
    presses(page, "Ask for more time")

    expect(page).to_have_title(re.compile("^Error: More time for CV-"))
    mended = page.get_by_role("alert")
    expect(mended).to_be_focused()
    goes_to(page, mended.get_by_role("link"))
    page.keyboard.press("Enter")
    why = page.get_by_label("What is the time needed for?")
    expect(why).to_have_value("no")
    expect(why).to_have_accessible_description(re.compile("Error: Say in a sentence"))
    types(page, why, ", she has asked me to come next week")
    presses(page, "Ask for more time")

    # Which of his actions the first letter is about decides whether he may move the date himself.
    done = re.compile("is now due on|The chair is asked about more time for CV-")
    expect(page.get_by_role("heading", level=1)).to_have_text(done)
    assert page.evaluate("document.scripts.length") == 0
    assert troubles == []


def follows(page: Page, choice: str) -> None:
    goes_to(page, page.get_by_role("link", name=choice, exact=True))
    page.keyboard.press("Enter")


def presses(page: Page, button: str) -> None:
    goes_to(page, page.get_by_role("button", name=button, exact=True))
    page.keyboard.press("Enter")


def listened_to(page: Page) -> list[str]:
    """What the browser complained about, such as a breach of the page's policy; a form that came back is none."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda said: troubles.append(said.text) if said.type == "error" and "422" not in said.text else None,
    )
    return troubles


def test_who_has_no_chat_puts_their_register_entry_right_by_the_link_of_the_question(
    sitting: Sitting, demo: Demo
) -> None:
    """S5-30, T24: at a telephone's width, without a mouse; a number too long comes back beside its question."""
    with transactions(connect(demo.here.database_url))() as work:
        rows = work.contacts.people("aldermere")
        next(row for row in rows if row.name == "Jude Farrow").verified_on = date(2024, 11, 1)
    sitting.page.set_viewport_size({"width": 375, "height": 740})
    sitting.sit(JUDE, "mail")
    sitting.moves_the_clock("next-working-day")
    letter = sitting.main.get_by_role("button", name=re.compile("register still right"))
    goes_to(sitting.page, letter.first)
    sitting.page.keyboard.press("Enter")
    link = sitting.main.get_by_role("link", name=re.compile("127.0.0.1"))
    expect(link).to_be_visible()
    page = sitting.page.context.new_page()
    page.set_viewport_size({"width": 375, "height": 740})
    troubles = listened_to(page)
    page.goto(str(link.get_attribute("href")))
    page.screenshot(path=ALBUM / "the-entry-by-a-link.png", full_page=True)
    follows(page, "Something is wrong")
    number = page.get_by_label("Telephone")
    goes_to(page, number)
    page.keyboard.press("Control+A")
    types(page, number, "01632 960 177")
    types(page, page.get_by_label("What else is wrong?"), "My title has changed.")
    page.screenshot(path=ALBUM / "what-is-wrong-by-a-link.png", full_page=True)
    presses(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your entry is put right")
    with transactions(connect(demo.here.database_url))() as work:
        rows = work.contacts.people("aldermere")
        assert next(row for row in rows if row.name == "Jude Farrow").phone == "01632 960 177"
    assert troubles == []
