"""The stand-in for Teams, served for real, and the bot's own door beside it."""

import asyncio
import contextlib
import functools
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import aiohttp
import uvicorn
from httpx._transports import default
from starlette.routing import BaseRoute

from bot.handlers.teams.activity import Activity
from bot.handlers.teams.door import Door
from bot.handlers.teams.front import close, teams_app
from bot.handlers.teams.guard import Guard
from bot.handlers.teams.keys import Keys, fetching
from bot.handlers.teams.sdk import App
from bot.local.teams.aldermere import COUNCIL, HEARTH
from bot.local.teams.app import teams_app as stand_in_app
from bot.local.teams.issuer import Issuer
from bot.local.teams.line import Line
from bot.local.teams.world import APP_ID, TeamsWorld

TENANTS = (COUNCIL, HEARTH)
HERE = ("127.0.0.1",)


@functools.cache
def issuer() -> Issuer:
    """One for all tests: a key takes a tenth of a second."""
    return Issuer(APP_ID)


def a_world(**but: Any) -> TeamsWorld:
    return TeamsWorld(**{"issuer": issuer(), **but})


certificates = functools.cache(default.create_ssl_context)
"""The SDK makes three HTTP clients an App, and each would read the world's certificates: a sixth of a second."""


@contextlib.asynccontextmanager
async def served(world: TeamsWorld, beside: Sequence[BaseRoute] = ()) -> AsyncIterator[str]:
    """The stand-in on a port of its own; connections wait in the socket until the server takes them."""
    with socket.socket(
        proto=socket.IPPROTO_TCP
    ) as listener:  # without it asyncio leaves Nagle's wait of 40 ms on
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        world.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            stand_in_app(world, beside=beside), log_level="warning", ws="websockets-sansio", lifespan="off"
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield world.address
        await world.close()
        server.should_exit = True
        await serving


@dataclass
class Listener:
    """In the place of the verbs: notes what it hears, and answers as told."""

    heard: list[Activity] = field(default_factory=list)
    answer: Any = None

    async def __call__(self, activity: Activity) -> Any:
        self.heard.append(activity)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass(frozen=True)
class Town:
    """The stand-in, the bot's App and door, who listens behind it, and the line between them."""

    world: TeamsWorld
    app: App
    door: Door
    listener: Listener
    line: Line


@contextlib.asynccontextmanager
async def town(
    world: TeamsWorld | None = None, behind: Callable[[Activity], Awaitable[Any]] | None = None
) -> AsyncIterator[Town]:
    """The bot in the served stand-in, with all checks on; `behind` answers what the door has let in."""
    world = world or a_world()
    async with aiohttp.ClientSession() as session:

        async def fetch() -> Any:
            return await fetching(session, f"{world.address}/v1/.well-known/keys")()

        keys = Keys(fetch, time.monotonic)
        door = Door(Guard(app_id=APP_ID, tenants=TENANTS, keys=keys, now=time.time, hosts=HERE))
        listener = Listener()
        async with served(world, [door.route()]) as address:
            with patch.object(default, "create_ssl_context", certificates):
                app = await teams_app(
                    door,
                    behind or listener,
                    app_id=APP_ID,
                    home_tenant=COUNCIL,
                    token=world.issuer.outbound,
                    service_url=world.service_url,
                )
            yield Town(world, app, door, listener, world.reach(f"{address}/api/messages"))
            await close(app)
