"""Looks into people's diaries beside everything else: what it finds is kept for the search, which never waits long."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.area import Practice
from bot.domain.diary import FRESH, Diary, Reading, Unreadable
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.usecases.diaries import Sought
from bot.usecases.read_diaries import ToRead, keep_readings, to_read

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class Calendars(Protocol):
    """Somewhere that diaries can be read: Graph, Google."""

    async def diaries(self, addresses: Iterable[str], window: Span) -> Mapping[str, Diary | Unreadable]:
        """What each of these people's diaries says of the window. TryLater or Undeliverable for all of them."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class Host(Protocol):
    """What of the program is needed."""

    practice: Practice
    now: Callable[[], datetime]

    async def run(self, usecase: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case on the writing thread."""

    async def read(self, look: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A look at the record."""


@dataclass(frozen=True)
class _Look:
    """One call under way."""

    people: frozenset[str]
    window: Span


class DiaryReading:
    """Reads what is not known yet, once at a time for each diary. Close it when nothing more will be sought."""

    def __init__(self, host: Host, calendars: Mapping[str, Calendars]) -> None:
        """`calendars` by the name that the area's file gives them."""
        self.host, self.calendars = host, calendars
        self._going: dict[asyncio.Task[None], _Look] = {}

    async def look(self, sought: Sought, *, patience: float, fresh: timedelta = FRESH) -> None:
        """Read what was not read within `fresh`, and wait `patience` seconds at most.

        What takes longer is read on and kept for the next search. What cannot be read is a line in the log, and the
        person's older reading stands while it may.
        """
        tasks = await self._begin(sought, fresh)
        if tasks:
            await asyncio.wait(tasks, timeout=patience)

    def look_ahead(self, sought: Sought) -> None:
        """Begin to read what a search will probably need; nobody waits for it."""
        task = asyncio.create_task(self.look(sought, patience=0))
        self._going[task] = _Look(frozenset(), sought.window)
        task.add_done_callback(self._done)

    async def close(self) -> None:
        """Let go of what is still being read, and close the connections."""
        going = list(self._going)
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        for calendars in self.calendars.values():
            await calendars.close()

    async def _begin(self, sought: Sought, fresh: timedelta) -> set[asyncio.Task[None]]:
        """The calls that will answer this: those that are under way already, and new ones."""
        wanted = await self.host.read(to_read, self.host.practice, sought, self.host.now(), fresh)
        tasks: set[asyncio.Task[None]] = set()
        left = []
        for each in wanted:
            if under_way := self._under_way(each.whose, sought.window):
                tasks.add(under_way)
            else:
                left.append(each)
        for name, diaries in groupby(
            sorted(left, key=lambda each: each.calendars), lambda one: one.calendars
        ):
            if name in self.calendars:
                tasks.add(self._read_on(self.calendars[name], list(diaries), sought.window))
        return tasks

    def _under_way(self, person: str, window: Span) -> asyncio.Task[None] | None:
        return next(
            (
                task
                for task, look in self._going.items()
                if person in look.people and look.window.holds(window)
            ),
            None,
        )

    def _read_on(self, calendars: Calendars, diaries: list[ToRead], window: Span) -> asyncio.Task[None]:
        task = asyncio.create_task(self._read(calendars, diaries, window))
        self._going[task] = _Look(frozenset(each.whose for each in diaries), window)
        task.add_done_callback(self._done)
        return task

    async def _read(self, calendars: Calendars, diaries: list[ToRead], window: Span) -> None:
        began = self.host.now()
        try:
            found = await calendars.diaries([each.address for each in diaries], window)
        except (TryLater, Undeliverable) as error:
            log.warning("diaries not read", extra={"people": len(diaries), "reason": error.reason})
            return
        readings = {
            each.whose: Reading(window=window, read_at=began, diary=found[each.address])
            for each in diaries
            if each.address in found
        }
        await self.host.run(keep_readings, readings)

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._going[task]
        if not task.cancelled() and (error := task.exception()):
            log.warning("diaries not kept", extra={"error": type(error).__name__})
