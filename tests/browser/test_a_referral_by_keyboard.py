"""The first pages of a referral on a telephone's width, without a mouse, closed and gone on with (issue 2)."""

import pytest
from by_keyboard import goes_to, ticks, types
from playwright.sync_api import expect
from sitting import Sitting

pytestmark = pytest.mark.browser

PRIYA = "U0PRIYANANDAKUMAR"


def test_the_first_pages_of_a_referral_need_no_mouse_and_little_room(sitting: Sitting) -> None:
    page = sitting.page
    page.set_viewport_size({"width": 375, "height": 740})
    sitting.sit(PRIYA, "home")
    begin = sitting.main.get_by_role("button", name="Raise a concern")
    goes_to(page, begin)
    sitting.keep("home")
    page.keyboard.press("Enter")

    sitting.opens("Raise a concern")
    ticks(page, sitting.dialog.get_by_role("radio", name="No", exact=True))
    ticks(page, sitting.dialog.get_by_role("radio", name="MARM", exact=True))
    sitting.keep("danger-first")
    presses_next(sitting)

    sitting.opens("How we reach you")
    types(page, sitting.dialog.get_by_label("What is the best phone number"), "01632 960 101")
    ticks(page, sitting.dialog.get_by_role("checkbox", name="Nobody, or not known"))
    sitting.keep("how-we-reach-you")
    presses_next(sitting)

    sitting.opens("What worries you")
    page.keyboard.press("Control+Enter")
    worry = sitting.dialog.get_by_label("What are you worried about?")
    expect(worry).to_be_focused()  # an error takes one to its question
    sitting.keep("an-error-takes-the-focus")
    page.keyboard.type("He has stopped opening the door, and his medicines lie on the mat.")
    types(page, sitting.dialog.get_by_role("combobox", name="Which of these fit?"), "self-n")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")  # closes the list, not the form
    expect(sitting.dialog.get_by_role("button", name="Remove Self-neglect")).to_be_visible()
    ticks(page, sitting.dialog.locator("[data-block-id='concern_on:unknown']").get_by_role("checkbox"))
    sitting.keep("what-worries-you")
    presses_next(sitting)

    sitting.opens("About the person")
    page.keyboard.press("Escape")
    sitting.is_shut()
    draft = sitting.main.get_by_role("button", name="Go on")
    expect(sitting.main).to_contain_text("Page 4 of 6")
    goes_to(page, draft)
    sitting.keep("a-draft-is-kept")
    page.keyboard.press("Enter")
    sitting.opens("About the person")
    sitting.keep("and-gone-on-with")


def presses_next(sitting: Sitting) -> None:
    goes_to(sitting.page, sitting.dialog.get_by_role("button", name="Next", exact=True))
    sitting.page.keyboard.press("Enter")
