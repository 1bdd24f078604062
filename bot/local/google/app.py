"""The stand-in for Google as a server: tokens, free/busy and events over HTTP (calendar.md section 4)."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.local.google.events import Events
from bot.local.google.fields import selected
from bot.local.google.freebusy import free_busy
from bot.local.google.issuer import Token
from bot.local.google.refusals import GoogleRefuses
from bot.local.google.world import Call, GoogleWorld
from bot.local.guard import Guard
from bot.local.troubles import HttpRefuses, Trouble, object_in

Json = dict[str, Any]

EVENTS = "https://www.googleapis.com/auth/calendar.events"
FREE_BUSY = "https://www.googleapis.com/auth/calendar.freebusy"
CODES = {403: "rateLimitExceeded", 429: "rateLimitExceeded"}


class GoogleCalendars:
    """Answers under /calendar/v3; every call is kept in the world's `calls`."""

    def __init__(self, world: GoogleWorld) -> None:
        self.world, self.events = world, Events(world)

    def routes(self) -> list[Route]:
        """The routes, to be put in an application."""
        events = "/calendar/v3/calendars/{calendar}/events"
        return [
            Route("/calendar/v3/freeBusy", self.answer, methods=["POST"], name="freebusy"),
            Route("/calendar/v3/channels/stop", self.answer, methods=["POST"], name="stop"),
            Route(events, self.answer, methods=["POST"], name="insert"),
            Route(events, self.answer, methods=["GET"], name="list"),
            Route(f"{events}/watch", self.answer, methods=["POST"], name="watch"),
            Route(f"{events}/{{event}}", self.answer, methods=["GET"], name="get"),
            Route(f"{events}/{{event}}", self.answer, methods=["PATCH"], name="patch"),
            Route(f"{events}/{{event}}", self.answer, methods=["DELETE"], name="delete"),
            Route("/token", self.token, methods=["POST"], name="token"),
            Route("/v1/token", self.token, methods=["POST"], name="exchange"),
            Route(
                "/v1/projects/-/serviceAccounts/{account}:signJwt", self.token, methods=["POST"], name="sign"
            ),
        ]

    async def answer(self, request: Request) -> Response:
        """One call to the calendars: who asks, what stands in the way, the deed, the log, who is told."""
        body = await request.body()
        said: Json = {}
        known = self.world.issuer.known(request.headers.get("authorization", "").removeprefix("Bearer "))
        try:
            await self.world.silence()
            said = object_in(body, GoogleRefuses(400, "parseError", why="This API does not support parsing."))
            response = self._done(request, said, known)
        except HttpRefuses as no:
            response = JSONResponse(no.body(), no.status, headers=no.headers())
        self.world.note(
            Call(
                method=request.method,
                path=request.url.path,
                query=dict(request.query_params),
                body=said,
                scopes=known.scopes if known else frozenset(),
                status=response.status_code,
            )
        )
        response.background = BackgroundTask(self.world.notices.carry)
        return response

    async def token(self, request: Request) -> Response:
        """One call to the servers that give tokens."""
        body = await request.body()
        issuer, route = self.world.issuer, request.scope["route"].name
        try:
            await self.world.silence()
            if route == "sign":
                bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
                payload = object_in(body, GoogleRefuses(400, "badRequest")).get("payload")
                return JSONResponse(issuer.sign(request.path_params["account"], bearer, str(payload)))
            form = dict(parse_qsl(body.decode()))
            return JSONResponse(issuer.token(form) if route == "token" else issuer.exchange(form))
        except HttpRefuses as no:
            return JSONResponse(no.body(), no.status, headers=no.headers())

    def _done(self, request: Request, said: Json, known: Token | None) -> Response:
        deed = request.scope["route"].name
        if known is None:
            raise GoogleRefuses(401, "authError", why="Invalid Credentials")
        if (FREE_BUSY if deed == "freebusy" else EVENTS) not in known.scopes or deed in self.world.lacks:
            raise GoogleRefuses(403, "insufficientPermissions", why="Insufficient Permission")
        calendar = request.path_params.get("calendar", "primary").casefold()
        owner = self.world.organiser.casefold()
        if known.subject.casefold() != owner or calendar not in (owner, "primary"):
            raise GoogleRefuses(404, "notFound", why="Not Found")
        with self.world.trouble(deed, _refusal):
            return self._deed(deed, request, said)

    def _deed(self, deed: str, request: Request, said: Json) -> Response:
        query, id = dict(request.query_params), request.path_params.get("event", "")
        if deed == "freebusy":
            return self._told(free_busy(self.world, said), query)
        if deed == "watch":
            return self._told(self.world.notices.watch(said), query)
        if deed == "stop":
            self.world.notices.stop(said)
            return Response(status_code=204)
        if deed == "delete":
            self.events.delete(id, query)
            return Response(status_code=204)
        if deed == "list":
            return self._told(self.events.list(query), query)
        if deed == "insert":
            event = self.events.insert(said, query)
        elif deed == "patch":
            event = self.events.patch(id, said, query)
        else:
            event = self.world.find(id)
        return self._told(self.events.told(event), query)

    def _told(self, answer: Json, query: dict[str, str]) -> Response:
        return JSONResponse(selected(answer, query.get("fields", "")))


def google_app(world: GoogleWorld) -> Starlette:
    """The stand-in under one address, to be served on 127.0.0.1. Set `world.address` once the port is known."""
    return Starlette(routes=GoogleCalendars(world).routes(), middleware=[Middleware(Guard)])


def _refusal(trouble: Trouble) -> GoogleRefuses:
    code = trouble.code or CODES.get(trouble.status, "backendError")
    return GoogleRefuses(trouble.status, code, retry_after=trouble.retry_after)
