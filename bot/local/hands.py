"""Hands of one person in the workspace: the words in which the story tests are told."""

from datetime import datetime
from typing import Any

from bot.local.answers import ANSWER, state
from bot.local.eyes import Eyes
from bot.local.filling import NotOnScreen, Wanted, filled
from bot.local.gestures import Gestures, Outcome
from bot.local.screen import Control, Screen, mrkdwn
from bot.local.world import World

Json = dict[str, Any]


class Hands(Eyes):
    """Acts for one person and sees what they see; `where` as in Eyes.

    Raises NotOnScreen when what is to be used is not there, and CannotDo with the words the person would get.
    """

    def __init__(self, world: World, user: str) -> None:
        super().__init__(world, user)
        self.gestures = Gestures(world)
        self._typed: dict[str, Json] = {}

    async def command(self, line: str, where: str = "dm") -> None:
        """Type a slash command, such as `/refer marm`."""
        await self.say(line, where)

    async def say(self, text: str, where: str = "dm") -> None:
        """Type a message."""
        await self.gestures.say(self.user, self._conversation(where).id, text)

    async def shortcut(self, name: str, on: Screen | None = None) -> None:
        """Use a shortcut by the name that shows; `on` is a message whose menu it is in."""
        kind = "global" if on is None else "message"
        offered = {one.name: one.callback_id for one in self.world.shortcuts if one.type == kind}
        if name not in offered:
            raise NotOnScreen(f"there is no shortcut {name!r}; there is {', '.join(offered) or 'none'}")
        place = on.container if on else {}
        await self.gestures.shortcut(self.user, offered[name], place.get("channel", ""), place.get("ts", ""))

    async def answers_mail(self, subject: str, answer: str, start: datetime | None = None) -> None:
        """Answer the newest invitation with these words in its subject, in the mail program (itip.WORDS)."""
        if self.world.mail_program is None:
            raise NotOnScreen("there is no mail program here")
        letter = await self.gets_mail(subject)
        await self.world.mail_program.answer(self.user, letter.id, answer, start)

    async def open_home(self) -> Screen:
        """Look at App Home; what the bot published when it was opened."""
        await self.gestures.open_home(self.user)
        return await self.world.news.until(
            lambda: self.home if self.user in self.world.stage.homes else None, called="a home"
        )

    async def press(self, label: str, where: str | None = None, near: str = "") -> None:
        """Press a button, or choose from an overflow menu, by its words; `near` picks among several alike."""
        found, control = self._find(label, where, near, ("button", "overflow"))
        value = {"selected_option": control.option} if control.option else {}
        await self._act(found, control, value)

    async def choose(self, label: str, wanted: Wanted, where: str | None = None, near: str = "") -> None:
        """Use a select, a picker or checkboxes that act at once, by placeholder or the text beside it."""
        found, control = self._find(label, where, near, tuple(ANSWER))
        await self._fill(found, control, wanted)

    async def fill(self, *label_and_answer: Wanted, where: str | None = None, **answers: Wanted) -> None:
        """`fill("What worries you?", "text")`; or by block id: `fill(concern="text", due=date(...))`."""
        if label_and_answer:
            label, wanted = label_and_answer
            await self.choose(str(label), wanted, where)
        for block_id, wanted in answers.items():
            found, control = self._find(block_id, where, "", tuple(ANSWER), by_id=True)
            await self._fill(found, control, wanted)

    async def submit(self) -> None:
        """Submit the modal; raises NotOnScreen when it comes back with errors."""
        errors = (await self._submit()).errors
        if errors:
            told = "\n".join(f"{label}: {words}" for label, words in self._by_label(errors).items())
            raise NotOnScreen(f"the form was not taken:\n{told}\n{self.modal}")

    async def submit_and_be_told(self) -> dict[str, str]:
        """Submit a modal that should come back: the errors by the labels of their fields."""
        outcome = await self._submit()
        if not outcome.errors:
            raise NotOnScreen(f"the form was taken, and should not have been\n{self.showing()}")
        return self._by_label(outcome.errors)

    async def close(self) -> None:
        """Close the modal on top."""
        await self.gestures.close(self.user, self.modal.container["view_id"])

    def filled_in(self, label: str) -> Any:
        """What stands in a field of the modal now."""
        found, control = self._find(label, None, "", tuple(ANSWER))
        entry = self._values(found)[control.block["block_id"]][control.element["action_id"]]
        return entry[ANSWER[entry["type"]][0]]

    def _by_label(self, errors: dict[str, str]) -> dict[str, str]:
        labels = {block["block_id"]: block for block in self.modal.blocks if block["type"] == "input"}
        return {
            mrkdwn(labels[key]["label"]["text"], self.world.name_of) if key in labels else key: told
            for key, told in errors.items()
        }

    def _key(self, found: Screen) -> str:
        return str(found.container.get("view_id") or found.container.get("ts") or "home")

    def _values(self, found: Screen) -> Json:
        kept: Json = {}
        if found.container["type"] != "message":
            stack = [*self.world.stage.stack(self.user), self.world.stage.homes.get(self.user)]
            view = next(
                (one for one in stack if one and one["id"] == found.container.get("view_id")), stack[-1]
            )
            kept = view["state"]["values"] if view else {}
        typed = self._typed.get(self._key(found), {})
        return state(
            found.blocks, {key: {**kept.get(key, {}), **typed.get(key, {})} for key in {*kept, *typed}}
        )

    async def _fill(self, found: Screen, control: Control, wanted: Wanted) -> None:
        block, element = control.block, control.element
        offered: list[Json] = []
        if "external" in element["type"] and wanted is not None:
            for one in [wanted] if isinstance(wanted, str) else list(wanted):  # type: ignore[arg-type]
                offered += await self.gestures.options(
                    self.user, found.container, block["block_id"], element["action_id"], str(one)
                )
        entry = filled(element, wanted, offered, self._ids())
        typed = self._typed.setdefault(self._key(found), {})
        typed.setdefault(block["block_id"], {})[element["action_id"]] = entry
        if block["type"] != "input" or block.get("dispatch_action"):
            await self._act(found, control, entry)

    def _ids(self) -> dict[str, str]:
        people = {one.name: one.user_id for one in self.world.people.values()}
        return people | {one.name: one.id for one in self.world.talk.by_id.values() if one.name}

    async def _act(self, found: Screen, control: Control, value: Json) -> None:
        block_id, action_id = control.block["block_id"], control.element["action_id"]
        values = self._values(found)
        await self.gestures.press(self.user, found.container, block_id, action_id, value, values)

    async def _submit(self) -> Outcome:
        form = self.modal
        return await self.gestures.submit(self.user, form.container["view_id"], self._values(form))
