"""A guide for whoever watches: captions that can be read in peace, and hands whose typing is seen before it is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from bot.local.filling import NotOnScreen, Wanted
from bot.local.hands import Hands
from bot.local.teams.hands import TeamsHands
from bot.local.teams.reading import inputs
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import TeamsWorld
from bot.local.world import World

PATIENCE = 60.0
"""Seconds that somebody in the tour waits for something to come up, on the slowest of machines."""

Json = dict[str, Any]


class OpenHands(Hands):
    """Hands of one person whose forms the page shows as they are being filled in."""

    def lay_out(self) -> None:
        """Put what was typed into the form on top where the page can see it.

        The page keeps what stands in a form that it has drawn, so the form is laid down afresh.
        """
        values = self._values(self.modal)
        stage = self.world.stage
        *below, view = stage.stack(self.user)
        stage.close(self.user, view["id"])
        stage.remember(self.user, stage.lay(self.user, view, below), values)
        self.world.news.tell("view", user=self.user)


class OpenTeamsHands(TeamsHands):
    """Hands of one person in Teams, whose dialogs the page shows as they are being filled in.

    `user` is the page's id for them.
    """

    def __init__(self, world: TeamsWorld, person: Person, user: str) -> None:
        super().__init__(world, person)
        self.user = user

    def lay_out(self) -> None:
        """Put what was typed into the dialog where the page can see it."""
        dialog = self._open
        card = deepcopy(dialog.card)
        for each in inputs(card):
            if each["id"] in self._typed:
                each["value"] = self._typed[each["id"]]
        self.world.dialogs.put(self.person.mri, replace(dialog, card=card))

    async def close(self) -> None:
        """Close the dialog."""
        self.gestures.close(self.person.mri)


class Guide:
    """Leads through a story at a pace: 1.0 is for reading aloud, 0 does not wait at all."""

    def __init__(
        self,
        world: World,
        settled: Callable[[], Awaitable[None]],
        pace: float,
        teams: TeamsWorld | None = None,
    ) -> None:
        """`settled` returns when all that is owed has been delivered. `in_teams` is empty without `teams`."""
        self.world, self.settled, self.pace, self.teams = world, settled, pace, teams
        self.hands = {
            chair.name.split()[0].lower(): OpenHands(world, chair.user_id) for chair in world.people.values()
        }
        chairs = {chair.email: chair.user_id for chair in world.chairs.values()}
        self.in_teams = (
            {
                person.name.split()[0].lower(): OpenTeamsHands(teams, person, chairs[person.email])
                for person in teams.talk.people.values()
            }
            if teams
            else {}
        )

    def __getattr__(self, first_name: str) -> OpenHands:
        """A person's hands by first name: `guide.mary`."""
        try:
            return self.hands[first_name]
        except KeyError:
            raise AttributeError(first_name) from None

    def room(self, name: str) -> Room:
        """A room of Teams by its name. KeyError where there is none."""
        rooms = self.teams.talk.rooms.values() if self.teams else ()
        return {room.name: room for room in rooms if room.name}[name]

    async def says(self, words: str, at: OpenHands | OpenTeamsHands | None = None, place: str = "") -> None:
        """A caption, and the time to read it; the page goes along to that person's chair and place.

        `place` is the name of a channel or of a room of Teams, or one of home, messages, mail, calendar, teams.
        """
        await self.settled()
        rooms = {talk.name: talk.id for talk in self.world.talk.by_id.values() if talk.name}
        if self.teams is not None:
            rooms |= {room.name: room.id for room in self.teams.talk.rooms.values() if room.name}
        self.world.news.tell(
            "caption", text=words, user=at.user if at else None, place=rooms.get(place, place) or None
        )
        await self.rest(max(3.0, 1.0 + len(words.split()) / 2.8))

    async def rest(self, seconds: float = 1.2) -> None:
        """So many seconds at pace 1."""
        await asyncio.sleep(seconds * self.pace)

    async def until(self, does: Callable[[], Awaitable[None]]) -> None:
        """Do it as soon as it can be done; raises what stood in the way, at last."""
        late = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                return await does()
            except NotOnScreen:
                if asyncio.get_running_loop().time() > late:
                    raise
                await asyncio.sleep(0.05)

    async def presses(self, who: OpenHands, label: str, where: str | None = None, near: str = "") -> None:
        """Press a button when it is there."""
        await self.until(lambda: who.press(label, where, near))
        await self.rest()

    async def presses_in_teams(self, who: OpenTeamsHands, label: str, room: str = "", near: str = "") -> None:
        """Press a button of a card when it is there: in their chat with the app, or in a room by its name."""
        await self.until(lambda: who.press(label, self.room(room) if room else None, near))
        await self.rest()

    async def answers_in_teams(self, who: OpenTeamsHands, **answers: str) -> None:
        """Fill in the dialog, let it be seen, and send it."""
        who.fill(**answers)
        who.lay_out()
        await self.rest(1.0 + 0.9 * len(answers))
        await who.submit()
        if who.dialog is not None and "To mend: " in who.sees:
            raise NotOnScreen(f"the dialog was not taken\n{who.sees}")
        await self.rest(0.6)

    async def fills_in(self, who: OpenHands, **answers: Wanted) -> None:
        """Fill in the form on top, let it be seen, and send it."""
        for id, answer in answers.items():
            await who.choose(id, answer)
        who.lay_out()
        await self.rest(1.0 + 0.9 * len(answers))
        await who.submit()
        await self.rest(0.6)

    async def fills_pages(self, who: OpenHands, told: dict[str, Wanted]) -> None:
        """Page after page of a form, to its end: what is not told is answered with "not known" where that can be."""
        while self._view(who)["callback_id"] in ("refer.start", "refer.page"):
            answers = {
                id: answer
                for block in self._asked(who)
                if (answer := _answer(id := block["block_id"], block, told))
            }
            await self.fills_in(who, **answers)

    async def ticks_everything(self, who: OpenHands) -> None:
        """Every choice of every list of the form on top, and send."""
        lists = {
            block["block_id"]: [each["text"]["text"] for each in block["element"]["options"]]
            for block in self._asked(who)
        }
        await self.fills_in(who, **lists)

    async def comes_to(self, who: OpenHands, ref: str, where: str) -> None:
        """Choose a case on the agenda of the running meeting, by its reference."""
        await self.settled()
        words = [
            option["text"]["text"]
            for control in who.last(where).controls
            for option in control.element.get("options", [])
            if ref in option["text"]["text"]
        ]
        if not words:
            raise NotOnScreen(f"{ref} is not on the agenda\n{who.last(where)}")
        await who.choose("Come to a case", words[0], where)
        await self.settled()
        await self.rest()

    async def morning(self) -> None:
        """The clock moves to the next working morning, and what is due that day is delivered."""
        await self.settled()
        await self.world.clock.move("next-working-day")
        await self.settled()
        await self.rest(2)

    async def closes(self, who: OpenHands | OpenTeamsHands) -> None:
        """Close the dialog on top after a look at it."""
        await self.rest(2.5)
        await who.close()

    def _view(self, who: OpenHands) -> Json:
        stack = self.world.stage.stack(who.user)
        if not stack:
            raise NotOnScreen(f"the form in front of {who.name} was closed")
        return stack[-1]

    def _asked(self, who: OpenHands) -> list[Json]:
        return [block for block in self._view(who)["blocks"] if block["type"] == "input"]


def _answer(id: str, block: Json, told: dict[str, Wanted]) -> Wanted:
    """What is told, else the question's own way to say that it is not known; None leaves it empty."""
    if id in told:
        return told[id]
    options = block["element"].get("options", [])
    if id.endswith(":unknown"):
        return None if id.removesuffix(":unknown") in told else [options[0]["text"]["text"]]
    unknown = next((each["text"]["text"] for each in options if each.get("value") == "unknown"), None)
    if unknown is None or block.get("optional"):
        return None
    return (
        [unknown]
        if "multi" in block["element"]["type"] or block["element"]["type"] == "checkboxes"
        else unknown
    )
