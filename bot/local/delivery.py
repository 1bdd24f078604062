"""Carries what people do to the bot and waits for its answer, three seconds at most (slack.md section 4)."""

import asyncio
import copy
import dataclasses
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Json = dict[str, Any]

PATIENCE = 3.0  # seconds in which the bot must answer
RESENDS = (0.0, 60.0, 300.0)  # seconds before the first, second and third resend of an event


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """One payload for the bot; `retry` counts resends from 1."""

    kind: Literal["slash_commands", "interactive", "events_api"]
    payload: Json
    retry: int | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ack:
    """What the bot answered: `body` is a JSON object, text, or None. Not `answered`: `trouble` says why."""

    answered: bool
    body: Any = None
    trouble: str = ""
    no_retry: bool = False


class Line(Protocol):
    """One way to reach the bot."""

    async def carry(self, parcel: Parcel) -> Ack:
        """Deliver once and return the answer; silence is left to the caller's patience."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


@dataclass(slots=True)
class Switches:
    """What goes wrong on purpose. `late_by` is in seconds and comes out of the bot's three."""

    rate_limit: bool = False
    duplicates: bool = False
    late: bool = False
    late_by: float = 1.5


class Delivery:
    """Delivers by the chosen line, with the duplicates and delays that the switches ask for."""

    def __init__(self, line: Line, switches: Switches) -> None:
        self.line, self.switches = line, switches
        self.patience, self.resends = PATIENCE, RESENDS
        self._under_way: set[asyncio.Task[Any]] = set()

    async def ask(self, parcel: Parcel) -> Ack:
        """Deliver something a person did and return the bot's answer."""
        parcel = dataclasses.replace(parcel, payload=copy.deepcopy(parcel.payload))  # as it was when done
        try:
            async with asyncio.timeout(self.patience):
                if self.switches.late:
                    await asyncio.sleep(self.switches.late_by)
                ack = await self.line.carry(parcel)
        except TimeoutError:
            ack = Ack(answered=False, trouble="the app did not answer within three seconds")
        if self.switches.duplicates:
            again = dataclasses.replace(parcel, retry=1, reason="http_timeout")
            self._start(self._once(again))
        return ack

    async def tell(self, payload: Json) -> Ack:
        """Deliver an event once and wait for it; resends after a failure go on in the background."""
        parcel = Parcel(kind="events_api", payload=payload)
        ack = await self.ask(parcel)
        if not ack.answered and not ack.no_retry:
            self._start(self._resend(parcel))
        return ack

    def tell_later(self, payload: Json) -> None:
        """Deliver an event in the background."""
        self._start(self.tell(payload))

    async def _once(self, parcel: Parcel) -> Ack:
        try:
            async with asyncio.timeout(self.patience):
                return await self.line.carry(parcel)
        except TimeoutError:
            return Ack(answered=False, trouble="no answer within three seconds")

    async def _resend(self, parcel: Parcel) -> None:
        for number, wait in enumerate(self.resends, start=1):
            await asyncio.sleep(wait)
            ack = await self._once(dataclasses.replace(parcel, retry=number, reason="http_timeout"))
            if ack.answered or ack.no_retry:
                return

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def idle(self) -> None:
        """Return when no duplicate, event or resend is under way any more."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Give up what is under way and hang up."""
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self.line.close()
