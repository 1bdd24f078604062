"""Slack's Web API as the bot calls it: who calls, with which arguments, and the answer in Slack's shape."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.local import chat_methods, file_methods, people_methods, room_methods, view_methods
from bot.local.calls import Call
from bot.local.refusals import SlackRefuses, TooFast
from bot.local.world import World

Json = dict[str, Any]
Method = Callable[[World, Call], Json]

METHODS: dict[str, Method] = {
    **chat_methods.METHODS,
    **file_methods.METHODS,
    **people_methods.METHODS,
    **room_methods.METHODS,
    **view_methods.METHODS,
}
WITH_APP_TOKEN = {"apps.connections.open"}
WITH_EITHER = {"auth.test"}


def respond(world: World, method: str, token: str | None, given: Json) -> Json:
    """Answer one call; raises TooFast when a rate limit is on and passed."""
    try:
        _may_call(world, method, token)
        call = Call(method, given)
        if world.switches.rate_limit:
            world.rates.allow(method, str(given.get("channel", "")))
        return {"ok": True, **METHODS[method](world, call)}
    except SlackRefuses as no:
        told: Json = {"response_metadata": {"messages": no.messages}} if no.messages else {}
        return {"ok": False, "error": no.code, **told, **no.more}


def _may_call(world: World, method: str, token: str | None) -> None:
    if method not in METHODS:
        raise SlackRefuses("unknown_method", req_method=method)
    if not token:
        raise SlackRefuses("not_authed")
    if token not in (world.bot_token, world.app_token):
        raise SlackRefuses("invalid_auth")
    wants_app = method in WITH_APP_TOKEN
    if method not in WITH_EITHER and wants_app != (token == world.app_token):
        raise SlackRefuses("not_allowed_token_type")


async def serve(world: World, request: Request) -> Response:
    """One HTTP call of /api/<method>: form, JSON or query, with the token in a header or an argument."""
    method = request.path_params["method"]
    given = await _arguments(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = given.pop("token", "")
    given.pop("token", None)
    trouble = world.trouble.get(method)
    if trouble:
        if trouble.pop(0):  # carried out, and the answer lost on the way
            respond(world, method, token.strip(), given)
        return PlainTextResponse("upstream is unavailable", 503)
    try:
        return JSONResponse(respond(world, method, token.strip(), given))
    except TooFast as wait:
        headers = {"Retry-After": str(wait.seconds)}
        return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)


async def _arguments(request: Request) -> Json:
    given: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        body = await request.body()
        try:
            said = json.loads(body) if body else {}
        except ValueError:
            said = None
        if not isinstance(said, dict):
            return given | {"_broken": "invalid_json"}
        return given | said
    if kind == "application/x-www-form-urlencoded":
        return given | dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    return given
