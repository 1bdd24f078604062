"""Teams as the errands see it: the area's conversations there, and the chats with those who have met the bot."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from bot.courier.errand import About
from bot.courier.platform import Platform, Read
from bot.courier.teams_pace import TeamsPace
from bot.domain.area import Practice
from bot.domain.errors import Undeliverable
from bot.domain.teams import Reader
from bot.gateways.teams import Teams
from bot.gateways.teams_reference import Reference
from bot.storage.transaction import Work
from bot.usecases.readers import close_room, unexpected

Json = dict[str, Any]

MOST_VIEWERS = 60
"""People whom Teams asks for a view of their own (teams.md section 7); the others press Open in the list."""


class InTeams(Platform):
    """All tenants of the area. An address is `teams:<id of the message>:<id of the conversation>`."""

    name: ClassVar[str] = "teams"

    def __init__(
        self,
        teams: Teams,
        practice: Practice,
        *,
        read: Read,
        run: Read,
        pace: TeamsPace,
        now: Callable[[], datetime],
    ) -> None:
        """`run` is a use case on a writing thread."""
        self.teams, self.practice, self.read, self.run = teams, practice, read, run
        self.pace, self.now = pace, now
        self.rooms = practice.area.teams_rooms

    def room(self, name: str) -> str | None:
        """The conversation that the area file gives."""
        return self.rooms.get(name)

    async def knows(self, person_id: str) -> bool:
        """Whether they have a chat with the bot."""
        return await self.person(person_id) is not None

    async def person(self, person_id: str) -> str | None:
        """Their chat with the bot. It cannot be begun with somebody whom Teams has not named to us."""
        found: str | None = await self.read(chat_with, person_id)
        return found

    async def post(self, place: str, payload: Json, delivery_id: str, about: About) -> str:
        """A message with a card; Teams keeps no key of ours, so a post whose answer was lost is made twice."""
        to = await self._reference(place)
        await self.pace.turn(to)
        await self._compare(to, about)
        card = await self._for_each(to, payload)
        return f"teams:{await self.teams.post(to, card, summary=payload['text'])}:{place}"

    async def edit(self, address: str, payload: Json, about: About) -> None:
        """The card in the place of what was there; whoever had a view of their own is asked for it again."""
        _, message, place = address.split(":", 2)
        to = await self._reference(place)
        await self.pace.turn(to)
        await self._compare(to, about)
        card = await self._for_each(to, payload)
        await self.teams.update(to, message, card, summary=payload["text"])

    async def find(self, place: str, delivery_id: str, since: datetime) -> str | None:
        """Nobody can tell: to read what was said in a channel is a permission that we do not ask for (section 8)."""
        return None

    async def picture(self, name: str, png: bytes, address: str, said: str = "The times found") -> str | None:
        """Its address; Teams fetches it from there. None where no pages are served: a bot has nowhere to put it."""
        return address or None

    async def home(self, person_id: str) -> str | None:
        """None: a Home is asked for here, and answered with a card."""
        return None

    async def show_home(self, home: str, view: Json) -> None:
        """Nothing."""

    async def _compare(self, to: Reference, about: About) -> None:
        """Undeliverable when somebody reads along in a room who may not read this (section 8, item 4)."""
        kind, _, room = str(about["where"]).partition(":")
        if kind != "room":
            return
        members = await self.teams.members(to)
        readers = [Reader(account=one.person, name=one.name, addresses=one.addresses) for one in members]
        about_id = str(about["id"])
        found = await self.read(unexpected, self.practice, room, about_id, to.tenant, readers)
        if found:
            await self.run(close_room, self.practice, room, to.conversation, about_id, found, self.now())
            raise Undeliverable(STOPPED["roster_differs"])

    async def _for_each(self, to: Reference, payload: Json) -> Any:
        """The card, naming those of its viewers who have an account in that tenant; each update names them again."""
        card, refresh = payload["card"], payload.get("refresh")
        if refresh is None:
            return card
        viewers = await self.read(accounts_of, to.tenant, refresh["userIds"])
        return {**card, "refresh": {**refresh, "userIds": viewers[:MOST_VIEWERS]}} if viewers else card

    async def _reference(self, place: str) -> Reference:
        found: Reference | str = await self.read(way_to, place)
        if isinstance(found, str):
            raise Undeliverable(found)
        return found


def accounts_of(work: Work, tenant: str, people: Sequence[str]) -> list[str]:
    """By what accounts these people are known in a tenant."""
    return work.teams.accounts(tenant, people)


def chat_with(work: Work, person_id: str) -> str | None:
    """The conversation in which the bot and this person are alone; None when they never met."""
    row = work.teams.personal(person_id)
    return row.id if row else None


def way_to(work: Work, conversation: str) -> Reference | str:
    """Where a conversation is reached, or why nothing may be posted there."""
    row = work.teams.conversation(conversation)
    if row is None:
        return "Convenor has not been added to that place in Teams, or nothing has been said to it there"
    if row.stopped is not None:
        return STOPPED[row.stopped]
    return Reference(service_url=row.service_url, conversation=row.id, tenant=row.tenant, bot=row.bot_id)


STOPPED = {
    "uninstalled": "Convenor was taken out of that place in Teams",
    "roster_differs": "somebody reads along in that place in Teams who is not expected there",
    "shared": "that channel of Teams was shared, and nobody has confirmed who reads it now",
}
