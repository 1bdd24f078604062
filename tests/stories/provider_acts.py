"""What a provider and its partners do between meetings: agree on a measure, write something down, meet soon."""

import re
from datetime import datetime

from acts import page
from meeting_acts import books, looks_for_a_time, starts
from town import LONDON, Town

from bot.local.hands import Hands

ROOM = "professionals-meetings"


async def opens_the_file(who: Hands, ref: str, part: str = "") -> str:
    """The case's file, at the part of that title; what it shows."""
    await who.press("Open the case", ROOM, near=f"Case {ref}")
    if part:
        await who.choose("Go to another part", part)
    return str(who.modal)


async def leaves(town: Town, who: Hands) -> None:
    """Everything that is open is closed."""
    while who.modal_open:
        await who.close()
    await town.settled()


async def reads(town: Town, who: Hands, ref: str, part: str = "") -> str:
    """One part of the case's file, or its first; closed again."""
    shown = await opens_the_file(who, ref, part)
    await leaves(town, who)
    return shown


async def agrees_on_a_measure(town: Town, who: Hands, ref: str, **measure: object) -> str:
    """From the case's file: an interim measure, with its reason and its last day; the page that shows it."""
    await opens_the_file(who, ref)
    await who.press("Interim measures")
    await who.press("New interim measure")
    await page(who, **measure)
    shown = str(who.modal)
    await leaves(town, who)
    return shown


async def writes_down(town: Town, who: Hands, ref: str, kind: str, **said: object) -> str:
    """From the case's file: an entry of this kind in the chronology; the page that shows it."""
    await opens_the_file(who, ref)
    await who.press("Add to the chronology")
    await page(who, kind=kind)
    await page(who, **said)
    shown = str(who.modal)
    await leaves(town, who)
    return shown


async def meets_soon(town: Town, who: Hands, ref: str, **wanted: object) -> datetime:
    """The first time on offer is booked and lived to, and the meeting has begun; when that is."""
    times = await looks_for_a_time(who, ref, ROOM, **wanted)
    first = re.search(r"^1\. (\w+ \d+ \w+ \d+), (\d\d:\d\d) to", times, re.MULTILINE)
    assert first, times
    await books(town, who, first[0])
    begins = datetime.strptime(" ".join(first.groups()), "%a %d %b %Y %H:%M").replace(tzinfo=LONDON)
    await town.moves_to(begins)
    await starts(town, who, ROOM, near=", ".join(first.groups()))
    return begins
