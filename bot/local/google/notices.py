"""Tells a bot that something changed, as Google does: a POST without a body, and everything in its headers."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.local.google.refusals import GoogleRefuses
from bot.local.guard import LOOPBACK

Json = dict[str, Any]

LONGEST_ID, LONGEST_TOKEN = 64, 256
LIVES = timedelta(days=7)
"""The longest that a channel is open; one that asks for more gets this."""


@dataclass(kw_only=True)
class Watch:
    """A channel that somebody opened; `messages` is how many were sent through it."""

    id: str
    resource: str
    address: str
    token: str
    until: datetime
    messages: int = 0

    def headers(self, state: str) -> dict[str, str]:
        """Those of the next message."""
        self.messages += 1
        said = {
            "X-Goog-Channel-ID": self.id,
            "X-Goog-Message-Number": str(self.messages),
            "X-Goog-Resource-ID": self.resource,
            "X-Goog-Resource-State": state,
            "X-Goog-Resource-URI": "https://www.googleapis.com/calendar/v3/calendars/events?alt=json",
            "X-Goog-Channel-Expiration": format_datetime(self.until, usegmt=True),
        }
        return {**said, "X-Goog-Channel-Token": self.token} if self.token else said


class Notices:
    """The channels to the events of one calendar, and what is still to be told."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.open: dict[str, Watch] = {}
        self.used: set[str] = set()
        self.owed: list[tuple[Watch, str]] = []
        self._pool: aiohttp.ClientSession | None = None

    def watch(self, said: Json) -> Json:
        """Open a channel; its first message says that it is open."""
        id, address, token = (str(said.get(name) or "") for name in ("id", "address", "token"))
        if said.get("type") != "web_hook" or not id or len(id) > LONGEST_ID or len(token) > LONGEST_TOKEN:
            raise GoogleRefuses(400, "invalid")
        where = urlsplit(address)
        if where.scheme != "https" and where.hostname not in LOOPBACK:
            raise GoogleRefuses(400, "push.webhookUrlNotHttps", why="WebHook callback must be HTTPS")
        if id in self.used:
            raise GoogleRefuses(400, "channelIdNotUnique")
        self.used.add(id)
        longest = self.clock() + LIVES
        asked = said.get("expiration")
        until = min(longest, datetime.fromtimestamp(int(asked) / 1_000, longest.tzinfo)) if asked else longest
        made = Watch(id=id, resource=secrets.token_urlsafe(16), address=address, token=token, until=until)
        self.open[id] = made
        self.owed.append((made, "sync"))
        return {
            "kind": "api#channel",
            "id": id,
            "resourceId": made.resource,
            "resourceUri": "https://www.googleapis.com/calendar/v3/calendars/events?alt=json",
            "token": token,
            "expiration": str(round(until.timestamp() * 1_000)),
        }

    def stop(self, said: Json) -> None:
        """Close a channel; refused where there is none, or where it has another resource."""
        found = self.open.get(str(said.get("id")))
        if found is None or found.resource != said.get("resourceId") or found.until <= self.clock():
            raise GoogleRefuses(404, "notFound", why="Channel not found")
        del self.open[found.id]

    def changed(self) -> None:
        """Something changed: every channel that is still open is owed a message."""
        self.owed += [(each, "exists") for each in self.open.values() if each.until > self.clock()]

    async def carry(self) -> None:
        """Send what is owed, once: whoever does not take it is not told again here, though Google would."""
        owed, self.owed = self.owed, []
        for watch, state in owed:
            self._pool = self._pool or aiohttp.ClientSession()
            try:
                async with self._pool.post(watch.address, data=b"", headers=watch.headers(state)):
                    pass
            except aiohttp.ClientError:
                continue  # the bot is away

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
