"""Diaries of many people over a long time, read in as many calls as a calendar's limits ask for."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import timedelta
from typing import Any

from bot.domain.diary import Diary, Unreadable
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span, merged

Read = dict[str, Diary | Unreadable]
Ask = Callable[[Sequence[str], Span], Coroutine[Any, Any, Read]]


async def read_in_parts(
    ask: Ask, addresses: Iterable[str], window: Span, *, most: int, longest: timedelta
) -> Read:
    """Everybody's diary for the whole window, in the order in which they were named, each asked about once.

    `ask` reads `most` people and the time of `longest` at a call. Whoever cannot be read in one part is unreadable.
    The first call that fails with TryLater or Undeliverable ends the others and is raised: half an answer is none.
    """
    people = list(dict.fromkeys(addresses))
    groups = [people[at : at + most] for at in range(0, len(people), most)]
    calls = [ask(group, part) for part in _parts(window, longest) for group in groups]
    found: Read = {}
    for answer in await _all(calls):
        for address, read in answer.items():
            found[address] = _joined(found[address], read) if address in found else read
    return found


async def _all(calls: Sequence[Coroutine[Any, Any, Read]]) -> list[Read]:
    """What each gives, in order; the first that fails ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except* (TryLater, Undeliverable) as failed:
        first = failed.exceptions[0]
    else:
        return [task.result() for task in tasks]
    raise first


def _parts(window: Span, longest: timedelta) -> list[Span]:
    parts = []
    start = window.start
    while start < window.end:
        end = min(start + longest, window.end)
        parts.append(Span(start, end))
        start = end
    return parts


def _joined(one: Diary | Unreadable, other: Diary | Unreadable) -> Diary | Unreadable:
    if isinstance(one, Unreadable):
        return one
    if isinstance(other, Unreadable):
        return other
    return Diary(busy=merged((*one.busy, *other.busy)), tentative=merged((*one.tentative, *other.tentative)))
