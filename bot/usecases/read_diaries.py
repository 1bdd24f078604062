"""Which diaries to look into before a search or a booking, and what was found in them (calendar.md sections 1 and 7).

Looking takes seconds and another system, so it is done between these, never inside a transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.area import Practice
from bot.domain.diary import KEPT, Reading
from bot.storage.transaction import Begin, Work
from bot.usecases.diaries import Sought
from bot.usecases.venues import diary_name

JOB = "forget_diaries"


@dataclass(frozen=True, kw_only=True)
class ToRead:
    """One diary to look into: whose, by which address, in which calendars (`graph`, `google`).

    `whose` is a person's id, or what the room's diary is kept under.
    """

    whose: str
    address: str
    calendars: str


def to_read(
    work: Work, practice: Practice, sought: Sought, now: datetime, fresh: timedelta
) -> tuple[ToRead, ...]:
    """Those of the diaries sought that were not read within `fresh` for the whole window."""
    area = practice.area
    people = work.register.rows(sought.people)
    addresses = {id: row.email for id, row in people.items()}
    addresses |= {diary_name(room): room.address for room in area.venues if room.name in sought.rooms}
    known = work.diaries.readings(addresses)
    return tuple(
        ToRead(whose=whose, address=address, calendars=area.diary_of(address))
        for whose, address in addresses.items()
        if whose not in known or not known[whose].is_fresh(sought.window, now, fresh)
    )


def keep_readings(begin: Begin, readings: Mapping[str, Reading]) -> None:
    """Keep what was read, by whose it is; what is older than what is kept changes nothing."""
    with begin() as work:
        in_order = sorted(readings.items())  # or two who read at once lock each other out
        for id, reading in in_order:
            work.diaries.keep(id, reading)


def forget_readings(begin: Begin, now: datetime) -> int:
    """Throw away every reading older than a day; how many. Harmless to repeat."""
    with begin() as work:
        gone = work.diaries.forget(now - KEPT)
        work.heartbeats.beat(JOB, at=now)
        return gone
