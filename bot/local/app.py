"""The local workspace's server: the stand-in Slack, the page and its API, and whatever stands beside them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.local import webapi
from bot.local.gestures import Gestures
from bot.local.guard import Guard
from bot.local.pages import Pages
from bot.local.refusals import SlackRefuses
from bot.local.teams.app import routes as teams_routes
from bot.local.teams.pages import TeamsPages
from bot.local.teams.world import TeamsWorld
from bot.local.world import World

PAGE = Path(__file__).parent / "page"
TYPES = {".html", ".css", ".js", ".svg", ".png", ".woff2"}


def workspace_app(
    world: World,
    *,
    teams: TeamsWorld | None = None,
    beside: Sequence[BaseRoute] = (),
    page: Path = PAGE,
    lifespan: Callable[[Starlette], Any] | None = None,
) -> Starlette:
    """Everything under one address, to be served on 127.0.0.1; `beside` holds the bot's own routes.

    With `teams`, the stand-in for Teams is there too: its connector, its keys, its people on the page. Set
    `world.address` once the port is known. Call `await world.close()` before the server is asked to stop: event
    streams and sockets then end by themselves.
    """

    async def web_api(request: Request) -> Response:
        return await webapi.serve(world, request)

    async def socket(connection: WebSocket) -> None:
        await world.sockets.serve(connection)

    gestures = Gestures(world)

    async def response_url(request: Request) -> Response:
        try:
            return _replied(world, gestures, request.path_params["token"], await request.json())
        except SlackRefuses as no:
            return JSONResponse({"ok": False, "error": no.code}, 404)
        except ValueError:
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)

    async def upload(request: Request) -> Response:
        if not world.files.take(request.path_params["token"], await request.body()):
            return PlainTextResponse("not taken", 400)
        return PlainTextResponse("OK")

    async def index(request: Request) -> Response:
        return _file(page, "index.html")

    async def static(request: Request) -> Response:
        return _file(page, request.path_params["name"])

    return Starlette(
        routes=[
            Route("/", index),
            Route("/archives/{rest:path}", index),
            Route("/workspace/static/{name}", static),
            *Pages(world, _teams_pages(world, teams)).routes(),
            *(teams_routes(teams) if teams else ()),
            *beside,  # before Slack's methods: the bot's door for Teams is among them by its address
            Route("/api/{method}", web_api, methods=["GET", "POST"]),
            Route("/upload/v1/{token}", upload, methods=["POST"]),
            Route("/response/{token}", response_url, methods=["POST"]),
            WebSocketRoute("/socket", socket),
        ],
        middleware=[Middleware(Guard)],
        lifespan=lifespan,
    )


def _teams_pages(world: World, teams: TeamsWorld | None) -> TeamsPages | None:
    """People are the same in both by their address."""
    if teams is None:
        return None
    by_address = {person.email: person.mri for person in teams.talk.people.values()}
    accounts = {id: by_address[one.email] for id, one in world.chairs.items() if one.email in by_address}
    return TeamsPages(teams, accounts)


def _file(page: Path, name: str) -> Response:
    found = page / name
    if found.parent != page or found.suffix not in TYPES or not found.is_file():
        return PlainTextResponse("Not here.", 404)
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff", "x-frame-options": "DENY"}
    return FileResponse(found, headers=headers)


def _replied(world: World, gestures: Gestures, token: str, body: Any) -> Response:
    """A response_url message: a new one, or in the place of the message that was pressed."""
    if not isinstance(body, dict):
        raise ValueError("not an object")
    reply = world.reply(token)
    pressed = world.talk.said[reply.channel].get(reply.ts or "")
    if body.get("delete_original") is True:
        if pressed is not None:
            world.talk.delete(pressed)
    elif body.get("replace_original") is True and pressed is not None:
        gestures.replace(pressed, body)
    else:
        gestures.answer(reply.user, reply.channel, body)
    return PlainTextResponse("ok")
