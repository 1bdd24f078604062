"""The stand-in's subscriptions: whoever asked is told which event has changed, and never how."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.local.graph.refusals import GraphRefuses
from bot.local.graph.world import Event, GraphWorld

Json = dict[str, Any]

LONGEST = timedelta(minutes=10_080)
SHORTEST = timedelta(minutes=45)  # what is asked for less is raised to it
PATIENCE = 10.0  # seconds for the handshake
LONGEST_STATE = 128


@dataclass(kw_only=True)
class Subscription:
    """Who is to be told where."""

    id: str
    said: Json
    ends: datetime


class Notices:
    """All subscriptions of the app. `lost` swallows what is told, `twice` tells it twice."""

    def __init__(self, world: GraphWorld) -> None:
        self.world = world
        self.all: dict[str, Subscription] = {}
        self.lost = self.twice = False
        self.sent: list[Json] = []
        self._tasks: set[asyncio.Task[None]] = set()
        world.on_change = self.changed

    async def subscribe(self, said: Json) -> Subscription:
        """A new subscription, once the address has given the token back (handshake)."""
        ends = self._ends(said)
        if len(str(said.get("clientState", ""))) > LONGEST_STATE:
            raise GraphRefuses(400, "InvalidRequest")
        if said.get("resource") != f"/users/{self.world.organiser}/events":
            raise GraphRefuses(403, "ExtensionError", why="outside of the app's scope")
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            if not await _gives_back(str(said.get(name, ""))):
                raise GraphRefuses(400, "ValidationError", why="Subscription validation request failed.")
        made = Subscription(id=f"sub-{secrets.token_hex(8)}", said=dict(said), ends=ends)
        self.all[made.id] = made
        return made

    def renew(self, id: str, said: Json) -> Subscription:
        """For longer; refused where it is gone or has run out."""
        found = self._find(id)
        found.ends = self._ends(said)
        return found

    def end(self, id: str) -> None:
        """No longer."""
        del self.all[self._find(id).id]

    def told(self, subscription: Subscription) -> Json:
        """A subscription as Graph tells it."""
        ends = f"{subscription.ends:%Y-%m-%dT%H:%M:%SZ}"
        return {**subscription.said, "id": subscription.id, "expirationDateTime": ends}

    def changed(self, what: str, event: Event) -> None:
        """Tell every subscription that still runs; `what` is updated or deleted."""
        data = {"@odata.type": "#Microsoft.Graph.Event", "id": event.id}
        for each in self._running():
            self.send(
                each, {"changeType": what, "resource": f"Users/x/Events/{event.id}", "resourceData": data}
            )

    def lifecycle(self, what: str) -> None:
        """Say that a channel needs care: reauthorizationRequired, subscriptionRemoved, missed."""
        for each in self._running():
            self.send(each, {"lifecycleEvent": what})
            if what == "subscriptionRemoved":
                del self.all[each.id]

    def send(self, to: Subscription, note: Json) -> None:
        """Send one note, unless it is to be lost."""
        note = {"subscriptionId": to.id, "clientState": to.said.get("clientState"), **note}
        for _ in range(0 if self.lost else 2 if self.twice else 1):
            task = asyncio.create_task(self._send(str(to.said["notificationUrl"]), note))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Return when everything that was to be sent has been taken."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _send(self, address: str, note: Json) -> None:
        self.sent.append(note)
        try:
            async with aiohttp.ClientSession() as http, http.post(address, json={"value": [note]}) as answer:
                await answer.read()
        except aiohttp.ClientError:
            self.sent.remove(note)

    def _running(self) -> list[Subscription]:
        return [each for each in self.all.values() if each.ends > self.world.clock()]

    def _find(self, id: str) -> Subscription:
        found = self.all.get(id)
        if found is None or found.ends <= self.world.clock():
            raise GraphRefuses(404, "ResourceNotFound")
        return found

    def _ends(self, said: Json) -> datetime:
        now = self.world.clock()
        try:
            wanted = datetime.fromisoformat(str(said.get("expirationDateTime", "")))
        except ValueError:
            raise GraphRefuses(400, "InvalidRequest") from None
        if wanted - now > LONGEST:
            raise GraphRefuses(
                400, "InvalidRequest", why="Subscription expiration can only be 10080 minutes."
            )
        return max(wanted, now + SHORTEST)


async def _gives_back(address: str) -> bool:
    token = f"Validation: Testing client application {secrets.token_hex(8)}"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as http,
            http.post(address, params={"validationToken": token}) as answer,
        ):
            return answer.status == 200 and await answer.text() == token
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False
