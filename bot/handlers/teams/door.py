"""The one route that Teams speaks to: bounds the body, asks the guard, and hands on to the SDK what it can read."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from microsoft_teams.api.activities import ActivityTypeAdapter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.handlers.body import body_within
from bot.handlers.strangers import Strangers
from bot.handlers.teams.fitted import Settled, fitted
from bot.handlers.teams.guard import Guard, TurnedAway
from bot.handlers.teams.sdk import HttpRequest, HttpRouteHandler

Json = dict[str, Any]
Refused = Callable[[str], None]
"""Is told why a request was turned away, in one of the guard's fixed words, so that it can be counted."""

PATH = "/api/messages"
BODY_BYTES = 256_000

log = logging.getLogger(__name__)


class Door:
    """The SDK's HttpServerAdapter: it registers its handler here, and `route` goes into the program's application."""

    def __init__(self, guard: Guard, refused: Refused = lambda reason: None) -> None:
        self.guard, self.refused, self._strangers = guard, refused, Strangers(time.monotonic)
        self._handler: HttpRouteHandler | None = None

    def register_route(self, method: str, path: str, handler: HttpRouteHandler) -> None:
        """Take the handler for activities; ValueError for any other route that the SDK might want to open."""
        if (method, path) != ("POST", PATH) or self._handler is not None:
            raise ValueError(f"the SDK wants a route of its own: {method} {path}")
        self._handler = handler

    def serve_static(self, path: str, directory: str) -> None:
        """Serve nothing: there are no pages of the SDK's here."""

    async def start(self, port: int) -> None:
        """Start nothing: the program serves its own application."""

    async def stop(self) -> None:
        """Stop nothing."""

    def route(self) -> Route:
        """POST /api/messages."""
        return Route(PATH, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """One request: 413 and 400 for what no activity can be, 401 by the guard, then as `fitted` or the SDK says.

        404 until the SDK's App is there.
        """
        if self._handler is None:
            return Response(status_code=404)
        raw = await body_within(request, BODY_BYTES)
        if raw is None:
            return Response(status_code=413)
        body = _read(raw)
        if body is None:
            return Response(status_code=400)
        authorization = request.headers.get("authorization", "")
        try:
            await self.guard.check(authorization, body)
        except TurnedAway as refusal:
            self.refused(refusal.reason)
            log.warning("teams request turned away", extra={"reason": refusal.reason})
            del raw, body  # it may wait a while, and a stranger's words are not to fill the memory
            await self._strangers.turn()
            return Response(status_code=401)
        fit = fitted(body)
        if isinstance(fit, Settled):
            log.info("teams activity not for us", extra={"code": fit.status})
            return Response(status_code=fit.status)
        if not _is_readable(fit):
            return _unread(fit)
        return await self._ask(self._handler, fit, authorization)

    async def _ask(self, handler: HttpRouteHandler, body: Json, authorization: str) -> Response:
        answer = await handler(HttpRequest(body=body, headers={"authorization": authorization}))
        status, said = answer["status"], answer["body"]
        if status >= 400:  # the SDK's words for an error are nobody's business
            log.error("teams activity failed", extra={"kind": body["type"], "code": status})
            return Response(status_code=status)
        return Response(status_code=status) if said is None else JSONResponse(said, status)


def _is_readable(body: Json) -> bool:
    """Whether the SDK's models take it: they refuse each new word of Teams', and the SDK would answer 500."""
    try:
        ActivityTypeAdapter.validate_python(body)
    except ValidationError:
        return False
    return True


def _unread(body: Json) -> Response:
    """Who pressed is told by Teams that it went wrong; what just happened need not be sent again."""
    log.warning("teams activity cannot be read", extra={"kind": body["type"]})
    return Response(status_code=400 if body["type"] == "invoke" else 200)


def _read(raw: bytes) -> Json | None:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
