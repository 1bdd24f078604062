"""The errands of chat: bring a surface up to date, say one thing once, redraw a Home; mail where there is no chat.

A room may be on several platforms at once. What is owed to it is then parted, one row of the ledger for each
platform, so that each has its own attempts and one that is down holds up no other.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.courier.errand import About, Errand
from bot.courier.plainly import plain_text
from bot.courier.platform import Platform, Read, email_of
from bot.courier.showing import Message, Surface
from bot.domain.area import Practice
from bot.domain.errors import Undeliverable
from bot.gateways.mail import Letters
from bot.links import Kind, Links
from bot.render import Render
from bot.storage.claims import Delivery
from bot.storage.outbox import Redrawing
from bot.storage.tables import PlacedRow
from bot.storage.transaction import Work

Json = dict[str, Any]


class Chat:
    """What the chat errands share: where a room or a person is, and how a payload is made."""

    def __init__(
        self,
        read: Read,
        practice: Practice,
        render: Render,
        platforms: Sequence[Platform],
        letters: Letters | None,
        now: Callable[[], datetime],
        links: Links | None = None,
    ) -> None:
        """`platforms` in the order in which somebody met on none is looked for; no mail server, no `letters`.

        Without `links` nobody can answer by e-mail.
        """
        self.read, self.practice, self.render = read, practice, render
        self.platforms = {platform.name: platform for platform in platforms}
        self.letters, self.now, self.links = letters, now, links

    def rooms(self, where: str) -> list[tuple[Platform, str]]:
        """On which platforms a room is, and its place there; empty for a person."""
        kind, _, name = where.partition(":")
        if kind != "room":
            return []
        found = [(platform, platform.room(name)) for platform in self.platforms.values()]
        return [(platform, place) for platform, place in found if place is not None]

    async def places(self, about: About) -> AsyncIterator[tuple[Platform, str]]:
        """Where this goes, the likeliest first; nowhere for a person without chat.

        A person is looked for where they last did something, where else they were met, and then everywhere
        else. Undeliverable for a room that
        the area file does not name.
        """
        kind, _, name = str(about["where"]).partition(":")
        if kind == "room":
            rooms = self.rooms(about["where"])
            if not rooms:
                raise Undeliverable(f"the area file gives no channel for {name}")
            for platform, there in rooms:
                if about.get("on") in (None, platform.name):
                    yield platform, there
            return
        home = await self.read(lives_in, name)
        met = [each for each in self.platforms.values() if await each.knows(name)]
        met.sort(key=lambda each: each.name != home)
        for platform in [*met, *(each for each in self.platforms.values() if each not in met)]:
            if (place := await platform.person(name)) is not None:
                yield platform, place

    def parted(self, about: About) -> list[str]:
        """The platforms among which this is to be parted: those of a room on several, unless it was parted before."""
        rooms = self.rooms(str(about["where"]))
        return [] if about.get("on") or len(rooms) < 2 else [platform.name for platform, _ in rooms]

    async def post(
        self, about: About, payload: Callable[[str], Json], text: Callable[[], str], delivery_id: str
    ) -> str:
        """To the first platform that takes it, else by mail to a person; its address.

        `payload` draws it for the platform of that name, `text` is the same as plain words.
        """
        refused: Undeliverable | None = None
        try:
            async for platform, place in self.places(about):
                try:
                    return await platform.post(place, payload(platform.name), delivery_id, about)
                except Undeliverable as no:
                    refused = no
        except Undeliverable as no:
            refused = no
        to_person = str(about["where"]).startswith("person:")
        if refused is not None and (not to_person or self.letters is None):
            raise refused
        return await self.mail(about["where"], text(), delivery_id)

    async def mail(self, where: str, text: str, delivery_id: str) -> str:
        """The same by mail, the first line as subject; only to a person of the register."""
        if self.letters is None:
            raise Undeliverable("no SMTP_URL is set, and this person has no chat")
        address: str = await self.read(email_of, where.partition(":")[2])
        headline, _, rest = text.partition("\n")
        return "mail:" + await self.letters.write(address, headline, rest.strip(), delivery_id)

    def with_link(self, text: str, where: str, asked: tuple[Kind, str] | None) -> str:
        """A letter, with the link at its end by which its reader can answer what it asks."""
        if asked is None or self.links is None:
            return text
        kind, id = asked
        now = self.now()
        link = self.links.to(kind, id, where.partition(":")[2], now)
        said = self.render.words("answer_link", kind=kind, link=link, until=self.links.ends(now))
        return f"{text}\n\n{said.text}"

    async def find(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """The address of what an earlier attempt posted; None when nothing arrived."""
        async for platform, place in self.places(about):
            if found := await platform.find(place, delivery_id, since):
                return found
        return None


class Show(Errand):
    """Post a surface the first time, edit it in place ever after."""

    def __init__(self, chat: Chat, surfaces: Mapping[str, Surface]) -> None:
        self.chat, self.surfaces = chat, surfaces

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Post or edit; by mail, once for each time it asks, for a person without chat. None when there is nothing.

        What cannot be edited any more in somebody's own chat, as the app was taken away there, is posted where they
        can still be reached.
        """
        if self.chat.parted(about):
            return None
        surface = self.surfaces[about["surface"]]
        view: object | None
        placed: str | None
        view, placed = await self.chat.read(_shown, self.chat.practice, surface, about, self.chat.now())
        if view is None:
            return None

        def payload(platform: str) -> Json:
            return self.chat.render.shape(platform, surface.shape, view=view)

        platform = self.chat.platforms.get(placed.partition(":")[0]) if placed else None
        if placed is not None and platform is None and not surface.afresh(view):
            return placed
        if placed is not None and platform is not None:
            try:
                await platform.edit(placed, payload(platform.name), about)
                return placed
            except Undeliverable:
                if not str(about["where"]).startswith("person:"):
                    raise

        def text() -> str:
            return self.chat.with_link(plain_text(payload("slack")), about["where"], surface.asks(view))

        return await self.chat.post(about, payload, text, delivery_id)

    async def look(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """Whether a first post did arrive; an edit is harmless to repeat."""
        if self.chat.parted(about) or await self.chat.read(_placed, about) is not None:
            return None
        return await self.chat.find(about, delivery_id, since)

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """Remember where the surface lives; owe it to each platform of a room that is on several."""
        about = delivery.about
        work.outbox.redraw(
            [
                Redrawing(
                    errand="show",
                    about={**about, "on": platform},
                    lane="click",
                    destination=f"{about['where']}@{platform}",
                    collapse=f"{about['surface']}:{about['id']}:{about['where']}@{platform}",
                )
                for platform in self.chat.parted(about)
            ],
            at=self.chat.now(),
        )
        if external_id is None or _placed(work, about) == external_id:
            return
        platform, _, address = external_id.partition(":")
        work.session.merge(
            PlacedRow(
                id=_place(about),
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
        if self.chat.parted(about):
            return None
        message = self.messages[about["message"]]
        view = await self.chat.read(_seen, self.chat.practice, message.look, about["id"], self.chat.now())
        if view is None:
            return None
        words = self.chat.render.words(message.words, view=view)

        def payload(platform: str) -> Json:
            return self.chat.render.shape(
                platform, message.shape, words=words, view=view, message=about["message"], id=about["id"]
            )

        def text() -> str:
            return self.chat.with_link(words.text, about["where"], message.asks(view))

        return await self.chat.post(about, payload, text, delivery_id)

    async def look(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """Whether an earlier attempt did arrive."""
        return None if self.chat.parted(about) else await self.chat.find(about, delivery_id, since)

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """Owe it to each platform of a room that is on several."""
        for platform in self.chat.parted(delivery.about):
            work.outbox.put(
                f"tell:{delivery.id}@{platform}",
                "tell",
                {**delivery.about, "on": platform},
                at=self.chat.now(),
                destination=f"{delivery.about['where']}@{platform}",
            )


class ShowHome(Errand):
    """Redraw a person's Home wherever they have one."""

    def __init__(self, chat: Chat, look: Callable[..., Any]) -> None:
        self.chat, self.home = chat, look

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Publish the Home as it is now."""
        person_id = about["person"]
        for platform in self.chat.platforms.values():
            if (home := await platform.home(person_id)) is not None:
                view = await self.chat.read(self.home, self.chat.practice, person_id, self.chat.now())
                await platform.show_home(home, self.chat.render.shape(platform.name, "home", view=view))
        return None


def lives_in(work: Work, person_id: str) -> str | None:
    """The platform on which somebody last did something."""
    return work.register.row(person_id).lives_in


def _place(about: About) -> str:
    place = f"{about['surface']}:{about['id']}:{about['where']}"
    return f"{place}@{about['on']}" if about.get("on") else place


def _placed(work: Work, about: About) -> str | None:
    """The address of a surface there. It may have been posted before its room came to be on several platforms."""
    row = work.session.get(PlacedRow, _place(about))
    if row is None and about.get("on"):
        row = work.session.get(PlacedRow, _place({**about, "on": None}))
        row = row if row is not None and row.platform == about["on"] else None
    return row.address if row else None


def _shown(
    work: Work, practice: Practice, surface: Surface, about: About, now: datetime
) -> tuple[object | None, str | None]:
    return surface.look(work, practice, about["id"], now), _placed(work, about)


def _seen(work: Work, practice: Practice, look: Callable[..., Any], id: str, now: datetime) -> object | None:
    seen: object | None = look(work, practice, id, now)
    return seen
