"""What a person does without a mouse, on a telephone's width."""

from playwright.sync_api import Locator, Page, expect


def goes_to(page: Page, control: Locator) -> None:
    """Tab until it has the focus; nothing may be wider than the screen on the way."""
    expect(control).to_be_visible()
    for _ in range(120):
        if control.evaluate("(node) => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(control).to_be_focused()
    expect(control).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def ticks(page: Page, control: Locator) -> None:
    """A choice. Of radio buttons Tab reaches only one: the arrows go on from there."""
    expect(control).to_be_visible()
    if control.get_attribute("type") == "radio":
        group = control.locator("xpath=ancestor::fieldset").get_by_role("radio")
        goes_to(page, group.first)
        for _ in range(group.count()):
            if control.evaluate("(node) => node === document.activeElement"):
                break
            page.keyboard.press("ArrowDown")
    else:
        goes_to(page, control)
    page.keyboard.press("Space")
    expect(control).to_be_checked()


def types(page: Page, control: Locator, words: str) -> None:
    goes_to(page, control)
    page.keyboard.type(words)
