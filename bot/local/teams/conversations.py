"""What was said in the stand-in for Teams: rooms, messages, each person's own view of a card, and who has read what."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.local.news import News
from bot.local.shelf import Shelf
from bot.local.teams.cards import CARD
from bot.local.teams.refusals import ConnectorRefuses
from bot.local.teams.seats import Person, Room

Json = dict[str, Any]


@dataclass(slots=True)
class Activity:
    """One message as it stands now; `only_for` is the MRI of the one person who sees it, if it is targeted.

    `views` are cards that one person sees in the place of the message's own, by MRI, until it is edited.
    """

    id: str
    sender: str
    text: str
    attachments: list[Json]
    thread: str = ""
    only_for: str = ""
    edits: int = 0
    views: dict[str, Json] = field(default_factory=dict)
    whole: Json = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """When it was said, by the workspace's clock."""
        return datetime.fromtimestamp(int(self.id) / 1_000, UTC)

    @property
    def card(self) -> Json | None:
        """The first card of the message."""
        found = (each for each in self.attachments if each.get("contentType") == CARD)
        return next((each["content"] for each in found), None)

    def card_for(self, mri: str) -> Json | None:
        """The card as this person sees it."""
        return self.views.get(mri, self.card)


class Conversations:
    """Rooms by id, and what stands in each of them; every change is told and kept."""

    def __init__(
        self,
        people: Sequence[Person],
        rooms: Sequence[Room],
        shelf: Shelf,
        news: News,
        now: Callable[[], datetime],
    ) -> None:
        self.shelf, self.news, self.now = shelf, news, now
        self.people = {person.mri: person for person in people}
        self.rooms = {room.id: room for room in rooms}
        for person in people:
            self.open_chat(person.mri, person.tenant)
        self.deactivated: set[str] = set()
        self.said: dict[str, dict[str, Activity]] = {id: {} for id in self.rooms}
        self._last = 0
        for key, body in shelf.all("teams_message").items():
            activity = Activity(**body)
            self.said.setdefault(key.partition("|")[0], {})[activity.id] = activity
            self._last = max(self._last, int(activity.id))
        self.read = {key: body["id"] for key, body in shelf.all("teams_read").items()}

    def room(self, conversation: str) -> Room:
        """The room of a conversation id, which may name a thread; ConnectorRefuses when there is none."""
        room = self.rooms.get(conversation.partition(";")[0])
        if room is None:
            raise ConnectorRefuses(404, "ConversationNotFound")
        return room

    def say(self, conversation: str, body: Json, *, is_targeted: bool = False) -> Activity:
        """Add a message of the bot's or of a person's."""
        room = self.room(conversation)
        self._last = max(
            self._last + 1, int(self.now().timestamp() * 1_000)
        )  # ids are milliseconds, as in Teams
        activity = Activity(
            id=str(self._last),
            sender=str((body.get("from") or {}).get("id", "")),
            text=body.get("text") or "",
            attachments=list(body.get("attachments") or []),
            thread=conversation.partition(";messageid=")[2],
            only_for=str((body.get("recipient") or {}).get("id", "")) if is_targeted else "",
            whole=body,
        )
        self.said[room.id][activity.id] = activity
        self._keep(room, activity)
        if activity.sender in self.people:
            self.mark_read(activity.sender, room.id)
        return activity

    def edit(self, conversation: str, activity_id: str, body: Json) -> Activity:
        """Put another text and other cards in the place of these; ConnectorRefuses when there is no such message."""
        activity = self.find(conversation, activity_id)
        activity.text = body.get("text") or ""
        activity.attachments = list(body.get("attachments") or [])
        activity.whole = body
        activity.edits += 1
        activity.views = {}
        self._keep(self.room(conversation), activity)
        return activity

    def show(self, room: Room, activity: Activity, mri: str, card: Json) -> None:
        """From now on this person sees this card there, until the message is edited."""
        activity.views[mri] = card
        self._keep(room, activity, mri)

    def delete(self, conversation: str, activity_id: str) -> None:
        """Take a message away; ConnectorRefuses when there is no such message."""
        self.find(conversation, activity_id)
        room = self.room(conversation)
        del self.said[room.id][activity_id]
        self.shelf.drop("teams_message", f"{room.id}|{activity_id}")
        self._tell(room)

    def find(self, conversation: str, activity_id: str) -> Activity:
        """One message; ConnectorRefuses when there is no such message."""
        activity = self.said[self.room(conversation).id].get(activity_id)
        if activity is None:
            raise ConnectorRefuses(404, "ActivityNotFoundInConversation")
        return activity

    def in_room(self, conversation: str) -> list[Activity]:
        """What stands in a room, oldest first."""
        return list(self.said[self.room(conversation).id].values())

    def seen_by(self, mri: str, conversation: str) -> list[Activity]:
        """What a person sees there, oldest first."""
        return [each for each in self.in_room(conversation) if each.only_for in ("", mri)]

    def of(self, mri: str) -> list[Room]:
        """The channels and group chats that a person is in."""
        return [room for room in self.rooms.values() if room.kind != "personal" and mri in room.members]

    def unread(self, mri: str, conversation: str) -> int:
        """How many messages of others a person has not looked at."""
        mark = int(self.read.get(f"{mri}|{conversation}", "0"))
        seen = self.seen_by(mri, conversation)
        return sum(each.sender != mri and int(each.id) > mark for each in seen)

    def mark_read(self, mri: str, conversation: str) -> None:
        """A person looks at a conversation."""
        last = max((each.id for each in self.seen_by(mri, conversation)), key=int, default="0")
        key = f"{mri}|{conversation}"
        if self.read.get(key, "0") != last:
            self.read[key] = last
            self.shelf.put("teams_read", key, {"id": last})

    def open_chat(self, mri: str, tenant: str) -> Room:
        """The bot's chat with one person: the same one each time. ConnectorRefuses for strangers."""
        person = self.people.get(mri)
        if person is None or person.tenant != tenant:
            raise ConnectorRefuses(403, "BotNotInConversationRoster")
        for room in self.rooms.values():
            if room.kind == "personal" and list(room.members) == [mri]:
                return room
        id = f"a:1{uuid.uuid5(uuid.NAMESPACE_URL, mri).hex}"
        self.rooms[id] = Room(id=id, kind="personal", tenant=tenant, members=(mri,))
        return self.rooms[id]

    def members(self, conversation: str) -> list[Person]:
        """Who is in a room, in the room's order; nobody whose account is deactivated."""
        members = self.room(conversation).members
        return [self.people[mri] for mri in members if mri not in self.deactivated]

    def _keep(self, room: Room, activity: Activity, only: str = "") -> None:
        kept = {name: value for name, value in asdict(activity).items() if name != "whole"}
        self.shelf.put("teams_message", f"{room.id}|{activity.id}", kept)
        self._tell(room, only or activity.only_for)

    def _tell(self, room: Room, only: str = "") -> None:
        """A chat with the app is one person's, as is what only they see."""
        person = room.members[0] if room.kind == "personal" else only
        self.news.tell("teams", room=room.id, person=person or None)
