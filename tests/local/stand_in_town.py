"""A workspace in the invented area of Aldermere, served for real, and what may stand in for the bot."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import uvicorn
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.delivery import Ack, Parcel
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


class ScriptedBot:
    """The bot at the other end of the line: notes what it gets and answers as told."""

    def __init__(self) -> None:
        self.got: list[Parcel] = []
        self.answers: list[object] = []

    async def carry(self, parcel: Parcel) -> Ack:
        self.got.append(parcel)
        return Ack(answered=True, body=self.answers.pop(0) if self.answers else None)

    async def close(self) -> None:
        return None

    @property
    def last(self):
        return self.got[-1].payload


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
