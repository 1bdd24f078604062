"""The page's own API: what one person sees, and what that person does (the contract of the workspace page)."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.local.answering import Answer, for_all, for_person
from bot.local.conversations import Message
from bot.local.files import named_in
from bot.local.gestures import Gestures
from bot.local.refusals import CannotDo
from bot.local.seats import BOT_NAME, BOT_USER
from bot.local.teams.pages import TeamsPages
from bot.local.world import World

Json = dict[str, Any]

PICTURE_FRESH = timedelta(hours=12)
"""How long a picture stands in the calendar: diaries change."""


class Pages:
    """Reads and gestures of a person, as JSON."""

    def __init__(self, world: World, teams: TeamsPages | None = None) -> None:
        """`teams` is what there is of Teams beside Slack."""
        self.world, self.gestures, self.teams = world, Gestures(world), teams

    def state(self) -> Json:
        """What is true for everybody."""
        world = self.world
        rooms = [one for one in world.talk.by_id.values() if one.kind != "im"]
        return {
            "now": world.clock.now().isoformat(),
            "zone": "Europe/London",
            "area": {"name": world.place.name, "note": world.place.note},
            "people": [
                {
                    "id": one.user_id,
                    "name": one.name,
                    "title": one.title,
                    "agency": one.agency,
                    "chair": one.chair,
                    "email": one.email,
                    "in_slack": one.in_slack,
                }
                for one in world.chairs.values()
            ],
            "channels": [
                {
                    "id": one.id,
                    "name": one.name,
                    "topic": one.topic,
                    "is_private": one.is_private or one.kind != "channel",
                    "members": [who for who in one.members if who != BOT_USER],
                }
                for one in rooms
            ],
            "commands": [
                {"command": one.command, "usage": one.usage, "description": one.description}
                for one in world.commands
            ],
            "shortcuts": [
                {"type": one.type, "name": one.name, "callback_id": one.callback_id}
                for one in world.shortcuts
            ],
            "switches": {
                name: getattr(world.switches, name) for name in ("rate_limit", "duplicates", "late")
            },
            "bot": {"id": BOT_USER, "name": BOT_NAME},
            "teams": self.teams.state() if self.teams else None,
            "without_teams": world.place.without_teams,
        }

    async def sidebar(self, user: str, request: Request, said: Json) -> Json:
        """A person's places and what waits in each."""
        talk, stage = self.world.talk, self.world.stage
        rooms = [*talk.of(user), *talk.of(user, "mpim")]
        dm = talk.dm(user) if user in self.world.people else None
        return {
            "channels": [
                {"id": one.id, "name": one.name, "unread": talk.unread(user, one.id)} for one in rooms
            ],
            "dm": {"id": dm.id, "unread": talk.unread(user, dm.id)} if dm else None,
            "teams": self.teams.sidebar(user) if self.teams else None,
            "mail_unread": self.world.letters.unread(user),
            "views": len(stage.stack(user)),
            "home": user in stage.homes,
        }

    def shown(self, message: Message) -> Json:
        """One message as the page draws it."""
        return {
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "user": message.user,
            "user_name": self.world.name_of(message.user),
            "text": message.text,
            "blocks": message.blocks,
            "edited": message.edited is not None,
            "ephemeral": message.only_for is not None,
            "at": message.at.isoformat(),
        }

    async def messages(self, user: str, request: Request, said: Json) -> Json:
        """A conversation as this person sees it; marks it read."""
        channel = request.path_params["channel"]
        if user not in self.world.talk.find(channel).members:
            raise CannotDo("You are not in that conversation.")
        self.world.talk.mark_read(user, channel)
        return {"messages": [self.shown(one) for one in self.world.talk.seen_by(user, channel)]}

    async def file(self, request: Request) -> Response:
        """An image, to somebody who has a message that shows it; to everybody else there is none of that id."""
        user, id_ = request.path_params["user"], request.path_params["file"]
        file = self.world.files.shown(id_)
        if file is None or not any(id_ in named_in(one.blocks) for one in self._sent_to(user)):
            return PlainTextResponse("Not here.", 404)
        headers = {"cache-control": "private, max-age=3600", "x-content-type-options": "nosniff"}
        return Response(file.content, media_type=file.image, headers=headers)

    def _sent_to(self, user: str) -> Iterator[Message]:
        """Every message that this person can see in Slack."""
        talk = self.world.talk
        for where in talk.by_id.values():
            if user in where.members:
                yield from talk.seen_by(user, where.id)

    async def say(self, user: str, request: Request, said: Json) -> Json:
        """A person types."""
        await self.gestures.say(user, request.path_params["channel"], str(said.get("text", "")))
        return {"ok": True}

    async def command(self, user: str, request: Request, said: Json) -> Json:
        """A slash command."""
        await self.gestures.command(user, said["channel"], said["command"], said.get("text", ""))
        return {"ok": True}

    async def shortcut(self, user: str, request: Request, said: Json) -> Json:
        """A global shortcut, or with `ts` one of a message's."""
        channel, ts = said.get("channel") or "", said.get("ts") or ""
        await self.gestures.shortcut(user, said["callback_id"], channel, ts)
        return {"ok": True}

    async def open_home(self, user: str, request: Request, said: Json) -> Json:
        """A person looks at App Home."""
        await self.gestures.open_home(user)
        return {"ok": True}

    async def home(self, user: str, request: Request, said: Json) -> Json:
        """App Home as last published."""
        return {"view": self.world.stage.homes.get(user)}

    async def action(self, user: str, request: Request, said: Json) -> Json:
        """A button is pressed or a choice made."""
        await self.gestures.press(
            user,
            said["container"],
            said["block_id"],
            said["action_id"],
            said.get("value") or {},
            said.get("state") or {},
        )
        return {"ok": True}

    async def views(self, user: str, request: Request, said: Json) -> Json:
        """The modals in front of a person, top last."""
        return {"stack": self.world.stage.stack(user)}

    async def submit(self, user: str, request: Request, said: Json) -> Json:
        """A modal is submitted."""
        outcome = await self.gestures.submit(user, request.path_params["view"], said.get("state") or {})
        if outcome.errors:
            return {"ok": False, "errors": outcome.errors}
        return {"ok": True, "closed": outcome.closed}

    async def close(self, user: str, request: Request, said: Json) -> Json:
        """A modal is closed."""
        await self.gestures.close(user, request.path_params["view"])
        return {"ok": True}

    async def options(self, user: str, request: Request, said: Json) -> Json:
        """What an external select offers."""
        offered = await self.gestures.options(
            user, said["container"], said["block_id"], said["action_id"], str(said.get("value", ""))
        )
        return {"options": offered}

    async def mail(self, user: str, request: Request, said: Json) -> Json:
        """A person's e-mail, newest first."""
        return {"messages": [one.as_page() for one in self.world.letters.of(user)]}

    async def read_mail(self, user: str, request: Request, said: Json) -> Json:
        """A person opens an e-mail."""
        if not self.world.letters.open(user, request.path_params["letter"]):
            raise CannotDo("That e-mail is gone.")
        return {"ok": True}

    async def reply_mail(self, user: str, request: Request, said: Json) -> Json:
        """A person answers the invitation in an e-mail; a new time in ISO, with its zone."""
        if self.world.mail_program is None:
            raise CannotDo("There is no mail program here to answer with.")
        start = datetime.fromisoformat(said["start"]) if said.get("start") else None
        if start is not None and start.tzinfo is None:
            raise CannotDo("That time has no zone.")
        await self.world.mail_program.answer(user, request.path_params["letter"], said["answer"], start)
        return {"ok": True}

    async def calendar(self, user: str, request: Request, said: Json) -> Json:
        """A person's week, and the picture of times found that was sent to them last."""
        asked = request.query_params.get("week")
        try:
            day = date.fromisoformat(asked) if asked else self.world.clock.now().date()
        except ValueError as wrong:
            raise CannotDo("That is not a date.") from wrong
        return self.world.letters.week(user, day) | {"found": self._found(user)}

    def _found(self, user: str) -> Json | None:
        """What the app sent this person last with pictures in it, for as long as it is fresh: as it was sent."""
        for one in sorted(self._sent_to(user), key=lambda each: float(each.ts), reverse=True):
            pictures = [block for block in one.blocks if block["type"] == "image" and "slack_file" in block]
            if pictures and one.user == BOT_USER:
                if self.world.clock.now() - one.at > PICTURE_FRESH:
                    return None
                return {"at": one.at.isoformat(), "blocks": pictures}
        return None

    async def move_clock(self, request: Request, said: Json) -> Json:
        """The clock goes forward, by way of every working morning in between."""
        try:
            now = await self.world.clock.live_through(str(said.get("to", "")))
        except ValueError as wrong:
            raise CannotDo(f"The clock cannot go there: {wrong}.") from wrong
        return {"ok": True, "now": now.isoformat()}

    async def switch(self, request: Request, said: Json) -> Json:
        """Trouble is turned on or off."""
        wanted = {key: value for key, value in said.items() if key in ("rate_limit", "duplicates", "late")}
        if any(not isinstance(value, bool) for value in wanted.values()):
            raise CannotDo("A switch is on or off.")
        self.world.turn(**wanted)
        return {"ok": True, "switches": self.state()["switches"]}

    async def events(self) -> AsyncIterator[str]:
        """What changed, as server-sent events, until the workspace closes."""
        news = self.world.news.listen()
        yield ": here\n\n"
        async for item in news:
            yield f"data: {json.dumps(item)}\n\n"

    def routes(self) -> list[Route]:
        """All addresses below /workspace."""
        person = "/workspace/people/{user}"
        talk, view = f"{person}/conversations/{{channel}}/messages", f"{person}/views/{{view}}"
        reads: dict[str, Answer] = {
            f"{person}/sidebar": self.sidebar,
            talk: self.messages,
            f"{person}/home": self.home,
            f"{person}/views": self.views,
            f"{person}/mail": self.mail,
            f"{person}/calendar": self.calendar,
        }
        does: dict[str, Answer] = {
            talk: self.say,
            f"{person}/command": self.command,
            f"{person}/shortcut": self.shortcut,
            f"{person}/home/open": self.open_home,
            f"{person}/action": self.action,
            f"{view}/submit": self.submit,
            f"{view}/close": self.close,
            f"{person}/options": self.options,
            f"{person}/mail/{{letter}}/read": self.read_mail,
            f"{person}/mail/{{letter}}/reply": self.reply_mail,
        }
        return [
            Route("/workspace/state", self._state),
            Route(f"{person}/files/{{file}}", self.file),
            Route("/workspace/events", self._events),
            Route("/workspace/clock", for_all(self.move_clock), methods=["POST"]),
            Route("/workspace/switches", for_all(self.switch), methods=["POST"]),
            *(self.teams.routes(self.world.chairs) if self.teams else ()),
            *(Route(path, for_person(answer, self.world.chairs)) for path, answer in reads.items()),
            *(
                Route(path, for_person(answer, self.world.chairs), methods=["POST"])
                for path, answer in does.items()
            ),
        ]

    async def _state(self, request: Request) -> Response:
        return JSONResponse(self.state())

    async def _events(self, request: Request) -> Response:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self.events(), media_type="text/event-stream", headers=headers)
