"""Carries what people do in Teams to the bot: how long Teams waits, and the bad days that the switches ask for."""

import asyncio
from typing import Any

import aiohttp

from bot.local.delivery import Switches
from bot.local.refusals import CannotDo
from bot.local.teams.line import Answer, Line

Json = dict[str, Any]

PATIENCE = {"invoke": 5.0}
PATIENCE_OTHERWISE = 15.0
"""Seconds that Teams waits for an answer, by the activity's type (teams.md section 7)."""


class Delivery:
    """Asks the bot by one line. `patience`, in seconds, takes the place of Teams' own where it is set."""

    def __init__(self, switches: Switches) -> None:
        self.switches = switches
        self.line: Line | None = None
        self.patience: float | None = None
        self._again: set[asyncio.Task[None]] = set()

    async def ask(self, activity: Json) -> Json | None:
        """Deliver an activity: the body of the answer. CannotDo, in words for the person, when there is none."""
        if self.line is None:
            raise CannotDo("The app cannot be reached from Teams.")
        seconds = self.patience or PATIENCE.get(activity["type"], PATIENCE_OTHERWISE)
        try:
            async with asyncio.timeout(seconds):
                if self.switches.late:
                    await asyncio.sleep(self.switches.late_by)
                answer = await self.line.tell(activity)
        except TimeoutError as late:
            raise CannotDo(
                f"Teams waited {seconds:g} seconds for the app, in vain. Please try again."
            ) from late
        except aiohttp.ClientError as gone:
            raise CannotDo("The app cannot be reached from Teams. Please try again.") from gone
        if self.switches.duplicates:
            task = asyncio.get_running_loop().create_task(self._once_more(self.line, activity))
            self._again.add(task)
            task.add_done_callback(self._again.discard)
        return _body(answer)

    async def _once_more(self, line: Line, activity: Json) -> None:
        try:
            async with asyncio.timeout(PATIENCE_OTHERWISE):
                await line.tell(activity)
        except (TimeoutError, aiohttp.ClientError):
            return  # nobody waits for the second answer

    async def idle(self) -> None:
        """Return when nothing is on its way to the bot a second time any more."""
        while self._again:
            await asyncio.gather(*self._again, return_exceptions=True)

    async def close(self) -> None:
        """Give up what is under way, and hang up."""
        for task in list(self._again):
            task.cancel()
        await asyncio.gather(*self._again, return_exceptions=True)
        if self.line is not None:
            await self.line.close()


def _body(answer: Answer) -> Json | None:
    if answer.status != 200:
        raise CannotDo(
            f"Something went wrong: the app answered Teams with {answer.status}. Please try again."
        )
    code = (answer.body or {}).get("statusCode", 200)
    if code >= 400:
        told = (answer.body or {}).get("value")
        words = told.get("message") if isinstance(told, dict) else None
        raise CannotDo(str(words or f"The app refused it with {code}."))
    return answer.body
