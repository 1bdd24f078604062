"""Looks at the entries of meetings in the organiser's calendar: now and then, and when the calendar says so."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.area import Practice
from bot.domain.entries import Seen, SeenAnswer
from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.graph_booking import Booked
from bot.usecases.entry_seen import Watched, entry_seen, watched, watched_by_id

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class Calendar(Protocol):
    """A calendar whose entries can be looked at."""

    async def event(self, id: str) -> Booked | None:
        """The entry as it stands, None where it is gone."""
        ...


class Host(Protocol):
    """What of the program is needed."""

    practice: Practice
    now: Callable[[], datetime]

    async def run(self, usecase: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case on the writing thread."""

    async def read(self, look: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A look at the record."""


class EntryWatch:
    """Takes over what people answered there; what cannot be read now is read at the next look."""

    def __init__(self, host: Host, calendars: Mapping[str, Calendar]) -> None:
        self.host, self.calendars = host, calendars

    async def look(self) -> int:
        """Look at every entry that may still be answered; how many could be read."""
        entries = await self.host.read(watched, self.host.practice, self.host.now())
        return await self._read(entries)

    async def look_at(self, calendar: str, entry_ids: Iterable[str]) -> int:
        """Look at these, of which a calendar says that something has changed; those not ours are passed over."""
        found = [await self.host.read(watched_by_id, calendar, id) for id in dict.fromkeys(entry_ids)]
        return await self._read(each for each in found if each is not None)

    async def _read(self, entries: Iterable[Watched]) -> int:
        read, silent = 0, set[str]()
        for each in entries:
            calendar = self.calendars.get(each.calendar)
            if calendar is None or each.calendar in silent:
                continue
            began = self.host.now()
            try:
                booked = await calendar.event(each.entry_id)
            except TryLater as later:
                log.warning("entries not read", extra={"calendar": each.calendar, "reason": later.reason})
                silent.add(each.calendar)  # whoever asks for patience gets it
                continue
            except Undeliverable as no:
                log.warning("entry not read", extra={"meeting": each.meeting_id, "reason": no.reason})
                continue
            seen = _seen(booked, began)
            await self.host.run(entry_seen, self.host.practice, each.meeting_id, seen, began, self.host.now())
            read += 1
        return read


def _seen(booked: Booked | None, began: datetime) -> Seen | None:
    if booked is None or booked.cancelled:
        return None
    answers = tuple(
        SeenAnswer(address=each.address, reply=each.reply, at=each.at)
        for each in booked.answers
        if each.reply is not None and each.at is not None
    )
    return Seen(start=booked.start, end=booked.end, read_at=began, answers=answers)
