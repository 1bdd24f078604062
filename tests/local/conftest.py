"""A workspace in the invented area of Aldermere, served for real, and a tiny Bolt app that talks to it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import pytest
import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.routing import Route

from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.seats import BOT, BOT_USER, TEAM, Chair, Command, Place, Room, Shortcut
from bot.local.shelf import Shelf
from bot.local.world import World

MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)  # ten o'clock in London


def next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


PEOPLE = (
    Chair(user_id="U0PRIYA", name="Priya Nadar", title="Support worker", agency="Aldermere Hearth",
          chair="Practitioner", email="priya@hearth.example"),
    Chair(user_id="U0TOM", name="Tom Askew", title="Social worker", agency="Aldermere Council",
          chair="Triage officer", email="tom@council.example"),
)  # fmt: skip
ROOMS = (
    Room(id="C0TRIAGE", name="triage", topic="Pointers only", is_private=True, members=("U0TOM", BOT_USER)),
    Room(id="C0PANEL", name="panel", members=("U0PRIYA", "U0TOM", BOT_USER)),
    Room(id="C0OTHER", name="other", members=("U0TOM",)),
)


class Seconds:
    """Real seconds that a test turns by hand: triggers and rate limits."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def a_world(shelf: Shelf | None = None, **but: object) -> World:
    clock = MovableClock(next_weekday, shelf=shelf, start=MONDAY, real=lambda: MONDAY)
    return World(
        place=Place(name="Aldermere", note="An invented place"),
        people=PEOPLE,
        rooms=ROOMS,
        clock=clock,
        shelf=shelf,
        commands=[Command(command="/refer", description="Raise a concern", usage="[pathway]")],
        shortcuts=[
            Shortcut(type="global", name="Raise a concern", callback_id="refer"),
            Shortcut(type="message", name="Refer this concern", callback_id="refer-message"),
        ],
        **but,
    )


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def world(seconds: Seconds) -> AsyncIterator[World]:
    made = a_world(real_seconds=seconds)
    yield made
    await made.close()


@contextlib.asynccontextmanager
async def served(world: World, *beside: Route) -> AsyncIterator[str]:
    """The workspace on a port of its own; connections wait in the socket until the server takes them."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        world.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            workspace_app(world, beside=beside), log_level="warning", ws="websockets-sansio", lifespan="off"
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield world.address
        finally:
            await world.close()
            server.should_exit = True
            await task


def bolt(world: World) -> AsyncApp:
    """A real Bolt app, thin edge: own authorize, everything answered before the response."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_token=world.bot_token, bot_id=BOT, bot_user_id=BOT_USER
        )

    return AsyncApp(
        signing_secret=world.signing_secret,
        authorize=authorize,
        process_before_response=True,
        client=AsyncWebClient(base_url=f"{world.address}/api/"),
        request_verification_enabled=True,
    )


@pytest.fixture(params=["socket mode", "signed http"])
async def bot(request: pytest.FixtureRequest, world: World) -> AsyncIterator[SimpleNamespace]:
    """The served workspace with a Bolt app on the other end of either line."""
    held: dict[str, AsyncSlackRequestHandler] = {}

    async def slack_events(asked: Request) -> object:
        return await held["handler"].handle(asked)

    async with served(world, Route("/slack/events", slack_events, methods=["POST"])) as address:
        app = bolt(world)
        held["handler"] = AsyncSlackRequestHandler(app)
        async with aiohttp.ClientSession() as pool:
            client = AsyncWebClient(token=world.bot_token, base_url=f"{address}/api/", session=pool)
            if request.param == "signed http":
                world.reach_by_http(f"{address}/slack/events")
                yield SimpleNamespace(app=app, client=client, address=address, pool=pool)
                return
            app_client = AsyncWebClient(token=world.app_token, base_url=f"{address}/api/", session=pool)
            line = AsyncSocketModeHandler(app, world.app_token, web_client=app_client)
            await line.connect_async()
            yield SimpleNamespace(app=app, client=client, address=address, pool=pool)
            await line.close_async()
