"""The servers that are compared, each alone in a process, all behind the uvicorn that `convenor run` uses.

`served.py ours <database> <Web API>` is the real program, its courier and clock held still, so that what is
measured is what a request itself costs; what a press owes stays in the outbox, and its private note is held back
until `/bench/speak`. With an address of keys as a third word it serves Teams as well. `served.py bare <Web API>` is
Bolt with one listener a kind that does the least there is to do, `served.py sdk <keys>` the like of Teams
(`served_sdk.py`). Each prints its port when it is ready.
"""

import asyncio
import json
import os
import re
import resource
import socket
import sys
import time
from asyncio.events import Handle
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import uvicorn
from servers import ONE_PROCESSOR
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.serving import set_apart_what_stands

if TYPE_CHECKING:
    from bot.domain.area import Practice
    from bot.teams import TeamsWiring

EVENTS = "/slack/events"
SECRET = "an invented signing secret"
PROBE_SECONDS = 0.001

STATIC = {
    "type": "modal",
    "callback_id": "static",
    "title": {"type": "plain_text", "text": "Raise a concern"},
    "submit": {"type": "plain_text", "text": "Next"},
    "blocks": [
        {
            "type": "input",
            "block_id": "danger",
            "label": {"type": "plain_text", "text": "Is anyone in immediate danger right now?"},
            "element": {
                "type": "radio_buttons",
                "action_id": "answer",
                "options": [
                    {"text": {"type": "plain_text", "text": "Yes"}, "value": "yes"},
                    {"text": {"type": "plain_text", "text": "No"}, "value": "no"},
                ],
            },
        }
    ],
}


@asynccontextmanager
async def ours(database: str, api: str, keys_url: str = "") -> AsyncIterator[list[BaseRoute]]:
    """The program as `convenor run` starts it, holding back what a press owes."""
    from bench_town import NOW

    from bot.app import Program, Wiring
    from bot.demo import drill_practice
    from bot.logs import set_up_logs

    set_up_logs("INFO")
    program = Program(
        Wiring(
            database_url=database,
            practice=_in_teams(drill_practice()) if keys_url else drill_practice(),
            slack_url=api,
            bot_token="xoxb-bench",
            signing_secret=SECRET,
            now=lambda: NOW,
            teams=_teams(keys_url) if keys_url else None,
        )
    )
    await program.start()
    program.clock.stop()
    await program.courier.stop()
    hush = _Hush(program.edge.dispatch.courtesies.send)
    program.edge.dispatch.courtesies.send = hush  # type: ignore[method-assign]
    yield [*program.routes(), Route("/bench/speak", hush.speak)]
    await program.stop()


def _in_teams(practice: "Practice") -> "Practice":
    from bot.local.teams.aldermere import COUNCIL

    return replace(practice, area=replace(practice.area, teams_tenants=frozenset({COUNCIL})))


def _teams(keys_url: str) -> "TeamsWiring":
    from bot.local.teams.aldermere import COUNCIL
    from bot.local.teams.world import APP_ID
    from bot.teams import TeamsWiring

    return TeamsWiring(app_id=APP_ID, home_tenant=COUNCIL, token=lambda scope, tenant: "", keys_url=keys_url)


class _Hush:
    """Holds back private notes, as the courier is held back, until it is told to let them go."""

    def __init__(self, send: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self.send = send
        self.silent = True

    def __call__(self, note: Coroutine[Any, Any, None]) -> None:
        if self.silent:
            note.close()
        else:
            self.send(note)

    async def speak(self, request: Request) -> Response:
        """Let notes go, or hold them back again."""
        self.silent = not self.silent
        return JSONResponse({})


@asynccontextmanager
async def bare(api: str) -> AsyncIterator[list[BaseRoute]]:
    """Bolt, an authorize of its own, its signature check, and nothing of ours."""
    from aiohttp import ClientSession

    async def authorize(enterprise_id: str, team_id: str, user_id: str) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token="xoxb-bench",
            bot_id="B0",
            bot_user_id="U0",
        )

    async with ClientSession() as session:
        client = AsyncWebClient(base_url=api, session=session, retry_handlers=[])
        app = AsyncApp(
            client=client, signing_secret=SECRET, process_before_response=True, authorize=authorize
        )

        @app.action(re.compile(".*"))
        async def acknowledge(ack: Any) -> None:
            await ack()

        @app.command(re.compile(".*"))
        async def open_static(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=STATIC)
            await ack()

        handler = AsyncSlackRequestHandler(app)

        async def receive(request: Request) -> Response:
            return await handler.handle(request)

        yield [Route(EVENTS, receive, methods=["POST"])]


def sdk(keys_url: str) -> AbstractAsyncContextManager[list[BaseRoute]]:
    """The Teams SDK with one handler, behind our door."""
    from served_sdk import sdk

    return sdk(keys_url)


class Probe:
    """What kept the loop from its other work: the worst lag of a small timer, and the longest single step."""

    def __init__(self) -> None:
        self.lag = self.step = 0.0
        self._run: Callable[[Handle], None] = Handle._run  # type: ignore[attr-defined]
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """From now on; costs a little on every step, so it is not on while processor time is measured."""
        self.lag = self.step = 0.0
        self._task = asyncio.create_task(self._tick())
        run = self._run

        def timed(handle: Handle) -> None:
            began, cpu, pushed = time.perf_counter(), time.thread_time(), _pushed_aside()
            run(handle)
            # Waiting for a disk or a lock counts; being pushed aside by another program does not.
            alone = _pushed_aside() == pushed
            took = time.perf_counter() - began if alone else time.thread_time() - cpu
            self.step = max(self.step, took)

        Handle._run = timed  # type: ignore[attr-defined]

    def stop(self) -> dict[str, float]:
        """The worst of each, in milliseconds."""
        Handle._run = self._run  # type: ignore[attr-defined]
        if self._task is not None:
            self._task.cancel()
        return {"lag": self.lag * 1000, "step": self.step * 1000}

    async def _tick(self) -> None:
        while True:
            slept = time.perf_counter()
            await asyncio.sleep(PROBE_SECONDS)
            self.lag = max(self.lag, time.perf_counter() - slept - PROBE_SECONDS)


def _pushed_aside() -> int:
    """How often this thread had to give its processor to another program; always 0 where that is not told (macOS)."""
    if not hasattr(resource, "RUSAGE_THREAD"):
        return 0
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw


def controls() -> list[BaseRoute]:
    """How the benchmark reads this process: its processor seconds, and the probe."""
    probe = Probe()

    async def cpu(request: Request) -> Response:
        return JSONResponse({"seconds": time.process_time()})

    async def watch(request: Request) -> Response:
        probe.start()
        return JSONResponse({})

    async def watched(request: Request) -> Response:
        return JSONResponse(probe.stop())

    return [Route("/bench/cpu", cpu), Route("/bench/watch", watch), Route("/bench/watched", watched)]


def keep_to_one_processor() -> None:
    """Where it is asked for and the system lets us: so that moving between two is in neither server's price."""
    if ONE_PROCESSOR in os.environ and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


async def serve(made: AbstractAsyncContextManager[list[BaseRoute]]) -> None:
    """Until the process is told to stop."""
    async with made as routes:
        set_apart_what_stands()  # as `convenor run` does when it is ready
        door = socket.socket()
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        app = Starlette(routes=[*routes, *controls()])
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        print(json.dumps({"port": door.getsockname()[1]}), flush=True)  # noqa: T201
        await server.serve(sockets=[door])


if __name__ == "__main__":
    kind, *args = sys.argv[1:]
    keep_to_one_processor()
    made = {"ours": ours, "bare": bare, "sdk": sdk}[kind]
    asyncio.run(serve(made(*args)))
