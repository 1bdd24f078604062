"""The stand-in for Teams as a whole: its people and rooms, its keys, its troubles, and the line to the bot."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.local.teams.activities import Activities, Bot
from bot.local.teams.aldermere import PEOPLE, ROOMS
from bot.local.teams.conversations import Conversations
from bot.local.teams.issuer import Issuer
from bot.local.teams.line import Line
from bot.local.teams.seats import Person, Room

Json = dict[str, Any]

APP_ID = "33333333-cccc-4ccc-8ccc-000000000003"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the bot's to the connector, as it was answered."""

    method: str
    path: str
    body: Json
    status: int


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How the next call fails; `after` means that it was carried out all the same."""

    status: int
    retry_after: int | None
    after: bool


class TeamsWorld:
    """Everything the stand-in knows. All of it lives in one event loop."""

    def __init__(
        self,
        *,
        people: Sequence[Person] = PEOPLE,
        rooms: Sequence[Room] = ROOMS,
        app_id: str = APP_ID,
        issuer: Issuer | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now` is in seconds since 1970; the tokens' times go by it. Set `address` once the port is known."""
        self.address = "http://127.0.0.1"
        self.app_id, self.issuer = app_id, issuer or Issuer(app_id, now=now)
        self.talk = Conversations(people, rooms)
        self.calls: list[Call] = []
        self.troubles: deque[Trouble] = deque()
        self.open_again: asyncio.Event | None = None
        self.keys_asked = 0
        self.line: Line | None = None

    @property
    def service_url(self) -> str:
        """Where the connector is, as activities say it."""
        return f"{self.address}/teams"

    @property
    def activities(self) -> Activities:
        """Makes what people do in this world."""
        return Activities(Bot(id=f"28:{self.app_id}"), self.service_url)

    def reach(self, url: str) -> Line:
        """From now on speak to the bot at `url`."""
        self.line = Line(url, self.issuer)
        return self.line

    def fail(
        self, status: int, *, times: int = 1, retry_after: int | None = None, after: bool = False
    ) -> None:
        """Answer the next calls of the connector with this status (429, 412, 502, 504, …)."""
        self.troubles.extend([Trouble(status=status, retry_after=retry_after, after=after)] * times)

    def fall_silent(self) -> None:
        """Take calls of the connector and give no answer, until `speak_again`."""
        self.open_again = asyncio.Event()

    def speak_again(self) -> None:
        """End a silence."""
        if self.open_again is not None:
            self.open_again.set()
            self.open_again = None

    async def close(self) -> None:
        """End what waits, so that the program can stop."""
        self.speak_again()
        if self.line is not None:
            await self.line.close()
