"""The stand-in for Graph as a server: what an app may ask of calendars over HTTP (calendar.md section 8)."""

import json
import re
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.local.graph.events import Events
from bot.local.graph.notices import Notices
from bot.local.graph.refusals import GraphRefuses
from bot.local.graph.schedule import schedule
from bot.local.graph.world import Call, Event, GraphWorld, Trouble
from bot.local.guard import Guard

Json = dict[str, Any]

AT_ONCE = 4  # calls for one mailbox
ROOMS_ON_A_PAGE = 2
"""However many are asked for, so that everybody has to turn pages."""

STEADY = re.compile(r'IdType\s*=\s*"ImmutableId"', re.IGNORECASE)
ZONE = re.compile(r'outlook\.timezone\s*=\s*"([^"]+)"', re.IGNORECASE)
ROOM = ("microsoft.graph.room", "graph.room")  # in the documentation, and by the SDK's short name for it
CODES = {429: "ApplicationThrottled", 503: "ErrorServerBusy", 504: "GatewayTimeout"}
MOVING = "folder-"
"""Before the id of an event for whoever does not ask for steady ones."""


class GraphCalendars:
    """Answers under /v1.0; every call is kept in the world's `calls`."""

    def __init__(self, world: GraphWorld) -> None:
        self.world, self.events, self.notices = world, Events(world), Notices(world)

    def routes(self) -> list[Route]:
        """The routes, to be put in an application."""
        user = "/v1.0/users/{user}"
        event = f"{user}/events/{{event}}"
        return [
            Route(f"{user}/calendar/getSchedule", self.answer, methods=["POST"], name="schedule"),
            Route(f"{user}/events", self.answer, methods=["POST"], name="create"),
            Route(f"{user}/events", self.answer, methods=["GET"], name="list"),
            Route(f"{event}/cancel", self.answer, methods=["POST"], name="cancel"),
            Route(event, self.answer, methods=["GET"], name="read"),
            Route(event, self.answer, methods=["PATCH"], name="change"),
            Route("/v1.0/subscriptions", self.answer, methods=["POST"], name="subscribe"),
            Route("/v1.0/subscriptions/{id}", self.answer, methods=["PATCH"], name="renew"),
            Route("/v1.0/subscriptions/{id}", self.answer, methods=["DELETE"], name="unsubscribe"),
            Route("/v1.0/places/{of:path}", self.answer, methods=["GET"], name="rooms"),
        ]

    async def answer(self, request: Request) -> Response:
        """One call: who asks, what stands in the way, the deed, the log."""
        body = await request.body()
        self.world.at_once += 1
        self.world.most_at_once = max(self.world.at_once, self.world.most_at_once)
        said: Json = {}
        try:
            if self.world.open_again is not None:
                await self.world.open_again.wait()
            said = _read(body)
            response = await self._done(request, said)
        except GraphRefuses as no:
            response = JSONResponse(no.body(), no.status, headers=no.headers())
        finally:
            self.world.at_once -= 1
        prefer = ", ".join(request.headers.getlist("prefer"))
        path, status = request.url.path, response.status_code
        self.world.note(Call(method=request.method, path=path, body=said, prefer=prefer, status=status))
        return response

    async def _done(self, request: Request, said: Json) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.world.token}":
            raise GraphRefuses(401, "InvalidAuthenticationToken")
        if self.world.at_once > AT_ONCE:
            raise GraphRefuses(429, "MailboxConcurrency", retry_after=1)
        if request.scope["route"].name in self.world.lacks:
            raise GraphRefuses(403, "ErrorAccessDenied", why="Access is denied. Check credentials.")
        trouble = self._trouble(request.scope["route"].name)
        if trouble and not trouble.after:
            raise _refusal(trouble)
        done = await self._listening(request, said) or self._deed(request, said)
        if trouble:
            raise _refusal(trouble)
        return done

    def _trouble(self, kind: str) -> Trouble | None:
        waiting = self.world.troubles
        found = next((each for each in waiting if each.only in ("", kind)), None)
        if found is not None:
            waiting.remove(found)
        return found

    async def _listening(self, request: Request, said: Json) -> Response | None:
        """What is asked of subscriptions; None for anything else."""
        match request.scope["route"].name:
            case "subscribe":
                return JSONResponse(self.notices.told(await self.notices.subscribe(said)), 201)
            case "renew":
                return JSONResponse(self.notices.told(self.notices.renew(request.path_params["id"], said)))
            case "unsubscribe":
                self.notices.end(request.path_params["id"])
                return Response(status_code=204)
        return None

    def _deed(self, request: Request, said: Json) -> Response:
        deed, given = request.scope["route"].name, request.path_params
        prefer = ", ".join(request.headers.getlist("prefer"))
        zoned = ZONE.search(prefer)
        zone = zoned.group(1) if zoned else "UTC"
        if deed == "rooms":
            if given["of"] not in ROOM:
                raise GraphRefuses(400, "BadRequest")
            return JSONResponse(self._rooms(request))
        if given["user"].casefold() not in self.world.mailboxes:
            raise GraphRefuses(404, "ErrorInvalidUser")
        if deed == "schedule":
            return JSONResponse(schedule(self.world, said, zone))
        if given["user"].casefold() != self.world.organiser.casefold():
            raise GraphRefuses(403, "ErrorAccessDenied", why="outside of the app's scope")
        is_steady = STEADY.search(prefer) is not None
        if deed == "create":
            return self._told(self.events.create(said), zone, is_steady, 201)
        if deed == "list":
            return JSONResponse({"value": [{"id": id} for id in list(self.world.events)[:1]]})
        id = given["event"] if is_steady else given["event"].removeprefix(MOVING)
        if deed == "cancel":
            self.events.cancel(id)
            return Response(status_code=202)
        if deed == "change":
            return self._told(self.events.change(id, said), zone, is_steady, 200)
        wanted = [name for name in request.query_params.get("$select", "").split(",") if name]
        return self._told(self.world.find(id), zone, is_steady, 200, wanted)

    def _told(
        self, event: Event, zone: str, is_steady: bool, status: int, wanted: list[str] | None = None
    ) -> Response:
        shown = self.events.told(event, zone)
        if not is_steady:
            shown["id"] = MOVING + event.id
        if wanted:
            shown = {name: value for name, value in shown.items() if name in wanted or name[0] == "@"}
        return JSONResponse(shown, status)

    def _rooms(self, request: Request) -> Json:
        skip = int(request.query_params.get("$skip", "0"))
        page = self.world.rooms[skip : skip + ROOMS_ON_A_PAGE]
        shown: Json = {
            "value": [
                {
                    "id": f"room-{skip + number}",
                    "displayName": room.name,
                    "emailAddress": room.address,
                    "capacity": room.seats,
                    "isWheelChairAccessible": room.wheelchair,
                }
                for number, room in enumerate(page)
            ]
        }
        if skip + ROOMS_ON_A_PAGE < len(self.world.rooms):
            here = f"{self.world.address}/v1.0/places/{ROOM[0]}"
            shown["@odata.nextLink"] = f"{here}?$skip={skip + ROOMS_ON_A_PAGE}"
        return shown


def graph_app(world: GraphWorld) -> Starlette:
    """The stand-in under one address, to be served on 127.0.0.1. Set `world.address` once the port is known."""
    return Starlette(routes=GraphCalendars(world).routes(), middleware=[Middleware(Guard)])


def _read(body: bytes) -> Json:
    try:
        said = json.loads(body) if body else {}
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise GraphRefuses(400, "BadRequest")
    return said


def _refusal(trouble: Trouble) -> GraphRefuses:
    return GraphRefuses(
        trouble.status, CODES.get(trouble.status, "UnknownError"), retry_after=trouble.retry_after
    )
