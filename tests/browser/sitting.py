"""What a person at the local workspace's page does with a mouse, in the words of the page."""

import re
from collections.abc import Callable
from datetime import datetime

from playwright.sync_api import Error, Locator, Page, expect

expect.set_options(timeout=20_000)

MARY, TOM, RUTH, DAN = "U0MARYOSEI", "U0TOMASHDOWN", "U0RUTHCALLOWAY", "U0DANRUSK"
MARM, TRIAGE = "C0MARM", "C0TRIAGE"
PRIYA, OWEN = "U0PRIYANANDAKUMAR", "U0OWENPRITCHARD"
TEAMS_CHAT, TEAMS_TRIAGE, TEAMS_MARM = "teams", "19:triage0001@thread.tacv2", "19:marmpanel0001@thread.tacv2"

Answer = str | list[str]


class Sitting:
    """One browser window, and whoever sits before it. `keep(name)` keeps what it looks like now."""

    def __init__(self, page: Page, address: str, keep: Callable[[str], None]) -> None:
        self.page, self.address, self.keep = page, address, keep

    @property
    def main(self) -> Locator:
        """The place that is open: a channel, Home, Messages, Mail, the calendar."""
        return self.page.locator("#main")

    @property
    def dialog(self) -> Locator:
        """The dialog in front."""
        return self.page.get_by_role("dialog")

    def sit(self, who: str, place: str) -> None:
        """Take somebody's chair and go to one of their places."""
        self.page.goto(f"{self.address}/#/{who}/{place}")
        expect(self.page.locator(f"[data-person={who}]")).to_have_attribute("aria-current", "true")
        expect(self.page.locator("#place-title")).to_be_visible()

    def message(self, *words: str) -> Locator:
        """The newest message here in which all these words stand."""
        found = self.main.locator("article.message")
        for each in words:
            found = found.filter(has_text=each)
        return found.last

    def press(self, button: str, *near: str, sure: bool = False) -> None:
        """A button of the dialog in front, of the message that says `near`, or of the open place."""
        where = self.message(*near) if near else self.dialog if self.dialog.count() else self.main
        where.get_by_role("button", name=button, exact=True).click()
        if sure:
            self.page.locator("[data-confirm=confirm]").click()

    def opens(self, title: str) -> None:
        """Wait for the dialog with this title."""
        expect(self.page.get_by_role("dialog", name=title, exact=True)).to_be_visible()

    def answer(self, **answers: Answer) -> None:
        """Answer questions of the dialog by the ids of their blocks, or in Teams of their inputs."""
        for question, said in answers.items():
            found = f"[data-block-id='{question}'], [data-input-id='{question}']"
            self.reply(self.dialog.locator(found), said)

    def reply(self, question: Locator, said: Answer) -> None:
        """Type, choose or tick, whatever the question is; a list is several choices."""
        control = question.locator("input, select, textarea").first
        kind = control.evaluate("(node) => node.getAttribute('role') || node.type || node.localName")
        if kind in ("radio", "checkbox"):
            for each in [said] if isinstance(said, str) else said:
                question.get_by_label(each, exact=True).check()
        elif kind == "select-one":
            begins_so = control.locator("option", has_text=re.compile(f"^{re.escape(str(said))}")).first
            control.select_option(value=begins_so.get_attribute("value"))
        elif kind == "combobox":
            for each in said:
                control.fill(each)
                question.get_by_role("option", name=each).click()
            control.press("Escape")
        else:
            control.fill(str(said))

    def submit(self) -> None:
        """Send the dialog's form; in Teams by the first button at its foot."""
        self.dialog.locator("[data-modal=submit], .card-foot button").first.click()

    def shut(self) -> None:
        """Close the dialog."""
        close = self.page.locator("[data-modal=close]")
        try:
            close.click(timeout=5_000)
        except Error:  # drawn anew under the pointer: the click may have counted, or may not
            if self.dialog.count():
                close.click()
        expect(self.dialog).to_have_count(0)

    def is_shut(self) -> None:
        """Wait until the form has been taken and no dialog is left."""
        expect(self.dialog).to_have_count(0)

    def moves_the_clock(self, to: str) -> datetime:
        """`next-hour` or `next-working-day`; what it says then."""
        button = self.page.locator(f"[data-clock={to}]")
        with self.page.expect_response("**/workspace/clock") as moved:
            button.click()
        expect(button).not_to_have_attribute("aria-disabled", "true")
        return datetime.fromisoformat(moved.value.json()["now"])

    def moves_the_clock_to(self, moment: datetime) -> None:
        """Day by day, then hour by hour, as somebody does who wants to see it all."""
        now = self.moves_the_clock("next-hour")
        while now.date() < moment.date():
            now = self.moves_the_clock("next-working-day")
        while now < moment:
            now = self.moves_the_clock("next-hour")

    def reference(self) -> str:
        """The case reference that the dialog shows."""
        found = re.search(r"CV-[A-Z0-9]{6}", self.dialog.inner_text())
        assert found
        return found[0]
