"""A person's hands in Teams, in the words in which the stories are told: `press`, `fill`, `look`, as in Slack."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from bot.handlers.teams.inputs import field_of
from bot.local.eyes import Eyes
from bot.local.filling import NotOnScreen, Wanted
from bot.local.hands import Hands
from bot.local.letters import Letter
from bot.local.screen import Control, Screen
from bot.local.teams.conversations import Activity
from bot.local.teams.hands import TeamsHands, words
from bot.local.teams.reading import parts
from bot.local.teams.seats import Room

Json = dict[str, Any]
FOLLOWS = "Show what follows from this"
MEND = "To mend: "


class InTeams(Eyes):
    """Does in Teams what `Hands` does in Slack; `slack` is the same person there, who gets the same mail."""

    def __init__(
        self,
        hands: TeamsHands,
        slack: Hands,
        rooms: Mapping[str, Room],
        quiet: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(slack.world, slack.user)
        self.hands, self.slack, self.rooms, self.quiet = hands, slack, rooms, quiet

    @property
    def modal(self) -> Screen:
        """The dialog; raises NotOnScreen when none is open."""
        return read(self.hands._open.card, "a dialog", title=self.hands.title)

    @property
    def modal_open(self) -> bool:
        """Whether a dialog is open."""
        return self.hands.dialog is not None

    @property
    def last_page(self) -> bool:
        """Whether the dialog's button sends the form."""
        return bool(self.hands._open.card["actions"][0]["title"] == "Send")

    @property
    def told(self) -> str:
        """What Teams showed above the card that was pressed last, or as the dialog closed."""
        return self.hands.told

    @property
    def mail(self) -> list[Letter]:
        """This person's e-mail, newest first."""
        return self.slack.mail

    def messages(self, where: str = "dm") -> list[Screen]:
        """The bot's cards in a channel or in one's chat with it, oldest first."""
        return [_screen(each) for each in self.hands.cards(self._room(where))]

    def showing(self, where: str | None = None) -> str:
        """Everything in front of this person, and what Teams told them last."""
        return f"{super().showing(where)}\n{self.told}"

    async def sees(self, words: str, where: str | None = None, within: float = 5) -> Screen:
        """As in Slack; what Teams showed above the card that was pressed last is seen as well."""
        if words in self.told:
            return Screen(
                called="told", container={"type": "told"}, title="", text=self.told, blocks=[], controls=()
            )
        return await super().sees(words, where, within)

    async def command(self, line: str) -> None:
        """Write to the bot; where it answers with a button that opens a dialog, press it."""
        before = len(self.hands.cards())
        await self.hands.say(line.removeprefix("/"))
        await self.quiet()
        if len(self.hands.cards()) > before and "[Open]" in words(self.hands.cards()[-1].card or {}):
            await self.press("Open", "dm")

    async def open_home(self) -> Screen:
        """Ask for one's Home: a card in the chat."""
        await self.command("home")
        return self.last()

    async def press(self, label: str, where: str | None = None, near: str = "") -> None:
        """Press a button by its words, as `Hands.press`; who is asked whether they are sure says yes."""
        found, control = self._find(label, where, near, ("button",))
        await self._act(found, control.element["action"])

    def kept(self, label: str, where: str | None = None, near: str = "") -> Screen:
        """The card with that button, as it is now: it may be pressed later, when it is long out of date."""
        return self._find(label, where, near, ("button",))[0]

    async def press_on(self, card: Screen, label: str) -> None:
        """Press a button of a card that was kept, whatever stands there by now."""
        action = next(one for one in card.controls if one.label == label).element["action"]
        room, message = self._place(card)
        does, person, gestures = self.hands.world.activities, self.hands.person, self.hands.gestures
        if action["type"] == "Action.Execute":
            pressed = does.executes(person, room, action, action["data"], on=message.id)
            value = ((await gestures._ask(pressed)) or {})["value"]
            self.hands.told = value if isinstance(value, str) else words(value)
            return
        answer = await gestures._ask(does.opens_dialog(person, room, action["data"], on=message.id))
        self.hands.told = gestures._shown(person.mri, answer, room)

    async def choose(self, label: str, wanted: str, where: str | None = None, near: str = "") -> None:
        """Pick from a list of a card, and press the button under it."""
        found, control = self._find(label, where, near, ("static_select",))
        self._type(control, wanted)
        [button] = [one for one in found.controls if _picks(one) == control.element["action_id"]]
        await self._act(found, button.element["action"])

    async def fill(self, *label_and_answer: Wanted, **answers: Wanted) -> None:
        """`fill("What worries you?", "text")`, or by the question: `fill(concern="text")`."""
        asked: list[tuple[str, Wanted, bool]] = [(name, each, True) for name, each in answers.items()]
        if label_and_answer:
            asked.append((str(label_and_answer[0]), label_and_answer[1], False))
        for name, wanted, by_id in asked:
            found, control = self._find(name, None, "", INPUTS, by_id=by_id)
            self._type(control, wanted)
            for one in found.controls:
                if (
                    _picks(one) == control.element["action_id"]
                ):  # what hangs on this answer is shown when asked for
                    typed = dict(self.hands._typed)
                    await self._act(found, one.element["action"])
                    self.hands._typed = typed

    async def submit(self) -> None:
        """Press the dialog's own button; raises NotOnScreen when it comes back with something to mend."""
        await self.hands.submit()
        if self.modal_open and MEND in self.hands.sees:
            raise NotOnScreen(f"the form was not taken:\n{self.modal}")

    async def submit_and_be_told(self) -> dict[str, str]:
        """Press the button of a dialog that should come back: what is to be mended, by the labels of its questions."""
        await self.hands.submit()
        told = _to_mend(self.hands.dialog or {})
        if not told:
            raise NotOnScreen(f"the form was taken, and should not have been\n{self.showing()}")
        return told

    async def close(self) -> None:
        """Close the dialog."""
        self.hands.gestures.close(self.hands.person.mri)

    def _room(self, where: str) -> Room:
        return self.rooms[where.removeprefix("#")] if where not in ("dm", "home") else self.hands.chat

    def _screens(self, where: str | None) -> Iterator[Screen]:
        if where is None and self.modal_open:
            yield self.modal
            return
        rooms = [self._room(where)] if where is not None else [self.hands.chat, *self.rooms.values()]
        mine = [room for room in rooms if self.hands.person.mri in room.members]
        said = [one for room in mine for one in self.hands.cards(room)]
        yield from (_screen(one) for one in sorted(said, key=lambda one: int(one.id), reverse=True))

    def _type(self, control: Control, wanted: Wanted) -> None:
        element = control.element
        if element["type"] not in ("static_select", "multi_static_select"):
            self.hands._typed[element["action_id"]] = str(wanted)
            return
        several = [wanted] if isinstance(wanted, str) else list(wanted or ())  # type: ignore[arg-type]
        picked = [_option(str(one), element["options"]) for one in several]
        self.hands._typed[element["action_id"]] = ",".join(picked)

    async def _act(self, found: Screen, action: Json) -> None:
        mri, typed, self.hands._typed = self.hands.person.mri, self.hands._typed, {}
        if found.container["type"] == "dialog":
            self.hands.told = await self.hands.gestures.submit(mri, action, typed)
            return
        await self.hands._use(action, *self._place(found), typed)

    def _place(self, card: Screen) -> tuple[Room, Activity]:
        talk, id = self.hands.world.talk, card.container["ts"]
        room = next(room for room in (self.hands.chat, *self.rooms.values()) if id in talk.said[room.id])
        return room, talk.find(room.id, id)


INPUTS = ("static_select", "multi_static_select", "text")


def read(card: Json, called: str, *, title: str = "", ts: str = "") -> Screen:
    """A card as a person reads it: its words, and its controls with what they stand beside."""
    controls = list(_controls(card.get("body", []), [], closed=[False]))
    controls += [_button(each, "") for each in card.get("actions", [])]
    container = {"type": "message", "ts": ts} if ts else {"type": "dialog"}
    blocks = [each.block for each in controls if each.block["type"] == "input"]
    return Screen(
        called=called,
        container=container,
        title=title,
        text=words({"body": _read_only(card.get("body", []))}),
        blocks=blocks,
        controls=tuple(controls),
    )


def _screen(message: Activity) -> Screen:
    return read(message.card or {}, "a card", ts=message.id)


def _controls(body: list[Json], above: list[str], closed: list[bool]) -> Iterator[Control]:
    """`above` is the text since the last controls: what a button is about."""
    for each in body:
        if each.get("separator"):
            above.clear()
        if "items" in each:
            yield from _controls(each["items"], above, closed)
        elif str(each["type"]).startswith("Input."):
            yield _input(each)
            closed[0] = True
        elif each["type"] == "ActionSet":
            yield from (_button(action, "\n".join(above)) for action in each["actions"])
            closed[0] = True
        else:
            if closed[0]:
                above.clear()
            closed[0] = False
            above.append(words({"body": [each]}))


def _button(action: Json, about: str) -> Control:
    sure = action["card"]["actions"][0] if action["type"] == "Action.ShowCard" else action
    element = {"type": "button", "action_id": sure.get("data", {}).get("convenor", {}).get("verb", "")}
    return Control(
        label=action["title"],
        about=about,
        block={"type": "actions", "block_id": ""},
        element={**element, "action": sure},
    )


def _input(each: Json) -> Control:
    id = each["id"]
    name = f"{field_of(id)}:unknown" if id.endswith("[unknown]") else field_of(id)
    options = [{"text": {"text": one["title"]}, "value": one["value"]} for one in each.get("choices", ())]
    kind = ("multi_" if each.get("isMultiSelect") else "") + "static_select" if options else "text"
    element = {"type": kind, "action_id": id, "options": options}
    optional = "(optional)" in each.get("label", "")
    block = {"type": "input", "block_id": name, "element": element, "optional": optional}
    hidden = {"type": "hidden", "block_id": ""}
    seen = each.get("isVisible", True)
    return Control(label=each.get("label", ""), about="", block=block if seen else hidden, element=element)


def _picks(control: Control) -> str:
    return str(control.element.get("action", {}).get("data", {}).get("convenor", {}).get("picked", ""))


def _read_only(body: list[Json]) -> list[Json]:
    return [
        {**each, "items": _read_only(each["items"])} if "items" in each else each
        for each in body
        if each["type"] != "ActionSet"
    ]


def _to_mend(card: Json) -> dict[str, str]:
    """What stands under the questions of a dialog that came back."""
    told: dict[str, str] = {}
    label = ""
    for each in parts(card.get("body", [])):
        label = each.get("label", label)
        said = words({"body": [each]})
        if "inlines" in each and said.startswith(MEND):
            told[label] = said.removeprefix(MEND)
    return told


def _option(wanted: str, options: list[Json]) -> str:
    for told in (str.__eq__, str.startswith):
        found = [one for one in options if told(one["text"]["text"].casefold(), wanted.casefold())]
        if len(found) == 1:
            return str(found[0]["value"])
    shown = ", ".join(repr(one["text"]["text"]) for one in options) or "nothing"
    raise NotOnScreen(f"there is no choice {wanted!r}; there is {shown}")
