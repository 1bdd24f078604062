"""The times found as an image in chat: drawn as the record stands when it leaves, to whoever asked, and nobody else.

Whoever cannot see it has all of it in words, and everybody has the words alone where nothing can be drawn or shown.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.courier.errand import About, Errand
from bot.courier.errands import Chat
from bot.courier.platform import Platform
from bot.domain.area import Practice
from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.gate import gate
from bot.picture import png, sheets, shown
from bot.render import Words
from bot.storage.claims import Delivery
from bot.storage.transaction import Work
from bot.usecases.looks.meeting import names_on_agenda
from bot.usecases.looks.times import times_picture
from bot.views.times_picture import TimesPicture

MOST_ALTERNATIVE = 2_000
"""Characters that Slack takes for whoever cannot see an image."""

NOT_READ_YET = "invalid_blocks"
"""Slack's word while it still reads a file that it has taken; the same for one that it will never show."""

LOOKS, BETWEEN = 4, 2.0
"""How often Slack is asked to show a file before the words go alone, and the seconds between."""

OURS = re.compile(
    r"\b(?:free|busy|asked|over|room|chair|minutes|quorum|deputy|own hours|nobody named|half-days?|working days?"
    r"|times? fits?|(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|mon|tue|wed|thu|fri|sat|sun)\b",
    re.IGNORECASE,
)
"""What a picture and its words say of their own that could also be a name: words of the legend, and May in a date."""

Draw = Callable[[TimesPicture], Sequence[bytes]]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One image of a card: what the platform calls it, and what is read out in its place."""

    source: str
    alternative: str


@dataclass(kw_only=True)
class Uploaded:
    """What was made for one delivery, and how often the platform was asked to show it."""

    at: datetime
    words: Words
    pictures: tuple[Shown, ...]
    looks: int = 0


class Pictured(Errand):
    """What posts images with their words, or the words alone where images cannot be shown."""

    card: str
    """The card that is given `words`, `pictures` and `at`."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self._uploaded: dict[
            str, dict[str, Uploaded]
        ] = {}  # by delivery, then by platform; until it is settled

    async def look(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """Whether an earlier attempt did arrive."""
        return await self.chat.find(about, delivery_id, since)

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """Nothing but to let go of what was uploaded for it."""
        self._uploaded.pop(delivery.id, None)

    def failed(self, work: Work, delivery: Delivery, reason: str) -> None:
        """The same."""
        self._uploaded.pop(delivery.id, None)

    async def post(
        self,
        platform: Platform,
        place: str,
        about: About,
        delivery_id: str,
        words: Words,
        make: Callable[[Platform], Awaitable[tuple[Shown, ...]]],
    ) -> str:
        """With the pictures, or without where they cannot be shown. TryLater while it reads what it was given."""
        made = self._uploaded.get(delivery_id, {}).get(platform.name)
        if made is None:
            made = Uploaded(at=self.chat.now(), words=words, pictures=await make(platform))
            self._uploaded.setdefault(delivery_id, {})[platform.name] = made
        made.looks += 1
        try:
            return await platform.post(place, self._card(platform, made, made.pictures), delivery_id, about)
        except Undeliverable as no:
            if not made.pictures or no.reason != NOT_READ_YET:
                raise
            if made.looks < LOOKS:
                raise TryLater(BETWEEN, "the picture is still being read there") from None
        return await platform.post(place, self._card(platform, made, ()), delivery_id, about)

    def _card(self, platform: Platform, made: Uploaded, pictures: tuple[Shown, ...]) -> dict[str, object]:
        return self.chat.render.shape(
            platform.name, self.card, words=made.words, pictures=pictures, at=made.at
        )


class SendPicture(Pictured):
    """Draw the times found for one person, and post them in that person's own chat."""

    card = "times_picture"

    def __init__(self, chat: Chat, draw: Draw | None = None) -> None:
        """`draw` gives the pages as PNG; it may raise ImportError or OSError, where there is nothing to draw with."""
        super().__init__(chat)
        self.draw = draw or drawn

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Post it where this person is, by mail in words where that is nowhere; None when nothing is on offer now."""
        now = self.chat.now()
        found: tuple[TimesPicture, tuple[str, ...]] | None = await self.chat.read(
            picture_for, self.chat.practice, about["meeting"], about["person"], now
        )
        if found is None:
            return None
        view, names = found
        words = self.chat.render.words("times_picture", view=view)
        let_out(view, words, names)
        refused: Undeliverable | None = None
        async for platform, place in self.chat.places(about):
            try:
                make = partial(self._pictures, about=about, view=view, words=words)
                return await self.post(platform, place, about, delivery_id, words, make)
            except Undeliverable as no:
                refused = no
        if refused is not None and self.chat.letters is None:
            raise refused
        return await self.chat.mail(about["where"], words.text, delivery_id)

    async def _pictures(
        self, platform: Platform, about: About, view: TimesPicture, words: Words
    ) -> tuple[Shown, ...]:
        """Every page as this platform shows it; none where one of them cannot be drawn or shown."""
        try:
            pages = await asyncio.to_thread(self.draw, view)
        except (ImportError, OSError):  # no Pillow here, or one without its libraries
            return ()
        made: list[Shown] = []
        for number, page in enumerate(pages, start=1):
            address = self._address(about, number)
            source = await platform.picture(f"times-{number}.png", page, address)
            if source is None:
                return ()
            rest = f"{view.title}: the days, page {number} of {len(pages)}. The words of the first page are about all."
            made.append(
                Shown(source=source, alternative=whole_sentences(words.text) if number == 1 else rest)
            )
        return tuple(made)

    def _address(self, about: About, page: int) -> str:
        links = self.chat.links
        if links is None:
            return ""
        return links.drawn(str(about["meeting"]), str(about["person"]), page, self.chat.now())


def drawn(view: TimesPicture) -> list[bytes]:
    """Each page of the picture as PNG. ImportError or OSError where Pillow is missing or broken."""
    return [png(sheet) for sheet in sheets(view)]


def picture_for(
    work: Work, practice: Practice, meeting_id: str, person_id: str, now: datetime
) -> tuple[TimesPicture, tuple[str, ...]] | None:
    """The picture as this person may see it, and the names that must not be on it; None when nothing is on offer."""
    view = times_picture(work, practice, meeting_id, work.register.person(person_id), now)
    if view is None:
        return None
    return view, names_on_agenda(work, practice, work.meetings.row(meeting_id))


def let_out(view: TimesPicture, words: Words, names: tuple[str, ...]) -> None:
    """Look over what is written on the picture, and beside it. Undeliverable when a name from the case is in it."""
    drawn = " ".join(text for sheet in sheets(view) for text in shown(sheet.pieces))
    written = OURS.sub(" ", f"{drawn}\n{words.text}")
    gate(names, written.encode(), known=[OURS.sub(" ", name) for name in view.names.values()])


def whole_sentences(text: str, most: int = MOST_ALTERNATIVE) -> str:
    """As many sentences from the beginning as have room, and a word on what was left out."""
    if len(text) <= most:
        return text
    more = " More is in the words of this message."
    kept = ""
    for sentence in _sentences(text):
        if len(kept) + len(sentence) + len(more) > most:
            break
        kept += sentence
    return kept.rstrip() + more


def _sentences(text: str) -> Iterator[str]:
    """The text in pieces that end with a sentence or a line, nothing of it lost; the number before one is no end."""
    yield from re.findall(r".+?(?:(?<!\s\d)(?<!\s\d\d)[.!?](?=\s)\s*|\n+|\Z)", text, flags=re.DOTALL)
