"""What a person can do in Teams, and what comes back: the page and the tests both act through this."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from bot.local.refusals import CannotDo
from bot.local.teams.activities import Activities
from bot.local.teams.cards import BYTES, CARD, DIALOG_BYTES, faults
from bot.local.teams.conversations import Activity
from bot.local.teams.dialogs import Dialog
from bot.local.teams.reading import around, filled, words
from bot.local.teams.refusals import ConnectorRefuses
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import Look, TeamsWorld

Json = dict[str, Any]

A_MINUTE = 60.0
"""Seconds within which Teams does not ask for the same view twice."""

REMEMBERED = 100
"""How many activities are remembered."""


class TeamsGestures:
    """Every gesture raises CannotDo with words for the person when it fails. People are named by their MRI.

    What a gesture gives back is what Teams then says to the person: above the card, or in the place of a dialog.
    `sent` are the last activities that went to the bot.
    """

    def __init__(self, world: TeamsWorld) -> None:
        self.world = world
        self.sent: deque[Json] = deque(maxlen=REMEMBERED)

    async def install(self, mri: str, room_id: str) -> None:
        """Put the app in a chat or a room."""
        person, room = self._here(mri, room_id)
        await self._ask(self._do.installs(person, room))
        if room.kind != "personal":
            await self._ask(self._do.takes_in(person, room))

    async def remove(self, mri: str, room_id: str) -> None:
        """Take the app away again."""
        await self._ask(self._do.installs(*self._here(mri, room_id), action="remove"))

    async def say(self, mri: str, room_id: str, text: str) -> None:
        """Write to the bot: in its chat, or in a room, where it is mentioned first."""
        person, room = self._here(mri, room_id)
        if not text.strip():
            raise CannotDo("There is nothing to send.")
        activity = self._do.message(person, room, text, to_bot=room.kind != "personal")
        at = "" if room.kind == "personal" else f"@{self._do.bot.name} "
        self.world.talk.say(room.id, {"from": {"id": mri}, "text": f"{at}{text}"})
        await self._ask(activity)

    async def extension(self, mri: str, room_id: str, command: str, on: str = "") -> str:
        """A command of the message extension, from the box where one writes or out of the menu of the message `on`."""
        person, room = self._here(mri, room_id)
        if on:
            message = self._message(mri, room, on)
            text = message.text or words(message.card or {})
            asked = self._do.opens_extension_on(person, room, command, {"id": on, "text": text})
        else:
            asked = self._do.opens_extension(person, room, command)
        return self._shown(mri, await self._ask(asked), room, command)

    async def press(
        self, mri: str, room_id: str, message_id: str, action: Json, given: Mapping[str, Any]
    ) -> str:
        """Use a button of a card as this person sees it; `given` is what was filled in there, by question."""
        person, room = self._here(mri, room_id)
        message = self._message(mri, room, message_id)
        cards = around(message.card_for(mri) or {}, action)
        if cards is None:
            raise CannotDo("That button is not there any more.")
        data = {**filled(cards, given), **(action.get("data") or {})}
        if action["type"] == "Action.Execute":
            pressed = self._do.executes(person, room, action, data, on=message.id)
            return self._answered(mri, await self._ask(pressed), room, message)
        if action["type"] != "Action.Submit":
            raise CannotDo("That button asks nothing of the app.")
        if (data.get("msteams") or {}).get("type") == "task/fetch":
            answer = await self._ask(self._do.opens_dialog(person, room, data, on=message.id))
            return self._shown(mri, answer, room)
        await self._ask(self._do.answers(person, room, data, on=message.id))
        return ""

    async def submit(self, mri: str, action: Json, given: Mapping[str, Any]) -> str:
        """Use a button of the dialog; it is shown again, filled anew, or gone."""
        dialog = self.world.dialogs.of(mri)
        if dialog is None:
            raise CannotDo("That form is not open any more.")
        cards = around(dialog.card, action)
        if cards is None or action["type"] not in ("Action.Submit", "Action.Execute"):
            raise CannotDo("That button is not there any more.")
        person, room = self._here(mri, dialog.room)
        data = {**filled(cards, given), **(action.get("data") or {})}
        if dialog.command:
            sent = self._do.submits_extension(person, room, dialog.command, data)
        else:
            sent = self._do.submits_dialog(person, room, data)
        answer = await self._ask(sent)
        if self.world.dialogs.of(mri) is None:
            return ""  # closed while the app was at it: nothing is there to be filled anew
        return self._shown(mri, answer, room, dialog.command, dialog.turn + 1)

    def close(self, mri: str) -> None:
        """Close the dialog. The bot is told nothing: Teams has no word for it."""
        self.world.dialogs.close(mri)

    async def look(self, mri: str, room_id: str, message_id: str) -> bool:
        """A card comes on this person's screen: their own view is asked for, if they have one. Whether it came.

        Not twice within a minute, unless the card was edited in between.
        """
        person, room = self._here(mri, room_id)
        message = self._message(mri, room, message_id)
        action, edits = refresh_for(message, mri), message.edits
        last, now = self.world.looked.get((message.id, mri)), self.world.real_seconds()
        if action is None or (last and last.edits == edits and now - last.at < A_MINUTE):
            return False
        self.world.looked[message.id, mri] = Look(at=now, edits=edits)
        seen = self._do.sees(person, room, action.get("verb", ""), action.get("data"), on=message.id)
        answer = await self._ask(seen)
        if message.edits != edits:
            return False  # it is the view of a card that is no more
        before = message.views.get(mri)
        self._answered(mri, answer, room, message)
        return message.views.get(mri) is not before

    @property
    def _do(self) -> Activities:
        return self.world.activities

    def _here(self, mri: str, room_id: str) -> tuple[Person, Room]:
        room = self.world.talk.rooms.get(room_id)
        if room is None or mri not in room.members:
            raise CannotDo("You are not in that conversation.")
        return self.world.talk.people[mri], room

    def _message(self, mri: str, room: Room, id: str) -> Activity:
        try:
            message = self.world.talk.find(room.id, id)
        except ConnectorRefuses:
            message = None
        if message is None or message.only_for not in ("", mri):
            raise CannotDo("That message is gone.")
        return message

    async def _ask(self, activity: Json) -> Json | None:
        self.sent.append(activity)
        return await self.world.delivery.ask(activity)

    def _answered(self, mri: str, answer: Json | None, room: Room, message: Activity) -> str:
        """The answer to an adaptiveCard/action: a card for this person alone, or words."""
        value = (answer or {}).get("value")
        if (answer or {}).get("type") != CARD or not isinstance(value, dict):
            return value if isinstance(value, str) else ""
        _drawable(value, BYTES)
        self.world.talk.show(room, message, mri, value)
        return ""

    def _shown(self, mri: str, answer: Json | None, room: Room, command: str = "", turn: int = 1) -> str:
        """The answer to task/* and composeExtension/*: the next dialog, or none, and perhaps words."""
        task = (answer or {}).get("task") or {}
        if task.get("type") == "continue":
            shown = task["value"]
            card = (shown.get("card") or {}).get("content")
            if not isinstance(card, dict):
                raise CannotDo("The app answered with a web page, and dialogs with pages are not shown here.")
            _drawable(card, DIALOG_BYTES)
            title = str(shown.get("title") or "")
            self.world.dialogs.put(
                mri, Dialog(title=title, card=card, room=room.id, command=command, turn=turn)
            )
            return ""
        self.world.dialogs.close(mri)
        return str(task["value"]) if task.get("type") == "message" else ""


def refresh_for(message: Activity, mri: str) -> Json | None:
    """The action by which a card asks for this person's own view of it; None when it has none for them."""
    refresh = (message.card or {}).get("refresh") or {}
    action = refresh.get("action")
    return action if isinstance(action, dict) and mri in (refresh.get("userIds") or ()) else None


def _drawable(card: Json, most: int) -> None:
    if wrong := faults(card, most):
        raise CannotDo(f"The app's answer is not a card that Teams draws: {'; '.join(wrong)}.")
