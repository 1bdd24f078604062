"""The invented workspace as fixtures: bare, and with a tiny real Bolt app at the other end of either line."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.web.async_client import AsyncWebClient
from stand_in_town import Seconds, a_world, bolt, served
from starlette.requests import Request
from starlette.routing import Route

from bot.local.world import World


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def world(seconds: Seconds) -> AsyncIterator[World]:
    made = a_world(real_seconds=seconds)
    yield made
    await made.close()


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
