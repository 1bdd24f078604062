"""The stand-in for Teams as a whole: its people and rooms, its keys, its troubles, and the line to the bot."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.local.delivery import Switches
from bot.local.news import News
from bot.local.seats import Command, Shortcut
from bot.local.shelf import Shelf
from bot.local.teams.activities import Activities, Bot
from bot.local.teams.aldermere import PEOPLE, ROOMS
from bot.local.teams.conversations import Conversations
from bot.local.teams.delivery import Delivery
from bot.local.teams.dialogs import Dialogs
from bot.local.teams.issuer import Issuer
from bot.local.teams.line import Line
from bot.local.teams.rates import Rates
from bot.local.teams.seats import Person, Room

Json = dict[str, Any]

APP_ID = "33333333-cccc-4ccc-8ccc-000000000003"

CALLS = 1_000
"""How many of the bot's calls are remembered."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the bot's to the connector, as it was answered."""

    method: str
    path: str
    body: Json
    status: int


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How the next call fails, or the next by that `method`; `after` means that it was carried out all the same."""

    status: int
    retry_after: int | None
    after: bool
    method: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """When a person's own view of a card was asked for, in real seconds, and how often the card had been edited."""

    at: float
    edits: int


class TeamsWorld:
    """Everything the stand-in knows. All of it lives in one event loop."""

    def __init__(
        self,
        *,
        people: Sequence[Person] = PEOPLE,
        rooms: Sequence[Room] = ROOMS,
        tenants: Mapping[str, str] | None = None,
        commands: Sequence[Command] = (),
        extensions: Sequence[Shortcut] = (),
        app_id: str = APP_ID,
        issuer: Issuer | None = None,
        now: Callable[[], float] = time.time,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        shelf: Shelf | None = None,
        news: News | None = None,
        switches: Switches | None = None,
        real_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now` is in seconds since 1970; the tokens' times go by it, and what is said by `clock`.

        `tenants` are names by id; `commands` are what one may write to the bot, `extensions` the commands of its
        message extension. `shelf` keeps the world over a restart; `real_seconds` measures rates and how old a view
        is. Set `address` once the port is known.
        """
        self.address = "http://127.0.0.1"
        self.app_id, self.issuer = app_id, issuer or Issuer(app_id, now=now)
        self.tenants, self.commands, self.extensions = dict(tenants or {}), commands, extensions
        self.shelf, self.news, self.real_seconds = shelf or Shelf(), news or News(), real_seconds
        self.talk = Conversations(people, rooms, self.shelf, self.news, clock)
        self.dialogs = Dialogs(self.shelf, self.news)
        self.looked: dict[tuple[str, str], Look] = {}
        self.delivery = Delivery(switches or Switches())
        self.rates = Rates(real_seconds)
        self.calls: list[Call] = []
        self.troubles: deque[Trouble] = deque()
        self.open_again: asyncio.Event | None = None
        self.keys_asked = 0
        self.members_a_page = 500

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
        self.delivery.line = Line(url, self.issuer)
        return self.delivery.line

    @property
    def line(self) -> Line | None:
        """The way to the bot, once there is one."""
        return self.delivery.line

    def note(self, call: Call) -> None:
        """Remember a call of the bot's."""
        self.calls.append(call)
        del self.calls[:-CALLS]

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        retry_after: int | None = None,
        after: bool = False,
        method: str = "",
    ) -> None:
        """Answer the next calls of the connector with this status (429, 412, 502, 504, …), or the next by `method`."""
        trouble = Trouble(status=status, retry_after=retry_after, after=after, method=method)
        self.troubles.extend([trouble] * times)

    def trouble_for(self, method: str) -> Trouble | None:
        """What a call by this method runs into, once for each time; None when it runs into nothing."""
        found = next((each for each in self.troubles if each.method in ("", method)), None)
        if found is not None:
            self.troubles.remove(found)
        return found

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
        await self.delivery.close()
