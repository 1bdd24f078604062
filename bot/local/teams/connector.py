"""The connector of the stand-in: what a bot may ask of Teams over HTTP (teams.md section 6)."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.local.teams.cards import CARD, MESSAGE_BYTES, faults
from bot.local.teams.refusals import ConnectorRefuses
from bot.local.teams.world import Call, TeamsWorld, Trouble

Json = dict[str, Any]


class Connector:
    """Answers under /teams/v3; every call is kept in the world's `calls`."""

    def __init__(self, world: TeamsWorld) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        """The routes, to be put in an application."""
        here = "/teams/v3/conversations"
        one = f"{here}/{{conversation}}"
        return [
            Route(here, self.answer, methods=["POST"], name="create"),
            Route(f"{one}/activities", self.answer, methods=["POST"], name="say"),
            Route(f"{one}/activities/{{activity}}", self.answer, methods=["PUT", "DELETE"], name="change"),
            Route(f"{one}/pagedmembers", self.answer, methods=["GET"], name="page"),
            Route(f"{one}/pagedMembers", self.answer, methods=["GET"], name="page"),
            Route(f"{one}/members", self.answer, methods=["GET"], name="members"),
            Route(f"{one}/members/{{member}}", self.answer, methods=["GET"], name="member"),
        ]

    async def answer(self, request: Request) -> Response:
        """One call: who asks, what stands in the way, the deed, the log."""
        body = await request.body()
        if self.world.open_again is not None:
            await self.world.open_again.wait()
        said: Json = {}
        try:
            said = _read(body)
            response: Response = JSONResponse(self._done(request, body, said), _status(request))
        except ConnectorRefuses as no:
            response = JSONResponse(no.body(), no.status, headers=no.headers())
        path = request.url.path.removeprefix("/teams")
        call = Call(method=request.method, path=path, body=said, status=response.status_code)
        self.world.note(call)
        return response

    def _done(self, request: Request, body: bytes, said: Json) -> Any:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not self.world.issuer.knows(token):
            raise ConnectorRefuses(401, "Unauthorized")
        trouble = self.world.trouble_for(request.method)
        if trouble and not trouble.after:
            raise _refusal(trouble)
        self._in_time(request)
        if len(body) > MESSAGE_BYTES:
            raise ConnectorRefuses(413, "MessageSizeTooBig")
        done = self._deed(request, said)
        if trouble:
            raise _refusal(trouble)
        return done

    def _in_time(self, request: Request) -> None:
        """Count what is written, where the switch for it is on."""
        if self.world.delivery.switches.rate_limit and request.scope["route"].name in ("say", "change"):
            conversation = request.path_params["conversation"].partition(";")[0]
            if seconds := self.world.rates.wait(conversation):
                raise ConnectorRefuses(429, "TooManyRequests", retry_after=seconds)

    def _deed(self, request: Request, said: Json) -> Any:
        talk, given = self.world.talk, request.path_params
        conversation, activity = given.get("conversation", ""), given.get("activity", "")
        deed = request.scope["route"].name
        if deed == "create":
            return self._created(said)
        if deed == "say":
            talk.room(conversation)
            _drawable(said)
            targeted = request.query_params.get("isTargetedActivity") == "true"
            return {"id": talk.say(conversation, said, is_targeted=targeted).id}
        if deed == "change" and request.method == "DELETE":
            talk.delete(conversation, activity)
            return {}
        if deed == "change":
            talk.find(conversation, activity)
            _drawable(said)
            return {"id": talk.edit(conversation, activity, said).id}
        if deed == "page":
            return self._page(conversation, request)
        people = talk.members(conversation)
        if deed == "members":
            return [person.member() for person in people]
        for person in people:
            if given["member"] in (person.mri, person.object_id):
                return person.member()
        raise ConnectorRefuses(404, "MemberNotFoundInConversation")

    def _created(self, said: Json) -> Json:
        members, tenant = said.get("members") or [], said.get("tenantId")
        if said.get("isGroup") or len(members) != 1 or not tenant:
            raise ConnectorRefuses(400, "BadArgument")
        if (said.get("channelData") or {}).get("tenant", {}).get("id") != tenant:
            raise ConnectorRefuses(400, "BadSyntax", why="channelData names no tenant, or another")
        return {"id": self.world.talk.open_chat(str(members[0].get("id")), str(tenant)).id}

    def _page(self, conversation: str, request: Request) -> Json:
        people = self.world.talk.members(conversation)
        size, token = request.query_params.get("pageSize", ""), request.query_params.get("continuationToken")
        most = self.world.members_a_page
        begin, count = int(token or 0), min(int(size), most) if size.isdecimal() else most
        page = {"members": [person.member() for person in people[begin : begin + count]]}
        return page if begin + count >= len(people) else {**page, "continuationToken": str(begin + count)}


def _read(body: bytes) -> Json:
    try:
        said = json.loads(body) if body else {}
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ConnectorRefuses(400, "BadSyntax")
    return said


def _drawable(said: Json) -> None:
    if not said.get("text") and not said.get("attachments"):
        raise ConnectorRefuses(400, "BadSyntax", why="there is neither a text nor an attachment")
    for attachment in said.get("attachments") or []:
        wrong = faults(attachment.get("content") or {}) if attachment.get("contentType") == CARD else []
        if wrong:
            raise ConnectorRefuses(400, "BadArgument", why="; ".join(wrong))


def _refusal(trouble: Trouble) -> ConnectorRefuses:
    codes = {429: "TooManyRequests", 412: "PreconditionFailed", 502: "BadGateway", 504: "GatewayTimeout"}
    code = codes.get(trouble.status, "ServiceError")
    return ConnectorRefuses(trouble.status, code, retry_after=trouble.retry_after)


def _status(request: Request) -> int:
    return 201 if request.method == "POST" else 200
