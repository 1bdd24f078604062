"""Hands of one person in Teams: the words in which the story tests are told there."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.local.teams.activities import Activities
from bot.local.teams.cards import DIALOG_BYTES, faults
from bot.local.teams.conversations import Activity
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import TeamsWorld

Json = dict[str, Any]


class NotOnScreen(AssertionError):
    """What is to be used is not there; the message shows what is."""


class TeamsHands:
    """Acts for one person and sees what they see: their chat with the bot, rooms, one dialog at a time.

    `told` is what Teams showed above the card that was pressed last, or as the dialog closed; `sent` every activity
    that went to the bot.
    """

    def __init__(self, world: TeamsWorld, person: Person) -> None:
        self.world, self.person = world, person
        self.dialog: Json | None = None
        self.title = self.told = ""
        self.sent: list[Json] = []
        self._typed: Json = {}

    @property
    def chat(self) -> Room:
        """Their chat with the bot."""
        return self.world.talk.open_chat(self.person.mri, self.person.tenant)

    async def install(self) -> None:
        """Take the app: the bot is told of the chat."""
        await self._tell(self._do.installs(self.person, self.chat))

    async def leave(self) -> None:
        """Take the app away again."""
        await self._tell(self._do.installs(self.person, self.chat, action="remove"))

    async def say(self, text: str, room: Room | None = None) -> None:
        """Write to the bot: in its chat, or with a mention in a room."""
        where = room or self.chat
        await self._tell(self._do.message(self.person, where, text, to_bot=where.kind != "personal"))

    async def extension(self, command: str, room: Room | None = None) -> None:
        """Use a command from the box where one writes."""
        answer = await self._ask(self._do.opens_extension(self.person, room or self.chat, command))
        self._show(answer)

    def cards(self, room: Room | None = None) -> list[Activity]:
        """What the bot has posted there, as it stands now, oldest first."""
        found = self.world.talk.in_room((room or self.chat).id)
        return [each for each in found if each.card is not None and each.only_for in ("", self.person.mri)]

    def reads(self, room: Room | None = None) -> str:
        """Every word of the bot's cards there."""
        return "\n".join(words(each.card or {}) for each in self.cards(room))

    async def press(self, title: str, room: Room | None = None, near: str = "") -> None:
        """Press a button of the newest card that has it, by its words; `near` is something else that the card says.

        A button that asks whether one is sure is answered yes.
        """
        where = room or self.chat
        for message in reversed(self.cards(where)):
            card = message.card or {}
            if near in words(card) and (action := _action(card, title)) is not None:
                await self._use(action, card, where, message.id)
                return
        raise NotOnScreen(f"there is no {title!r} here: {self.reads(where)}")

    async def choose(self, wanted: str, then: str, room: Room | None = None) -> None:
        """Pick from the list of the newest card that offers it, and press the button under it."""
        where = room or self.chat
        for message in reversed(self.cards(where)):
            card = message.card or {}
            picked = {
                each["id"]: value for each in inputs(card) if (value := _choice(each, wanted)) is not None
            }
            if picked and (action := _action(card, then)) is not None:
                self._typed = picked
                await self._use(action, card, where, message.id)
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
        return [each for each in inputs(self._open) if each.get("isVisible", True)]

    async def submit(self, title: str = "") -> None:
        """Press the dialog's own button, or another of it by its words."""
        card = self._open
        action = _action(card, title) if title else next(iter(card.get("actions", [])), None)
        if action is None:
            raise NotOnScreen(f"the dialog {self.title!r} has no {title or 'button'!r}: {words(card)}")
        await self._send(action, card)

    @property
    def sees(self) -> str:
        """Every word of the dialog."""
        return words(self._open)

    @property
    def _open(self) -> Json:
        if self.dialog is None:
            raise NotOnScreen(f"no dialog is open; last was said: {self.told!r}")
        return self.dialog

    @property
    def _do(self) -> Activities:
        return self.world.activities

    async def _use(self, action: Json, card: Json, room: Room, message: str) -> None:
        data = {**_values(card), **self._typed, **action.get("data", {})}
        self._typed = {}
        if action["type"] == "Action.Execute":
            pressed = self._do.presses(self.person, room, action["verb"], data, on=message)
            answer = await self._ask(pressed)
            value = (answer or {}).get("value")
            self.told = value if isinstance(value, str) else words(value or {})
            return
        self._show(await self._ask(self._do.opens_dialog(self.person, room, data, on=message)))

    async def _send(self, action: Json, card: Json) -> None:
        data = {**_values(card), **self._typed, **action.get("data", {})}
        self._show(await self._ask(self._do.submits_dialog(self.person, self.chat, data)))

    def _show(self, answer: Json | None) -> None:
        task = (answer or {}).get("task") or {}
        self.dialog, self.title, self._typed = None, "", {}
        if task.get("type") == "message":
            self.told = task["value"]
        elif task.get("type") == "continue":
            shown = task["value"]
            self.dialog, self.title = shown["card"]["content"], shown["title"]
            if found := faults(self.dialog, DIALOG_BYTES):
                raise NotOnScreen(f"the dialog {self.title!r} cannot be drawn: {'; '.join(found)}")

    async def _tell(self, activity: Json) -> None:
        await self._ask(activity)

    async def _ask(self, activity: Json) -> Json | None:
        if self.world.line is None:
            raise NotOnScreen("the bot cannot be reached")
        self.sent.append(activity)
        answer = await self.world.line.tell(activity)
        if answer.status != 200:
            raise NotOnScreen(f"Teams was answered {answer.status}")
        return answer.body

    def _input(self, name: str) -> Json:
        for each in self.asked():
            if each["id"] in (name, f"{name}[]", f"{name}[yes]"):
                return each
        there = [each["id"] for each in self.asked()]
        raise NotOnScreen(f"no question {name!r} in {self.title!r}; there is {there}: {words(self._open)}")


def words(card: Json) -> str:
    """What a card says: texts, labels, choices and buttons, a line each."""
    return "\n".join(_words(card))


def inputs(card: Json) -> Iterator[Json]:
    """Every question of a card."""
    for part in _parts(card.get("body", [])):
        if str(part.get("type", "")).startswith("Input."):
            yield part


def _words(card: Json) -> Iterator[str]:
    for part in _parts(card.get("body", [])):
        if "inlines" in part:
            yield "".join(run["text"] for run in part["inlines"])
        elif part.get("type") == "TextBlock":
            yield part["text"]
        elif "label" in part:
            yield part["label"]
        for action in part.get("actions", []):
            yield f"[{action['title']}]"
    for action in card.get("actions", []):
        yield f"[{action['title']}]"


def _parts(body: Sequence[Json]) -> Iterator[Json]:
    for each in body:
        yield each
        yield from _parts(each.get("items", []))
        for column in each.get("columns", []):
            yield from _parts(column.get("items", []))


def _action(card: Json, title: str) -> Json | None:
    sets = [each.get("actions", []) for each in _parts(card.get("body", []))]
    for action in [each for actions in (card.get("actions", []), *sets) for each in actions]:
        if action["title"] == title:
            sure = action.get("card", {}).get("actions", []) if action["type"] == "Action.ShowCard" else []
            return dict(sure[0] if sure else action)
    return None


def _values(card: Json) -> Json:
    return {each["id"]: each.get("value", "") for each in inputs(card)}


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
