"""Hands of one person in Teams: the words in which the stories are told there."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.local.filling import NotOnScreen
from bot.local.teams.conversations import Activity
from bot.local.teams.dialogs import Dialog
from bot.local.teams.gestures import TeamsGestures
from bot.local.teams.reading import actions, inputs, words
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import TeamsWorld

Json = dict[str, Any]


class TeamsHands:
    """Acts for one person and sees what they see: their chat with the bot, rooms, one dialog at a time.

    `told` is what Teams said after the last press, above the card or as the dialog closed; where the answer was a card
    for this person alone, its words. Raises NotOnScreen when what is to be used is not there, and CannotDo with the
    words the person would get.
    """

    def __init__(self, world: TeamsWorld, person: Person) -> None:
        self.world, self.person = world, person
        self.gestures = TeamsGestures(world)
        self.told = ""
        self._typed: Json = {}

    @property
    def chat(self) -> Room:
        """Their chat with the bot."""
        return self.world.talk.open_chat(self.person.mri, self.person.tenant)

    @property
    def sent(self) -> Sequence[Json]:
        """Every activity that went to the bot, the newest last."""
        return self.gestures.sent

    async def install(self) -> None:
        """Take the app: the bot is told of the chat."""
        await self.gestures.install(self.person.mri, self.chat.id)

    async def leave(self) -> None:
        """Take the app away again."""
        await self.gestures.remove(self.person.mri, self.chat.id)

    async def say(self, text: str, room: Room | None = None) -> None:
        """Write to the bot: in its chat, or with a mention in a room."""
        await self.gestures.say(self.person.mri, (room or self.chat).id, text)

    async def extension(self, command: str, room: Room | None = None) -> None:
        """Use a command from the box where one writes."""
        self._typed = {}
        self.told = await self.gestures.extension(self.person.mri, (room or self.chat).id, command)

    def cards(self, room: Room | None = None) -> list[Activity]:
        """The bot's messages with cards there, as they stand now, oldest first."""
        found = self.world.talk.seen_by(self.person.mri, (room or self.chat).id)
        return [each for each in found if each.card is not None]

    def shown(self, message: Activity) -> Json:
        """The card of a message as this person sees it."""
        return message.card_for(self.person.mri) or {}

    def reads(self, room: Room | None = None) -> str:
        """Every word of the bot's cards there."""
        return "\n".join(words(self.shown(each)) for each in self.cards(room))

    async def looks(self, room: Room | None = None) -> None:
        """All the cards there come on the screen: views of this person's own are asked for."""
        for message in self.cards(room):
            await self.gestures.look(self.person.mri, (room or self.chat).id, message.id)

    async def press(self, title: str, room: Room | None = None, near: str = "") -> None:
        """Press a button of the newest card that has it, by its words; `near` is something else that the card says.

        A button that asks whether one is sure is answered yes.
        """
        where = room or self.chat
        for message in reversed(self.cards(where)):
            card = self.shown(message)
            if near in words(card) and (action := _action(card, title)) is not None:
                await self._use(action, where, message)
                return
        raise NotOnScreen(f"there is no {title!r} near {near!r} here: {self.reads(where)}")

    async def choose(self, wanted: str, then: str, room: Room | None = None) -> None:
        """Pick from the list of the newest card that offers it, and press the button under it."""
        where = room or self.chat
        for message in reversed(self.cards(where)):
            card = self.shown(message)
            picked = {
                each["id"]: value for each in inputs(card) if (value := _choice(each, wanted)) is not None
            }
            if picked and (action := _action(card, then)) is not None:
                await self._use(action, where, message, picked)
                return
        raise NotOnScreen(f"nobody offers {wanted!r} with {then!r} here: {self.reads(where)}")

    def fill(self, **answers: str | Sequence[str]) -> None:
        """Type or choose in the dialog, by the id of the question; choices by their words."""
        for name, wanted in answers.items():
            each = self._input(name)
            self._typed[each["id"]] = _answer(each, wanted)

    def leave_unknown(self, name: str) -> None:
        """Tick that there is no answer."""
        self._typed[f"{name}[unknown]"] = "unknown"

    def asked(self) -> list[Json]:
        """The questions of the dialog, those that can be seen."""
        return [each for each in inputs(self._open.card) if each.get("isVisible", True)]

    async def submit(self, title: str = "") -> None:
        """Press the dialog's own button, or another of it by its words."""
        card = self._open.card
        action = _action(card, title) if title else next(iter(card.get("actions", [])), None)
        if action is None:
            raise NotOnScreen(f"the dialog {self.title!r} has no {title or 'button'!r}: {words(card)}")
        self.told, self._typed = await self.gestures.submit(self.person.mri, action, self._typed), {}

    @property
    def dialog(self) -> Json | None:
        """The card of the dialog in front, if there is one."""
        found = self.world.dialogs.of(self.person.mri)
        return found.card if found else None

    @property
    def title(self) -> str:
        """The dialog's title; empty where there is none."""
        found = self.world.dialogs.of(self.person.mri)
        return found.title if found else ""

    @property
    def sees(self) -> str:
        """Every word of the dialog."""
        return words(self._open.card)

    @property
    def _open(self) -> Dialog:
        found = self.world.dialogs.of(self.person.mri)
        if found is None:
            raise NotOnScreen(f"no dialog is open; last was said: {self.told!r}")
        return found

    async def _use(
        self, action: Json, room: Room, message: Activity, given: Mapping[str, Any] | None = None
    ) -> None:
        self._typed, mri, before = {}, self.person.mri, message.views.get(self.person.mri)
        self.told = await self.gestures.press(mri, room.id, message.id, action, given or {})
        shown = message.views.get(mri)
        if shown is not None and shown is not before:
            self.told = words(shown)

    def _input(self, name: str) -> Json:
        for each in self.asked():
            if each["id"] in (name, f"{name}[]", f"{name}[yes]"):
                return each
        there = [each["id"] for each in self.asked()]
        raise NotOnScreen(f"no question {name!r} in {self.title!r}; there is {there}: {self.sees}")


def _action(card: Json, title: str) -> Json | None:
    for action in actions(card):
        if action.get("title") == title:
            sure = action.get("card", {}).get("actions", []) if action["type"] == "Action.ShowCard" else []
            return dict(sure[0] if sure else action)
    return None


def _answer(each: Json, wanted: str | Sequence[str]) -> str:
    if each["type"] != "Input.ChoiceSet":
        return str(wanted)
    picked = [_choice(each, one) for one in ([wanted] if isinstance(wanted, str) else wanted)]
    if None in picked:
        raise NotOnScreen(
            f"{each['id']} offers no {wanted!r}, but {[one['title'] for one in each['choices']]}"
        )
    return ",".join(str(one) for one in picked)


def _choice(each: Json, wanted: str) -> str | None:
    for one in each.get("choices", []):
        if one["title"] == wanted or one["title"].startswith((f"{wanted}: ", f"{wanted}, ")):
            return str(one["value"])
    return None
