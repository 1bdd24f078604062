"""Slack as the errands see it: the area's channels, and the direct messages of those who have an account there."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from bot.courier.errand import About
from bot.courier.platform import Platform, Read, email_of
from bot.domain.errors import Undeliverable
from bot.gateways.slack import Slack, SlackPerson
from bot.storage.transaction import Work

Json = dict[str, Any]

Introduce = Callable[[str, SlackPerson], Awaitable[None]]


class InSlack(Platform):
    """One workspace. An address is `slack:<channel>:<ts>`."""

    name: ClassVar[str] = "slack"

    def __init__(self, slack: Slack, rooms: Mapping[str, str], read: Read, introduce: Introduce) -> None:
        """`introduce` ties a person to the Slack account of their address."""
        self.slack, self.rooms, self.read, self.introduce = slack, rooms, read, introduce
        self._dms: dict[str, str] = {}

    def room(self, name: str) -> str | None:
        """The channel that the area file gives."""
        return self.rooms.get(name)

    async def knows(self, person_id: str) -> bool:
        """Whether they are tied to an account already."""
        return await self.read(slack_of, person_id) is not None

    async def person(self, person_id: str) -> str | None:
        """The channel of their direct messages; an account is looked up by address the first time."""
        user = await self.user(person_id)
        if user is None:
            return None
        if user not in self._dms:
            self._dms[user] = str(await self.slack.open_dm(user))
        return self._dms[user]

    async def user(self, person_id: str) -> str | None:
        """The Slack user of a person, looked up by address the first time; None for somebody without Slack."""
        if found := await self.read(slack_of, person_id):
            return str(found)
        member = await self.slack.user_by_email(await self.read(email_of, person_id))
        if member is None:
            return None
        await self.introduce(person_id, member)
        return member.user

    async def post(self, place: str, payload: Json, delivery_id: str, about: About) -> str:
        """`chat.postMessage`."""
        return f"slack:{place}:{await self.slack.post(place, payload, delivery_id)}"

    async def edit(self, address: str, payload: Json, about: About) -> None:
        """`chat.update`."""
        _, channel, ts = address.split(":")
        await self.slack.update(channel, ts, payload)

    async def find(self, place: str, delivery_id: str, since: datetime) -> str | None:
        """By the delivery id in the metadata of the channel's messages."""
        ts = await self.slack.find(place, delivery_id, since)
        return f"slack:{place}:{ts}" if ts else None

    async def picture(self, name: str, png: bytes, address: str, said: str = "The times found") -> str | None:
        """The id of a file in the workspace: Slack need not reach us for it. None where uploads are not allowed."""
        try:
            return await self.slack.upload(name, png, said)
        except Undeliverable:
            return None

    async def home(self, person_id: str) -> str | None:
        """Everybody with an account has one."""
        return await self.user(person_id)

    async def show_home(self, home: str, view: Json) -> None:
        """`views.publish`."""
        await self.slack.publish_home(home, view)


def slack_of(work: Work, person_id: str) -> str | None:
    """The Slack user of a person, None for somebody without."""
    return work.register.row(person_id).slack_user
