"""Jude's charity has neither Slack nor Teams: he is asked by e-mail, and answers by its links (issue 4)."""

import json
import logging
import re

import httpx
import pytest
from acts import accepts, refers_to_marm
from canaries import found_outside
from meeting_acts import MARM, agrees_on_a_plan, lists_on_the_next_panel
from sqlmodel import col, select
from told import MS_B
from town import Town, at
from town_in_teams import ON_BOTH

from bot.drill.workspace import BY_MAIL_ALONE
from bot.storage.ledger_tables import AuditEvent

CHARITY = "Kindly Company"
WHAT_HE_DID = "Sat with her for an hour; she has chosen the first bag herself."
LINK = re.compile(r"http://127\.0\.0\.1:\d+/answer/\S+")


@ON_BOTH
async def test_jude_accepts_an_invitation_which_a_mail_scanner_had_opened_before_him(made, sqlite_database):
    async with (
        a_town_in_which_jude_has_only_mail(made, sqlite_database) as town,
        httpx.AsyncClient() as browser,
    ):
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await lists_on_the_next_panel(town, town.ruth, ref)
        [link] = links_in(town, "Convenor invites you")

        before = await town.looks_up(all_that_is_written)
        seen = await a_scanner_follows(browser, link)
        assert await town.looks_up(all_that_is_written) == before
        assert ref in seen[0]

        assert "You have accepted" in await presses(browser, f"{link}/accepted")
        await town.settled()
        assert "Kindly Company: coming, by e-mail (Jude Farrow)" in town.ruth.look("MARM panel booked", MARM)
        # He cannot come after all. Mary is his deputy, and has chat.
        assert "Mary Osei is asked" in await presses(browser, f"{link}/deputy")
        await town.settled()
        assert town.mary.look("Convenor invites you", "dm")
        assert (await browser.get(link)).status_code == 404
        assert await town.looks_up(ways_of, "Jude Farrow") == {"mail"}


@pytest.mark.long
@ON_BOTH
async def test_jude_accepts_an_action_and_says_later_that_it_is_done(made, sqlite_database, caplog):
    caplog.set_level(logging.INFO)
    async with (
        a_town_in_which_jude_has_only_mail(made, sqlite_database) as town,
        httpx.AsyncClient() as browser,
    ):
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await agrees_on_a_plan(town, town.ruth, ref, (CHARITY, "Jude", "Visit", "In 5 working days"))
        [link] = links_in(town, f"An action for you: {ref}/1")
        seen = await a_scanner_follows(browser, link)
        assert "is accepted" in await presses(browser, f"{link}/accept")
        await town.settled()
        assert "Accepted" in town.ruth.look(f"Actions of {ref}", MARM)

        # He is reminded before the day, and the letter of that morning has a link of its own.
        while not [letter for letter in town.jude.mail if "needs an answer" in letter.subject]:
            await town.moves_to("next-working-day")
        [link] = links_in(town, "1 thing needs an answer")
        seen.append(await presses(browser, f"{link}/done", evidence=WHAT_HE_DID))
        assert f"{ref}/1 is done" in seen[-1]
        await town.settled()
        assert f"Every action of {ref} is closed" in town.ruth.last()
        assert (await browser.get(link)).status_code == 404

        assert await town.looks_up(ways_of, "Jude Farrow") == {"mail"}
        assert await town.faults_in_the_record() == []
        shown = "\n".join(seen)
        assert [name for name in ("Jude", "Joel", "Sam", CHARITY) if name in shown] == []
        assert await found_outside(town, MS_B, WHAT_HE_DID, log=caplog.text + shown) == []
        ours = [
            each.getMessage() for each in caplog.records if each.name != "httpx"
        ]  # the test's own browser
        assert [said for said in ours if "/answer/" in said] == []


def a_town_in_which_jude_has_only_mail(made, database) -> Town:
    return made(database.url, start=at("2026-03-02 09:30"), not_in_slack=BY_MAIL_ALONE)


def links_in(town: Town, subject: str) -> list[str]:
    """The links of Jude's letters with these words in their subject, the newest letter first."""
    letters = [letter for letter in town.jude.mail if subject in letter.subject]
    assert letters, [letter.subject for letter in town.jude.mail]
    return LINK.findall(letters[0].text)


async def a_scanner_follows(browser: httpx.AsyncClient, link: str) -> list[str]:
    """What a mail scanner does: it opens the link, and whatever that leads to; the pages that it saw."""
    pages = [(await browser.get(link)).text]
    base = link.partition("/answer/")[0]
    for path in sorted(set(re.findall(r'href="(/answer/[^"]+)"', pages[0]))):
        pages.append((await browser.get(base + path)).text)
    assert len(pages) > 4
    return pages


async def presses(browser: httpx.AsyncClient, address: str, **said: str) -> str:
    """Open the form of an answer and send it."""
    [form] = re.findall(r'name="form" value="([^"]+)"', (await browser.get(address)).text)
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}  # as a browser does that sends no referrer
    return (await browser.post(address, data={"form": form, **said}, headers=headers)).text


def all_that_is_written(work):
    """How much stands in the record and in the ledger."""
    return len(work.session.exec(select(AuditEvent.seq)).all()), work.outbox.counts()


def ways_of(work, name):
    """By which ways somebody did what they did."""
    [person] = [one.id for one in work.register.people("aldermere") if one.name == name]
    rows = work.session.exec(select(AuditEvent).where(col(AuditEvent.actor) == person))
    return {json.loads(row.facts).get("way") for row in rows}
