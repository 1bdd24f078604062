"""Eyes of one person in the workspace: what is on their screen, found by its words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bot.local.conversations import Conversation, Message
from bot.local.filling import NotOnScreen
from bot.local.letters import Letter
from bot.local.screen import Control, Screen, screen
from bot.local.world import World

Json = dict[str, Any]


class Eyes:
    """Sees for one person.

    `where` is a room's name (`triage` or `#triage`), a conversation's id, `dm` (messages from the bot),
    `home`, or None: then the open modal alone, or else everything said, newest first, and App Home last.
    Raises NotOnScreen, with what is on the screen.
    """

    def __init__(self, world: World, user: str) -> None:
        self.world, self.user = world, user

    @property
    def modal(self) -> Screen:
        """The modal on top; raises NotOnScreen when none is open."""
        stack = self.world.stage.stack(self.user)
        if not stack:
            raise NotOnScreen(f"no form is open in front of {self.name}\n{self.showing()}")
        view = stack[-1]
        container = {"type": "view", "view_id": view["id"]}
        return screen("form", container, view["blocks"], self.world.name_of, title=view["title"]["text"])

    @property
    def modal_open(self) -> bool:
        """Whether any modal is open."""
        return bool(self.world.stage.stack(self.user))

    @property
    def home(self) -> Screen:
        """App Home as last published; raises NotOnScreen when nothing was."""
        view = self.world.stage.homes.get(self.user)
        if view is None:
            raise NotOnScreen(f"nothing was published to {self.name}'s home")
        return screen("home", {"type": "home"}, view["blocks"], self.world.name_of)

    @property
    def mail(self) -> list[Letter]:
        """This person's e-mail, newest first."""
        return self.world.letters.of(self.user)

    @property
    def name(self) -> str:
        """This person's name."""
        return self.world.name_of(self.user)

    def messages(self, where: str = "dm") -> list[Screen]:
        """What this person sees in a conversation, oldest first."""
        talk = self._conversation(where)
        return [self._screen(one, talk) for one in self.world.talk.seen_by(self.user, talk.id)]

    def last(self, where: str = "dm") -> Screen:
        """The last message in a conversation; raises NotOnScreen when there is none."""
        seen = self.messages(where)
        if not seen:
            raise NotOnScreen(f"{self.name} sees nothing in {where}")
        return seen[-1]

    def showing(self, where: str | None = None) -> str:
        """Everything in front of this person, in words, for error messages and curious readers."""
        return "\n".join(str(one) for one in reversed(list(self._screens(where)))) or "(an empty screen)"

    def look(self, words: str, where: str | None = None) -> Screen | None:
        """What shows these words, newest first, or None."""
        return next((one for one in self._screens(where) if words in one), None)

    async def sees(self, words: str, where: str | None = None, within: float = 5) -> Screen:
        """Wait until these words show and return what shows them; raises NotOnScreen after `within` seconds."""
        try:
            return await self.world.news.until(lambda: self.look(words, where), within)
        except TimeoutError as never:
            raise NotOnScreen(
                f"{self.name} waited for {words!r} in vain and sees\n{self.showing(where)}"
            ) from never

    async def gets_mail(self, subject: str, within: float = 5) -> Letter:
        """Wait for an e-mail with these words in its subject."""
        try:
            return await self.world.news.until(
                lambda: next((one for one in self.mail if subject in one.subject), None), within
            )
        except TimeoutError as never:
            got = "\n".join(one.subject for one in self.mail) or "(nothing)"
            raise NotOnScreen(f"{self.name} waited for mail about {subject!r} and got\n{got}") from never

    def week(self, day: datetime) -> Json:
        """This person's calendar week, as the page shows it."""
        return self.world.letters.week(self.user, day.date())

    def _conversation(self, where: str) -> Conversation:
        if where == "dm":
            return self.world.talk.dm(self.user)
        for one in self.world.talk.by_id.values():
            if self.user in one.members and where.removeprefix("#") in (one.name, one.id):
                return one
        mine = ", ".join(one.name for one in self.world.talk.of(self.user)) or "none"
        raise NotOnScreen(f"{self.name} is in no room called {where!r}; rooms: {mine}")

    def _screen(self, message: Message, talk: Conversation) -> Screen:
        container = {"type": "message", "channel": talk.id, "ts": message.ts}
        called = f"{message.user and self.world.name_of(message.user)} in {talk.name or 'a direct message'}"
        return screen(called, container, message.blocks, self.world.name_of, text=message.text)

    def _screens(self, where: str | None) -> Iterator[Screen]:
        if where is None and self.modal_open:
            yield self.modal
        elif where == "home":
            yield from [self.home] if self.user in self.world.stage.homes else []
        elif where is not None:
            yield from reversed(self.messages(where))
        else:
            talks = [one for one in self.world.talk.by_id.values() if self.user in one.members]
            said = [(one, talk) for talk in talks for one in self.world.talk.seen_by(self.user, talk.id)]
            for one, talk in sorted(said, key=lambda pair: float(pair[0].ts), reverse=True):
                yield self._screen(one, talk)
            if self.user in self.world.stage.homes:
                yield self.home

    def _find(
        self, label: str, where: str | None, near: str, kinds: Sequence[str], by_id: bool = False
    ) -> tuple[Screen, Control]:
        for seen in self._screens(where):
            usable = [one for one in seen.controls if one.element["type"] in kinds]
            found = _with_id(label, usable) if by_id else _matching(label, usable)
            if near:
                found = [one for one in found if near in one.about] or (found if near in seen else [])
            if len(found) > 1:
                about = "\n".join(f"- {one.about or one.block['block_id']}" for one in found)
                raise NotOnScreen(f"{label!r} is there {len(found)} times; say near= which of\n{about}")
            if found:
                return seen, found[0]
        beside = f" near {near!r}" if near else ""
        raise NotOnScreen(f"{self.name} finds no {label!r}{beside} and sees\n{self.showing(where)}")


def _matching(label: str, controls: Sequence[Control]) -> list[Control]:
    """Controls by their whole label, else by its beginning, else by block id or action id."""
    wanted = label.casefold().strip()
    for told in (
        [one for one in controls if one.label.casefold().strip() == wanted],
        [one for one in controls if one.label.casefold().strip().startswith(wanted)],
        _with_id(label, controls),
    ):
        if told:
            return told
    return []


def _with_id(id_: str, controls: Sequence[Control]) -> list[Control]:
    return [one for one in controls if id_ in (one.block["block_id"], one.element["action_id"])]
