"""What Teams tells a bot, as it looks on the wire (teams.md sections 2 and 5): one function a gesture."""

import uuid
from dataclasses import dataclass
from typing import Any

from bot.local.teams.seats import Person, Room

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Bot:
    """The bot as Teams names it: `id` is the app's id with 28: before it."""

    id: str
    name: str = "Convenor"

    def account(self) -> Json:
        """As the recipient of an activity."""
        return {"id": self.id, "name": self.name}


class Activities:
    """Makes activities that come from one service URL and go to one bot."""

    def __init__(self, bot: Bot, service_url: str) -> None:
        self.bot, self.service_url = bot, service_url

    def of(self, kind: str, person: Person, room: Room, **more: Any) -> Json:
        """An activity of any type, with `more` put on top of what all of them have."""
        return {
            "type": kind,
            "id": f"f:{uuid.uuid4().hex}",
            "timestamp": "2026-03-02T09:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": person.account(),
            "recipient": self.bot.account(),
            "conversation": room.account(),
            "channelData": room.channel_data(),
            "locale": "en-GB",
            **more,
        }

    def message(self, person: Person, room: Room, text: str, *, to_bot: bool = False) -> Json:
        """Somebody writes; with `to_bot`, and mentions the bot first, as everybody must in a channel."""
        if not to_bot:
            return self.of("message", person, room, text=text, textFormat="plain")
        at = f"<at>{self.bot.name}</at>"
        mention = {"type": "mention", "text": at, "mentioned": self.bot.account()}
        return self.of("message", person, room, text=f"{at} {text}", entities=[mention])

    def invoke(self, person: Person, room: Room, name: str, value: Json, *, on: str = "") -> Json:
        """Any invoke; `on` is the id of the message that was pressed."""
        pressed = {"replyToId": on} if on else {}
        return self.of("invoke", person, room, name=name, value=value, **pressed)

    def opens_dialog(self, person: Person, room: Room, data: Json, *, on: str = "") -> Json:
        """A button that opens a dialog."""
        data = {"msteams": {"type": "task/fetch"}, **data}
        return self.invoke(person, room, "task/fetch", {"data": data, "context": {"theme": "default"}}, on=on)

    def submits_dialog(self, person: Person, room: Room, data: Json) -> Json:
        """The dialog's own button; `data` holds the button's data and the answers, by question."""
        return self.invoke(person, room, "task/submit", {"data": data, "context": {"theme": "default"}})

    def presses(self, person: Person, room: Room, verb: str, data: Json, *, on: str = "") -> Json:
        """An Action.Execute."""
        action = {"type": "Action.Execute", "verb": verb, "data": {"action": verb, **data}}
        return self.invoke(
            person, room, "adaptiveCard/action", {"action": action, "trigger": "manual"}, on=on
        )

    def executes(self, person: Person, room: Room, action: Json, data: Json, *, on: str = "") -> Json:
        """An Action.Execute of a card: `data` holds the button's data and the answers, by question."""
        about: Json = {name: action[name] for name in ("type", "id", "verb", "title") if name in action}
        value = {"action": {**about, "data": data}, "trigger": "manual"}
        return self.invoke(person, room, "adaptiveCard/action", value, on=on)

    def answers(self, person: Person, room: Room, data: Json, *, on: str = "") -> Json:
        """An Action.Submit that opens no dialog: Teams makes a message of it."""
        return self.of("message", person, room, text="", value=data, replyToId=on)

    def sees(
        self, person: Person, room: Room, verb: str = "refresh", data: Json | None = None, *, on: str = ""
    ) -> Json:
        """A card comes on somebody's screen and asks for their view of it; empty `data` is left out, as in Teams."""
        action = {"type": "Action.Execute", "verb": verb, **({"data": data} if data else {})}
        value = {"action": action, "trigger": "automatic"}
        return self.invoke(person, room, "adaptiveCard/action", value, on=on)

    def opens_extension(self, person: Person, room: Room, command: str) -> Json:
        """A command of the message extension, from the box where one writes."""
        value = {"commandId": command, "commandContext": "compose", "context": {"theme": "default"}}
        return self.invoke(person, room, "composeExtension/fetchTask", value)

    def opens_extension_on(self, person: Person, room: Room, command: str, message: Json) -> Json:
        """A command of the message extension, out of the menu of a message: its id and its text."""
        value = {
            "commandId": command,
            "commandContext": "message",
            "messagePayload": {
                "id": message["id"],
                "body": {"contentType": "text", "content": message["text"]},
            },
            "context": {"theme": "default"},
        }
        return self.invoke(person, room, "composeExtension/fetchTask", value)

    def submits_extension(self, person: Person, room: Room, command: str, data: Json) -> Json:
        """The dialog of a message extension is sent."""
        value = {"commandId": command, "commandContext": "compose", "data": data}
        return self.invoke(person, room, "composeExtension/submitAction", value)

    def installs(self, person: Person, room: Room, *, action: str = "add") -> Json:
        """The app is put in a room, or taken away with `action` "remove"."""
        return self.of("installationUpdate", person, room, action=action)

    def takes_in(self, person: Person, room: Room) -> Json:
        """The bot is added to a room by somebody."""
        return self.of("conversationUpdate", person, room, membersAdded=[{"id": self.bot.id}])

    def joins(self, person: Person, room: Room) -> Json:
        """Somebody is added to a room."""
        added = [{"id": person.mri, "aadObjectId": person.object_id}]
        return self.of("conversationUpdate", person, room, membersAdded=added)

    def is_taken_out(self, person: Person, gone: Person, room: Room) -> Json:
        """Somebody is taken out of a room, by an owner of it or as their account was deleted: Teams does not say."""
        removed = [{"id": gone.mri, "aadObjectId": gone.object_id}]
        return self.of("conversationUpdate", person, room, membersRemoved=removed)

    def meeting_starts(self, person: Person, room: Room, title: str = "Panel meeting") -> Json:
        """The meeting of a meeting chat begins."""
        value = {
            "Id": "MCMxOTptZWV0aW5n",
            "MeetingType": "Scheduled",
            "JoinUrl": "https://teams.example/meet/1",
            "Title": title,
            "StartTime": "2026-03-02T10:00:00Z",
        }
        return self.of("event", person, room, name="application/vnd.microsoft.meetingStart", value=value)
