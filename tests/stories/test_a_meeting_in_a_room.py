"""A panel in a council's room: the room's diary is read, the room is booked and told, and let go of by a move.

calendar.md sections 2 and 5. Willow Room is in the council's Microsoft 365; all of it is invented.
"""

import re
from typing import Any

import pytest
from acts import accepts, refers_to_marm
from meeting_acts import MARM, answers_invitation, books
from town import Town, at

from bot.demo_calendars import LocalCalendars
from bot.domain.spans import Span
from bot.drill.in_graph import DIARIES, in_graph
from bot.local.graph.world import Entry

WILLOW, ASH = "Willow Room (12 seats, wheelchair, step-free)", "Ash Room (6 seats)"
ROOM = "willow@aldermere.example"


@pytest.fixture
async def town(sqlite_database):
    calendars = LocalCalendars(with_graph=in_graph, diaries=DIARIES)
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30"), calendars=calendars) as made:
        yield made


def entry(town: Town) -> Any:
    [event] = town.here.calendars.graph.events.values()
    return event


def asked(town: Town) -> dict[str, str]:
    """Whom the calendar's entry asks, and as what."""
    return {each["emailAddress"]["address"]: each["type"] for each in entry(town).said["attendees"]}


async def would_meet(town: Town, where: str) -> str:
    """The form is sent with this place chosen; what is on the screen then."""
    await town.ruth.fill("Where", where)
    await town.ruth.submit()
    return str(town.ruth.modal)


@pytest.mark.long
async def test_a_panel_meets_in_a_room_and_moves_online(town):
    taken = Span(at("2026-03-03 08:00"), at("2026-03-03 18:00"))
    town.here.calendars.graph.mailboxes[ROOM].append(Entry(span=taken, subject="Councillors' training"))
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref, "Several agencies are needed; she has said yes to it.")

    await town.ruth.press("Find a time", MARM, near=ref)
    await town.ruth.fill("Where", ASH)
    problems = await town.ruth.submit_and_be_told()
    assert problems["Where"].startswith("8 people would be asked, and that seats 6.")
    offer = await would_meet(town, WILLOW)
    assert "Room: Willow Room." in offer
    assert "Minutes: Ruth Calloway." in offer or "Minutes: Dele Okonjo." in offer
    assert "Tue 3 Mar" not in offer, "the councillors have the room"

    told = await books(town, town.ruth, "Wed 4 Mar 2026, 09:30")
    assert re.search(r"Booked: .*Wed 4 Mar 2026, \d\d:\d\d, in Willow Room", told)
    assert entry(town).said["location"] == {"displayName": "Willow Room", "locationEmailAddress": ROOM}
    assert asked(town)[ROOM] == "resource"
    card = str(town.ruth.last(MARM))
    assert re.search(r"Where\W+Willow Room", card)
    assert re.search(r"Minutes\W+(Ruth Calloway|Dele Okonjo)", card)
    assert "Willow Room" in str(town.jude.last("dm"))
    assert (await town.jude.gets_mail(ref)).invitation["location"] == "Willow Room"
    await answers_invitation(town, town.jude)

    await town.ruth.press("Move", MARM)
    [where] = [each for each in town.ruth.modal.controls if each.block.get("block_id") == "where"]
    assert where.element["initial_option"]["text"]["text"] == WILLOW
    assert "Room:" not in await would_meet(town, "Online")
    await town.ruth.press("Move to this time", near="Thu 5 Mar 2026, 09:30")
    await town.ruth.close()
    await town.settled()
    assert entry(town).said["location"] == {"displayName": ""}
    assert ROOM not in asked(town)
    assert "Willow Room" not in str(town.ruth.last(MARM))
