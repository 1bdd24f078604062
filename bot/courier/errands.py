"""The errands of chat: bring a surface up to date, say one thing once, redraw a Home; mail where there is no chat."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.courier.errand import About, Errand
from bot.courier.plainly import plain_text
from bot.courier.showing import Message, Surface
from bot.domain.area import Practice
from bot.domain.errors import Undeliverable
from bot.gateways.mail import Letters
from bot.gateways.slack import Slack, SlackPerson
from bot.render import Render
from bot.storage.claims import Delivery
from bot.storage.tables import PlacedRow
from bot.storage.transaction import Work

Json = dict[str, Any]


class Read(Protocol):
    """`Running.read`: a look at the record on a reading thread."""

    async def __call__(self, look: Callable[..., Any], /, *args: Any) -> Any: ...


Introduce = Callable[[str, SlackPerson], Awaitable[None]]


class Chat:
    """What the chat errands share: where a room or a person is, and how a payload is made."""

    def __init__(
        self,
        read: Read,
        practice: Practice,
        render: Render,
        slack: Slack,
        letters: Letters | None,
        now: Callable[[], datetime],
        introduce: Introduce,
    ) -> None:
        """`introduce` ties a person to the Slack account of their address; no mail server, no `letters`."""
        self.read, self.practice, self.render = read, practice, render
        self.slack, self.letters, self.now, self.introduce = slack, letters, now, introduce
        self._dms: dict[str, str] = {}

    async def channel(self, where: str) -> str | None:
        """The channel of a room, or of the direct messages with a person; None for a person without Slack.

        Undeliverable for a room that the area file does not name.
        """
        kind, _, name = where.partition(":")
        if kind == "room":
            if not (channel := self.practice.area.rooms.get(name)):
                raise Undeliverable(f"the area file gives no channel for {name}")
            return channel
        user = await self.user(name)
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

    async def mail(self, where: str, text: str, delivery_id: str) -> str:
        """The same by mail, the first line as subject; only to a person of the register."""
        if self.letters is None:
            raise Undeliverable("no SMTP_URL is set, and this person has no chat")
        address: str = await self.read(email_of, where.partition(":")[2])
        headline, _, rest = text.partition("\n")
        return "mail:" + await self.letters.write(address, headline, rest.strip(), delivery_id)


class Show(Errand):
    """Post a surface the first time, edit it in place ever after."""

    def __init__(self, chat: Chat, surfaces: Mapping[str, Surface]) -> None:
        self.chat, self.surfaces = chat, surfaces

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Post or edit; by mail, once, for a person without Slack. None when there is nothing to show."""
        surface = self.surfaces[about["surface"]]
        view: object | None
        placed: str | None
        view, placed = await self.chat.read(
            _shown, self.chat.practice, surface, about["id"], self.chat.now(), _place(about)
        )
        if view is None:
            return None
        payload = self.chat.render.shape("slack", surface.shape, view=view)
        if placed is not None and placed.startswith("slack:"):
            _, channel, ts = placed.split(":")
            await self.chat.slack.update(channel, ts, payload)
            return placed
        if placed is not None:
            return placed  # mail cannot be edited; the next grouped message says where things stand
        channel = await self.chat.channel(about["where"])
        if channel is None:
            return await self.chat.mail(about["where"], plain_text(payload), delivery_id)
        return f"slack:{channel}:{await self.chat.slack.post(channel, payload, delivery_id)}"

    async def look(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """Whether a first post did arrive; an edit is harmless to repeat."""
        if await self.chat.read(_placed, _place(about)) is not None:
            return None
        return await _found(self.chat, about["where"], delivery_id, since)

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """Remember where the surface lives."""
        if external_id is None or work.session.get(PlacedRow, _place(delivery.about)) is not None:
            return
        platform, _, address = external_id.partition(":")
        work.session.add(
            PlacedRow(
                id=_place(delivery.about),
                platform=platform,
                channel=address.partition(":")[0],
                address=external_id,
                at=self.chat.now(),
            )
        )


class Tell(Errand):
    """Say one thing once, in a room or to a person; by mail where a person cannot be reached in chat."""

    def __init__(self, chat: Chat, messages: Mapping[str, Message]) -> None:
        self.chat, self.messages = chat, messages

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Post it, or mail it. None when there is nothing (any more) to say."""
        message = self.messages[about["message"]]
        view = await self.chat.read(_seen, self.chat.practice, message.look, about["id"], self.chat.now())
        if view is None:
            return None
        words = self.chat.render.words(message.words, view=view)
        to_person = str(about["where"]).startswith("person:")
        try:
            channel = await self.chat.channel(about["where"])
            if channel is not None:
                payload = self.chat.render.shape(
                    "slack", message.shape, words=words, view=view, message=about["message"], id=about["id"]
                )
                return f"slack:{channel}:{await self.chat.slack.post(channel, payload, delivery_id)}"
        except Undeliverable:
            if not to_person:
                raise
        return await self.chat.mail(about["where"], words.text, delivery_id)

    async def look(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """Whether an earlier attempt did arrive."""
        return await _found(self.chat, about["where"], delivery_id, since)


class ShowHome(Errand):
    """Redraw a person's App Home; nothing for those without Slack."""

    def __init__(self, chat: Chat, look: Callable[..., Any]) -> None:
        self.chat, self.home = chat, look

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Publish the Home as it is now."""
        user = await self.chat.user(about["person"])
        if user is None:
            return None
        view = await self.chat.read(self.home, self.chat.practice, about["person"], self.chat.now())
        await self.chat.slack.publish_home(user, self.chat.render.shape("slack", "home", view=view))
        return None


def slack_of(work: Work, person_id: str) -> str | None:
    """The Slack user of a person, None for somebody without."""
    return work.register.row(person_id).slack_user


def email_of(work: Work, person_id: str) -> str:
    """The professional address of a person."""
    return work.register.row(person_id).email


def _place(about: About) -> str:
    return f"{about['surface']}:{about['id']}:{about['where']}"


def _placed(work: Work, place: str) -> str | None:
    row = work.session.get(PlacedRow, place)
    return row.address if row else None


def _shown(
    work: Work, practice: Practice, surface: Surface, id: str, now: datetime, place: str
) -> tuple[object | None, str | None]:
    return surface.look(work, practice, id, now), _placed(work, place)


def _seen(work: Work, practice: Practice, look: Callable[..., Any], id: str, now: datetime) -> object | None:
    seen: object | None = look(work, practice, id, now)
    return seen


async def _found(chat: Chat, where: str, delivery_id: str, since: datetime) -> str | None:
    channel = await chat.channel(where)
    if channel is None:
        return None
    ts = await chat.slack.find(channel, delivery_id, since)
    return f"slack:{channel}:{ts}" if ts else None
