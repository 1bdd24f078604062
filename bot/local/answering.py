"""Turns what the page asks into JSON, and a refusal into words for the person who sits there."""

from collections.abc import Awaitable, Callable, Container
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.local.refusals import CannotDo, SlackRefuses

Json = dict[str, Any]
Answer = Callable[[str, Request, Json], Awaitable[Json]]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_person(answer: Answer, people: Container[str]) -> Endpoint:
    """An endpoint below /workspace/people/{user}; 404 for a user who is none of `people`."""

    async def endpoint(request: Request) -> Response:
        user = request.path_params["user"]
        if user not in people:
            return JSONResponse({"ok": False, "error": "There is nobody with that id here."}, 404)
        return await _worded(lambda said: answer(user, request, said), request)

    return endpoint


def for_all(answer: Callable[[Request, Json], Awaitable[Json]]) -> Endpoint:
    """An endpoint that is nobody's own."""

    async def endpoint(request: Request) -> Response:
        return await _worded(lambda said: answer(request, said), request)

    return endpoint


async def _worded(answer: Callable[[Json], Awaitable[Json]], request: Request) -> Response:
    """Answer a request; a refusal becomes `ok: false` with words for the person."""
    try:
        said = await request.json() if request.method == "POST" and await request.body() else {}
        if not isinstance(said, dict):
            return JSONResponse({"ok": False, "error": "That request could not be read."}, 400)
        return JSONResponse(await answer(said))
    except (CannotDo, SlackRefuses) as no:
        return JSONResponse({"ok": False, "error": str(no)})
    except (KeyError, ValueError):  # not JSON, or an argument is missing: only a broken page sends this
        return JSONResponse({"ok": False, "error": "That request could not be read."}, 400)
