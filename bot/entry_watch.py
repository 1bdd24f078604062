"""Looks at the entries of meetings in the organiser's calendar: now and then, and when the calendar says so."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.area import Practice
from bot.domain.entries import Channel, Seen, SeenAnswer
from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.graph_booking import Booked
from bot.usecases.channels import channel_of, keep_channel
from bot.usecases.entry_seen import Watched, entry_seen, watched, watched_by_id

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

LIVES = timedelta(days=6)
"""How long a channel is asked for; Graph grants a week, Google about as much."""

RENEWED = timedelta(days=2)
"""How long before its end a channel is renewed: a weekend of failing does not close it."""


class Calendar(Protocol):
    """A calendar whose entries can be looked at."""

    async def event(self, id: str) -> Booked | None:
        """The entry as it stands, None where it is gone."""
        ...

    async def listen(self, address: str, secret: str, until: datetime) -> Channel:
        """Have it tell us of changes at this address."""
        ...

    async def listen_on(self, channel: Channel, address: str, until: datetime) -> Channel | None:
        """For longer; None where the channel is gone."""
        ...

    async def stop_listening(self, channel: Channel) -> None:
        """No longer; one that is gone is closed."""
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

    def __init__(self, host: Host, calendars: Mapping[str, Calendar], reached_at: str = "") -> None:
        """`reached_at` is where calendars can tell us of changes, "" where they cannot: then we only look."""
        self.host, self.calendars, self._reached_at = host, calendars, reached_at
        self._listening = asyncio.Lock()
        self._tasks: set[asyncio.Task[object]] = set()
        self._waiting: dict[str, set[str]] = {}

    async def listen(self, *, anew: bool = False) -> None:
        """Have the organiser's calendar tell us of changes, or go on telling; `anew` whatever we know of it.

        What fails is a line in the log: we look now and then all the same.
        """
        name = self.host.practice.organiser
        calendar = self.calendars.get(name)
        if calendar is None or not self._reached_at:
            return
        async with self._listening:
            try:
                await self._listen(name, calendar, anew)
            except (TryLater, Undeliverable) as error:
                log.warning(
                    "calendar does not tell of changes", extra={"calendar": name, "reason": error.reason}
                )

    async def channel(self, calendar: str) -> Channel | None:
        """The channel that was opened last."""
        return await self.host.read(channel_of, calendar)

    def told(self, calendar: str, events: Iterable[str], *, channel: bool, everything: bool) -> None:
        """Something has changed; look at it soon. Told of one event many times, it is looked at once."""
        if channel:
            self._begin(self.listen(anew=True))
        if everything:
            self._begin(self.look())
        new = set(events)
        if new and calendar in self._waiting:
            self._waiting[calendar] |= new
        elif new:
            self._waiting[calendar] = new
            self._begin(self._look_at_waiting(calendar))

    async def settled(self) -> None:
        """Return when everything that was told of has been looked at."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Let go of what is being looked at; it is looked at after the next start."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def look(self) -> int:
        """Look at every entry that may still be answered; how many could be read."""
        entries = await self.host.read(watched, self.host.practice, self.host.now())
        return await self._read(entries)

    async def look_at(self, calendar: str, entry_ids: Iterable[str]) -> int:
        """Look at these, of which a calendar says that something has changed; those not ours are passed over."""
        found = [await self.host.read(watched_by_id, calendar, id) for id in dict.fromkeys(entry_ids)]
        return await self._read(each for each in found if each is not None)

    async def _listen(self, name: str, calendar: Calendar, anew: bool) -> None:
        now = self.host.now()
        known = None if anew else await self.channel(name)
        if known is not None and known.expires_at - now > RENEWED:
            return
        address, until = f"{self._reached_at}/calendars/{name}", now + LIVES
        kept = await calendar.listen_on(known, address, until) if known is not None else None
        if kept is None:
            kept = await calendar.listen(address, secrets.token_urlsafe(32), until)
        before = await self.host.run(keep_channel, name, kept, now)
        if before is not None:
            await calendar.stop_listening(before)

    async def _look_at_waiting(self, calendar: str) -> None:
        events = self._waiting.pop(calendar)
        await self.look_at(calendar, sorted(events))

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[object]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("entries not looked at", extra={"error": type(error).__name__})

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
