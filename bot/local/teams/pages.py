"""The part of the page's own API that is about Teams: what one person sees there, and what that person does."""

from collections.abc import Container, Mapping
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bot.local.answering import Answer, for_person
from bot.local.refusals import CannotDo
from bot.local.seats import BOT_NAME, BOT_USER
from bot.local.teams.conversations import Activity
from bot.local.teams.gestures import TeamsGestures, refresh_for
from bot.local.teams.seats import Room
from bot.local.teams.world import TeamsWorld

Json = dict[str, Any]


class TeamsPages:
    """Reads and gestures of a person, as JSON."""

    def __init__(self, world: TeamsWorld, accounts: Mapping[str, str]) -> None:
        """`accounts` are MRIs by the ids that the page has for people."""
        self.world, self.accounts = world, dict(accounts)
        self.chairs = {mri: user for user, mri in self.accounts.items()}
        self.gestures = TeamsGestures(world)

    def state(self) -> Json:
        """What is true for everybody: who has an account, which rooms there are, what can be written."""
        world = self.world
        return {
            "accounts": {
                user: {
                    "mri": mri,
                    "tenant": self._tenant(world.talk.people[mri].tenant),
                    "guest": world.talk.people[mri].is_guest,
                }
                for user, mri in self.accounts.items()
            },
            "rooms": [self._room(room) for room in world.talk.rooms.values() if room.kind != "personal"],
            "commands": [
                {"command": one.command, "usage": one.usage, "description": one.description}
                for one in world.commands
            ],
            "extensions": [
                {"type": one.type, "name": one.name, "callback_id": one.callback_id}
                for one in world.extensions
            ],
        }

    def sidebar(self, user: str) -> Json | None:
        """A person's places in Teams and what waits in each; None for somebody without an account there."""
        mri = self.accounts.get(user)
        if mri is None:
            return None
        talk, chat = self.world.talk, self._chat(mri)
        return {
            "chat": {"id": chat.id, "unread": talk.unread(mri, chat.id)},
            "rooms": [
                {"id": room.id, "name": room.name, "unread": talk.unread(mri, room.id)}
                for room in talk.of(mri)
            ],
        }

    async def messages(self, user: str, request: Request, said: Json) -> Json:
        """A conversation as this person sees it; marks it read."""
        mri, room = self._mri(user), request.path_params["room"]
        known = self.world.talk.rooms.get(room)
        if known is None or mri not in known.members:
            raise CannotDo("You are not in that conversation.")
        self.world.talk.mark_read(mri, room)
        return {"messages": [self._shown(one, mri) for one in self.world.talk.seen_by(mri, room)]}

    async def say(self, user: str, request: Request, said: Json) -> Json:
        """A person writes to the bot."""
        await self.gestures.say(self._mri(user), request.path_params["room"], str(said.get("text", "")))
        return {"ok": True}

    async def extension(self, user: str, request: Request, said: Json) -> Json:
        """A command of the message extension; with `on`, one out of a message's menu."""
        mri, room = self._mri(user), request.path_params["room"]
        return _told(await self.gestures.extension(mri, room, said["command"], str(said.get("on") or "")))

    async def press(self, user: str, request: Request, said: Json) -> Json:
        """A button of a card."""
        given = request.path_params
        return _told(
            await self.gestures.press(
                self._mri(user), given["room"], given["message"], said["action"], said.get("inputs") or {}
            )
        )

    async def look(self, user: str, request: Request, said: Json) -> Json:
        """A card comes on the screen. When the bot has no view of it ready, Teams says nothing of that either."""
        given = request.path_params
        try:
            came = await self.gestures.look(self._mri(user), given["room"], given["message"])
        except CannotDo:
            came = False
        return {"ok": True, "came": came}

    async def dialog(self, user: str, request: Request, said: Json) -> Json:
        """The dialog in front of a person, or null."""
        found = self.world.dialogs.of(self._mri(user))
        return {"dialog": {"title": found.title, "card": found.card, "turn": found.turn} if found else None}

    async def submit(self, user: str, request: Request, said: Json) -> Json:
        """A button of the dialog."""
        return _told(await self.gestures.submit(self._mri(user), said["action"], said.get("inputs") or {}))

    async def close(self, user: str, request: Request, said: Json) -> Json:
        """The dialog is closed."""
        self.gestures.close(self._mri(user))
        return {"ok": True}

    def routes(self, people: Container[str]) -> list[Route]:
        """All addresses below /workspace/people/{user}/teams, for these people."""
        here = "/workspace/people/{user}/teams"
        room, dialog = f"{here}/rooms/{{room}}", f"{here}/dialog"
        message = f"{room}/messages/{{message}}"
        reads: dict[str, Answer] = {f"{room}/messages": self.messages, dialog: self.dialog}
        does: dict[str, Answer] = {
            f"{room}/messages": self.say,
            f"{room}/extension": self.extension,
            f"{message}/press": self.press,
            f"{message}/look": self.look,
            f"{dialog}/submit": self.submit,
            f"{dialog}/close": self.close,
        }
        return [
            *(Route(path, for_person(answer, people)) for path, answer in reads.items()),
            *(Route(path, for_person(answer, people), methods=["POST"]) for path, answer in does.items()),
        ]

    def _mri(self, user: str) -> str:
        if user not in self.accounts:
            raise CannotDo("This person has no account in Teams.")
        return self.accounts[user]

    def _chat(self, mri: str) -> Room:
        return self.world.talk.open_chat(mri, self.world.talk.people[mri].tenant)

    def _tenant(self, id: str) -> str:
        return self.world.tenants.get(id, id)

    def _room(self, room: Room) -> Json:
        return {
            "id": room.id,
            "name": room.name,
            "topic": room.topic,
            "kind": room.kind,
            "tenant": self._tenant(room.tenant),
            "members": [self.chairs[mri] for mri in room.members if mri in self.chairs],
        }

    def _shown(self, message: Activity, mri: str) -> Json:
        person = self.world.talk.people.get(message.sender)
        return {
            "ts": message.id,
            "thread_ts": message.thread or None,
            "user": self.chairs.get(message.sender, message.sender) if person else BOT_USER,
            "user_name": f"{person.name}{' (guest)' * person.is_guest}" if person else BOT_NAME,
            "text": message.text,
            "card": message.card_for(mri),
            "edits": message.edits,
            "edited": message.edits > 0,
            "ephemeral": bool(message.only_for),
            "own_view": mri in message.views,
            "has_views": refresh_for(message, mri) is not None,
            "at": message.at.isoformat(),
        }


def _told(words: str) -> Json:
    return {"ok": True, "told": words}
