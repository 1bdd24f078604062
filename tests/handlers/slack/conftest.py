"""The real Bolt app in process, signed payloads, and a loopback stand-in for what Slack answers.

People and places are of Aldermere, which is invented.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.response import BoltResponse
from slack_far_side import Heard, TestBot
from slack_payloads import SECRET, TEAM, Json, Says, signed

from bot.handlers.slack.edge import SlackEdge, front_client
from bot.handlers.slack.identity import Installation
from bot.handlers.verbs.pages import Shape
from bot.handlers.verbs.registry import Verbs
from bot.local.blockkit import faults
from bot.render import Render

HERE = Installation(team=TEAM, bot_token="xoxb-1", bot_id="B0BOT", bot_user="U0BOT")


@pytest.fixture
async def slack() -> AsyncIterator[Heard]:
    """A loopback Web API that notes every call, and judges every view and message as Slack would."""
    heard = Heard()

    async def api(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        what = (
            await request.json() if request.content_type == "application/json" else dict(await request.post())
        )
        what = {
            key: json.loads(v) if key == "blocks" and isinstance(v, str) else v for key, v in what.items()
        }
        what.pop("team_id", None)  # the client adds it, for organisations with several workspaces
        heard.calls.append((method, what))
        if refusals := heard.refusals.get(method):
            return web.json_response({"ok": False, "error": refusals.pop(0)})
        if view := what.get("view"):
            assert faults(view, view["type"]) == []
        if method in ("chat.postMessage", "chat.postEphemeral", "respond"):
            assert faults(what, "message") == []
        return web.json_response({"ok": True, "team_id": TEAM, "bot_id": "B0BOT", "user_id": "U0BOT"})

    application = web.Application()
    application.router.add_post("/api/{method}", api)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    heard.address = f"http://{host}:{port}/api/"
    yield heard
    await runner.cleanup()


@pytest.fixture(scope="session")
def render() -> Render:
    return Render()


@pytest.fixture
def shape(render: Render) -> Shape:
    """As Slack draws it."""
    return partial(render.shape, "slack")


@pytest.fixture
def bot(render: Render) -> TestBot:
    return TestBot(render)


@pytest.fixture
def verbs() -> Verbs:
    return Verbs()


@pytest.fixture
async def edge(bot: TestBot, verbs: Verbs, slack: Heard) -> AsyncIterator[SlackEdge]:
    async with aiohttp.ClientSession() as pool:
        edge = SlackEdge(
            bot,
            verbs,
            lambda enterprise, team: HERE if team == TEAM else None,
            client=front_client(pool, slack.address),
            signing_secret=SECRET,
        )
        yield edge
        await edge.close()


@pytest.fixture
def send(edge: SlackEdge) -> Callable[..., Any]:
    """Signs a payload, puts it through the whole app, and lets the private notes leave."""

    async def dispatch(body: Json) -> BoltResponse:
        answer = await edge.app.async_dispatch(signed(body))
        await edge.close()
        return answer

    return dispatch


@pytest.fixture
def says() -> type[Says]:
    return Says


@pytest.fixture
def judge() -> Iterator[Callable[..., list[str]]]:
    return faults
