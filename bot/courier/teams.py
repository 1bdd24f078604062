"""Teams as the errands see it: the area's conversations there, and the chats with those who have met the bot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from bot.courier.platform import Platform, Read
from bot.courier.teams_pace import TeamsPace
from bot.domain.errors import Undeliverable
from bot.gateways.teams import Teams
from bot.gateways.teams_reference import Reference
from bot.storage.transaction import Work

Json = dict[str, Any]


class InTeams(Platform):
    """All tenants of the area. An address is `teams:<id of the message>:<id of the conversation>`."""

    name: ClassVar[str] = "teams"

    def __init__(self, teams: Teams, rooms: Mapping[str, str], read: Read, pace: TeamsPace) -> None:
        self.teams, self.rooms, self.read, self.pace = teams, rooms, read, pace

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

    async def post(self, place: str, payload: Json, delivery_id: str) -> str:
        """A message with a card; Teams keeps no key of ours, so a post whose answer was lost is made twice."""
        to = await self._reference(place)
        await self.pace.turn(to)
        return f"teams:{await self.teams.post(to, payload['card'], summary=payload['text'])}:{place}"

    async def edit(self, address: str, payload: Json) -> None:
        """The card in the place of what was there."""
        _, message, place = address.split(":", 2)
        to = await self._reference(place)
        await self.pace.turn(to)
        await self.teams.update(to, message, payload["card"], summary=payload["text"])

    async def find(self, place: str, delivery_id: str, since: datetime) -> str | None:
        """Nobody can tell: to read what was said in a channel is a permission that we do not ask for (section 8)."""
        return None

    async def home(self, person_id: str) -> str | None:
        """None: a Home is asked for here, and answered with a card."""
        return None

    async def show_home(self, home: str, view: Json) -> None:
        """Nothing."""

    async def _reference(self, place: str) -> Reference:
        found: Reference | str = await self.read(way_to, place)
        if isinstance(found, str):
            raise Undeliverable(found)
        return found


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
