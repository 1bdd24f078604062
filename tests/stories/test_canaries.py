"""The test of the leak test: a word in confidence is found wherever it gets out, or a clean story proves nothing."""

import logging
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from canaries import found_outside, logged
from meeting_acts import MARM
from town import Town, at

from bot.demo_calendars import LocalCalendars
from bot.domain.spans import Span
from bot.drill.in_graph import DIARIES, in_graph
from bot.local.graph.world import Event

TOLD = {"name": "Quillian Marrowby (invented)"}
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test
METHOD:REQUEST
BEGIN:VEVENT
UID:one
DTSTART:20260303T093000Z
DTEND:20260303T103000Z
SUMMARY:A meeting
DESCRIPTION:About Marrowby
END:VEVENT
END:VCALENDAR
"""


async def says_it_in_the_room(town: Town) -> None:
    await town.ruth.say("Marrowby is on the list", MARM)


async def is_invited_with_it(town: Town) -> None:
    letter = EmailMessage()
    letter["Subject"] = "An invitation"
    letter.set_content("Please come.")
    letter.add_attachment(ICS.encode(), maintype="text", subtype="calendar")
    town.here.world.letters.arrive("jude.farrow@kindlycompany.example", letter)


async def keeps_it_in_the_calendar(town: Town) -> None:
    start = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    event = Event(id="e1", said={"subject": "Marrowby"}, span=Span(start, start + timedelta(hours=1)))
    town.here.calendars.graph.events[event.id] = event


async def logs_it_by_a_name(town: Town) -> None:
    logging.getLogger("bot.stories").info("looked at", extra={"who": "Marrowby"})


@pytest.mark.parametrize(
    ("does", "where"),
    [
        (says_it_in_the_room, "a message in marm-panel"),
        (is_invited_with_it, "mail to U0JUDEFARROW"),
        (keeps_it_in_the_calendar, "the calendar entry e1"),
        (logs_it_by_a_name, "the log"),
    ],
)
async def test_a_word_in_confidence_is_found_by_every_way_out(does, where, sqlite_database, caplog):
    """IG-01, IG-03, IG-04: channel, invitation, calendar and log."""
    caplog.set_level(logging.INFO)
    calendars = LocalCalendars(with_graph=in_graph, diaries=DIARIES)
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30"), calendars=calendars) as town:
        assert await found_outside(town, TOLD, log=logged(caplog)) == []
        await does(town)
        assert await found_outside(town, TOLD, log=logged(caplog)) == [f"'marrowby' in {where}"]
