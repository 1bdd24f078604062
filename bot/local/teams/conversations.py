"""What was said in the stand-in for Teams, in memory, with room for a look at every card."""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.local.teams.cards import CARD
from bot.local.teams.refusals import ConnectorRefuses
from bot.local.teams.seats import Person, Room

Json = dict[str, Any]


@dataclass(slots=True)
class Activity:
    """One message as it stands now; `only_for` is the MRI of the one person who sees it, if it is targeted."""

    id: str
    sender: str
    text: str
    attachments: list[Json]
    thread: str = ""
    only_for: str = ""
    edits: int = 0
    whole: Json = field(default_factory=dict)

    @property
    def card(self) -> Json | None:
        """The first card of the message."""
        found = (each for each in self.attachments if each.get("contentType") == CARD)
        return next((each["content"] for each in found), None)


class Conversations:
    """Rooms by id, and what stands in each of them."""

    def __init__(self, people: Sequence[Person], rooms: Sequence[Room]) -> None:
        self.people = {person.mri: person for person in people}
        self.rooms = {room.id: room for room in rooms}
        self.said: dict[str, dict[str, Activity]] = {room.id: {} for room in rooms}
        self._numbers = itertools.count(1_772_445_600_000)  # ids look like milliseconds

    def room(self, conversation: str) -> Room:
        """The room of a conversation id, which may name a thread; ConnectorRefuses when there is none."""
        room = self.rooms.get(conversation.partition(";")[0])
        if room is None:
            raise ConnectorRefuses(404, "ConversationNotFound")
        return room

    def say(self, conversation: str, body: Json, *, is_targeted: bool = False) -> Activity:
        """Add a message of the bot's or of a person's."""
        room = self.room(conversation)
        activity = Activity(
            id=str(next(self._numbers)),
            sender=str((body.get("from") or {}).get("id", "")),
            text=body.get("text") or "",
            attachments=list(body.get("attachments") or []),
            thread=conversation.partition(";messageid=")[2],
            only_for=str((body.get("recipient") or {}).get("id", "")) if is_targeted else "",
            whole=body,
        )
        self.said[room.id][activity.id] = activity
        return activity

    def edit(self, conversation: str, activity_id: str, body: Json) -> Activity:
        """Put another text and other cards in the place of these; ConnectorRefuses when there is no such message."""
        activity = self.find(conversation, activity_id)
        activity.text = body.get("text") or ""
        activity.attachments = list(body.get("attachments") or [])
        activity.whole = body
        activity.edits += 1
        return activity

    def delete(self, conversation: str, activity_id: str) -> None:
        """Take a message away; ConnectorRefuses when there is no such message."""
        self.find(conversation, activity_id)
        del self.said[self.room(conversation).id][activity_id]

    def find(self, conversation: str, activity_id: str) -> Activity:
        """One message; ConnectorRefuses when there is no such message."""
        activity = self.said[self.room(conversation).id].get(activity_id)
        if activity is None:
            raise ConnectorRefuses(404, "ActivityNotFoundInConversation")
        return activity

    def in_room(self, conversation: str) -> list[Activity]:
        """What stands in a room, oldest first."""
        return list(self.said[self.room(conversation).id].values())

    def open_chat(self, mri: str, tenant: str) -> Room:
        """The bot's chat with one person: the same one each time. ConnectorRefuses for strangers."""
        person = self.people.get(mri)
        if person is None or person.tenant != tenant:
            raise ConnectorRefuses(403, "BotNotInConversationRoster")
        for room in self.rooms.values():
            if room.kind == "personal" and list(room.members) == [mri]:
                return room
        room = Room(id=f"a:1{uuid.uuid4().hex}", kind="personal", tenant=tenant, members=(mri,))
        self.rooms[room.id], self.said[room.id] = room, {}
        return room

    def members(self, conversation: str) -> list[Person]:
        """Who is in a room, in the room's order."""
        return [self.people[mri] for mri in self.room(conversation).members]
