"""The page in a real browser, before a served workspace and a small Bolt app: nothing here is a stand-in of ours."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.routing import Route

from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.seats import BOT, BOT_USER, TEAM, Chair, Command, Place, Room, Shortcut
from bot.local.teams.issuer import Issuer
from bot.local.teams.line import Answer
from bot.local.teams.seats import Person
from bot.local.teams.seats import Room as TeamsRoom
from bot.local.teams.world import APP_ID, TeamsWorld
from bot.local.world import World

COUNCIL = "11111111-aaaa-4aaa-8aaa-000000000001"
MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)  # ten o'clock in London
PEOPLE = (
    Chair(user_id="U0INES", name="Ines Calloway", title="Support worker", agency="Lantern House",
          chair="Practitioner", email="ines@lantern.example"),
    Chair(user_id="U0DANA", name="Dana Okafor", title="Social worker", agency="Aldermere Council",
          chair="Triage officer", email="dana@council.example"),
)  # fmt: skip
ROOMS = (
    Room(id="C0PANEL", name="panel", topic="Everyone", members=("U0INES", "U0DANA", BOT_USER)),
    Room(id="C0TRIAGE", name="triage", is_private=True, members=("U0DANA", BOT_USER)),
)


IN_TEAMS = tuple(
    Person(mri=f"29:{name}", object_id=name, name=chair.name, email=chair.email, tenant=COUNCIL)
    for name, chair in zip(("ines", "dana"), PEOPLE, strict=True)
)
TEAMS_ROOM = TeamsRoom(
    id="19:panel@thread.tacv2",
    kind="channel",
    tenant=COUNCIL,
    members=("29:ines", "29:dana"),
    name="MARM panel",
    team="19:team@thread.tacv2",
)
ISSUER = Issuer(APP_ID)


class TeamsBot:
    """Remembers what Teams told it, and answers in order what it was given to answer."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.answers: list[Any] = []

    async def tell(self, activity: Any) -> Answer:
        self.heard.append(activity)
        return Answer(status=200, body=self.answers.pop(0) if self.answers else None)

    async def close(self) -> None:
        """Nothing is open."""


def next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


class Workspace:
    """A served workspace in a loop of its own, in a thread of its own; `do` runs a coroutine there."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="workspace")
        self.thread.start()
        self.do(self._open())

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(15)

    async def _open(self) -> None:
        self.world = World(
            place=Place(name="Aldermere", note="An invented place"),
            people=PEOPLE,
            rooms=ROOMS,
            clock=MovableClock(next_weekday, start=MONDAY, real=lambda: MONDAY),
            commands=[Command(command="/refer", description="Raise a concern", usage="[pathway]")],
            shortcuts=[Shortcut(type="global", name="Raise a concern", callback_id="refer")],
        )
        self.teams = TeamsWorld(
            people=IN_TEAMS,
            rooms=[TEAMS_ROOM],
            tenants={COUNCIL: "Aldermere Council"},
            commands=[Command(command="help", description="See what you can do here")],
            extensions=[Shortcut(type="global", name="Raise a concern", callback_id="raise-concern")],
            issuer=ISSUER,
            shelf=self.world.shelf,
            news=self.world.news,
            clock=self.world.clock.now,
        )
        self.teams.delivery.line = self.heard_in_teams = TeamsBot()
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(50)
        self.address = self.world.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.client = AsyncWebClient(token=self.world.bot_token, base_url=f"{self.address}/api/")

        async def authorize(**_: object) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=TEAM,
                bot_token=self.world.bot_token,
                bot_id=BOT,
                bot_user_id=BOT_USER,
            )

        self.app = AsyncApp(
            signing_secret=self.world.signing_secret,
            authorize=authorize,
            process_before_response=True,
            client=AsyncWebClient(base_url=f"{self.address}/api/"),
        )

        @self.app.event("app_home_opened")
        async def home_opened(ack: Any) -> None:
            await ack()

        handler = AsyncSlackRequestHandler(self.app)

        async def slack_events(asked: Request) -> object:
            return await handler.handle(asked)

        beside = [Route("/slack/events", slack_events, methods=["POST"])]
        self.world.reach_by_http(f"{self.address}/slack/events")
        config = uvicorn.Config(
            workspace_app(self.world, teams=self.teams, beside=beside),
            log_level="warning",
            ws="websockets-sansio",
            lifespan="off",
        )
        self.server = uvicorn.Server(config)
        self.serving = asyncio.create_task(self.server.serve(sockets=[self.listener]))

    async def _close(self) -> None:
        await self.teams.close()
        await self.world.close()
        self.server.should_exit = True
        await self.serving
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:  # a delivery that the browser began as it was closing
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def close(self) -> None:
        self.do(self._close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(15)
        self.loop.close()
        self.listener.close()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    opened = Workspace()
    yield opened
    opened.close()


@pytest.fixture
def screen(chromium: Browser, workspace: Workspace) -> Iterator[SimpleNamespace]:
    """A browser window that remembers everything the page complained about or asked for elsewhere."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(8_000)
    troubles: list[str] = []
    elsewhere: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(workspace.address) else elsewhere.append(asked.url),
    )

    def sit(place: str, width: int = 1280) -> Page:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{workspace.address}/#/{place}")
        page.wait_for_selector("#place-title:not(:text('Opening'))")
        return page

    yield SimpleNamespace(page=page, sit=sit, troubles=troubles, elsewhere=elsewhere)
    context.close()
