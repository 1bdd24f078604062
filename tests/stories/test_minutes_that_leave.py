"""A meeting is held, its actions go out, its minutes are sent, sent back, put right and approved, and leave as files.

S2-16, S3-27, S3-32, T13 and T15, told on each platform. Everybody in it is invented.
"""

import json
import re
from io import BytesIO

import httpx
from acts import accepts, page, refers_to_marm, turns_the_pages
from docx import Document
from meeting_acts import MARM, agrees_on_a_plan, books, looks_for_a_time
from pypdf import PdfReader
from sqlmodel import select
from town import Town, at
from town_in_teams import ON_BOTH

from bot.local.filling import NotOnScreen
from bot.storage.ledger_tables import AuditEvent

FIRE = "Aldermere Fire and Rescue"
LEFT_OUT = "Owen’s note on her falls was left out, and it changed what was agreed."


def links(who) -> list[str]:
    """The addresses behind the buttons of the dialog that is open, in their order."""
    shown = who.hands._open.card if hasattr(who, "hands") else who.modal.blocks
    written = json.dumps(shown)
    return list(dict.fromkeys(re.findall(r"https?://[^\"]+/answer/papers/[^\"]+", written)))


@ON_BOTH
async def test_minutes_are_sent_changed_approved_and_taken_as_files(made, sqlite_database):
    """S2-16, S3-32, T13, T15, IG-07, IG-29."""
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ruth = town.ruth
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await agrees_on_a_plan(town, ruth, ref, (FIRE, "Dan", "Home fire", "In 5 working days"))

        # The action list is out before anybody has written a word about the minutes.
        assert ruth.look(f"Actions of {ref}", MARM) is not None
        assert "Minutes: not yet sent for approval" in ruth.look("concluded", MARM)

        await ruth.press("Read the minutes", MARM)
        assert "Draft: nobody has approved them yet." in str(ruth.modal)
        await ruth.press("Send for approval")
        assert "The minutes are sent for approval" in str(ruth.modal)
        await ruth.close()
        await town.settled()
        assert "Minutes to approve: MARM panel" in str(ruth.look("Minutes to approve", "dm"))

        await ruth.press("Read the minutes", MARM)
        await ruth.press("Ask for a change")
        await page(ruth, asked=LEFT_OUT)
        await close_all(ruth)
        await town.settled()
        await ruth.press("Read the minutes", MARM)
        assert LEFT_OUT in str(ruth.modal)
        await ruth.press("Put right and send")
        await page(ruth, change="Owen’s note of two falls in May is part of what was heard.")
        await close_all(ruth)
        await town.settled()

        await ruth.press("Read the minutes", MARM)
        await ruth.press("Approve")
        assert "The minutes are approved" in str(ruth.modal)
        await close_all(ruth)
        await town.settled()
        assert "Minutes: approved." in ruth.look("concluded", MARM)
        assert "are approved" in str(town.dan.look("The minutes of the MARM panel", "dm"))

        await ruth.press("Read the minutes", MARM)
        await ruth.press("Take as a document")
        word, paper = links(ruth)
        if made is Town:
            await ruth.press("Word document")  # Slack tells of it, and nothing happens
        async with httpx.AsyncClient(timeout=60) as far:
            assert "Take the file" in (await far.get(word)).text
            taken = await far.post(word)
            assert taken.status_code == 200
            text = "\n".join(each.text for each in Document(BytesIO(taken.content)).paragraphs)
            assert "Version 2, approved by Ruth Calloway" in text
            assert "Owen’s note of two falls in May" in text
            assert (await far.post(word)).status_code == 409
            read = PdfReader(BytesIO((await far.post(paper)).content))
            assert "Version 2, approved" in " ".join(read.pages[0].extract_text().split())
        assert await town.faults_in_the_record() == []


@ON_BOTH
async def test_the_chair_has_the_pack_in_one_press_and_nobody_else_does(made, sqlite_database):
    """S3-27, S3-30, S4-09, IG-05."""
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await looks_for_a_time(town.ruth, ref)
        begins = re.search(r"^1\. (\w+ \d+ \w+ \d+, \d\d:\d\d) to", str(town.ruth.modal), re.MULTILINE)
        assert begins, town.ruth.modal
        await books(town, town.ruth, begins[0])
        await town.ruth.press("Chair’s pack", MARM)
        pack = "\n".join(await turns_the_pages(town.ruth))
        assert f"Nobody has recorded the person’s own views for {ref}" in pack
        assert "No answer to the invitation" in pack
        assert "No earlier action." in pack
        assert "To be asked" in pack
        await town.dan.press("Chair’s pack", MARM)
        await town.settled()
        assert await town.looks_up(refused) == ['{"tried":"meeting.hold"}']


def refused(work) -> list[str]:
    """What somebody tried who may not."""
    rows = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "denied"))
    return [row.facts.replace(" ", "") for row in rows]


async def close_all(who) -> None:
    """Shut whatever is open."""
    try:
        while str(who.modal):
            await who.close()
    except NotOnScreen:
        return
