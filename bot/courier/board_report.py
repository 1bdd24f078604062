"""The board's report in the board's channel: its main figures in words, and its plots where images show (S4-20)."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date

from bot.courier.errand import About
from bot.courier.errands import Chat
from bot.courier.platform import Platform
from bot.courier.times_picture import Pictured, Shown, whole_sentences
from bot.domain.errors import Undeliverable
from bot.domain.period import Period
from bot.picture import png
from bot.plots import alternative, drawn, name_of, title_of
from bot.storage.claims import Delivery
from bot.storage.transaction import Work
from bot.usecases.looks.reports import board_note
from bot.views.reports import BoardNote, Plot

Draw = Callable[[Sequence[Plot]], Sequence[bytes]]


class SendReport(Pictured):
    """Post the board's report of one quarter, as the record stands when it leaves; aggregates only (IG-37)."""

    card = "board_report"

    def __init__(self, chat: Chat, draw: Draw | None = None) -> None:
        """`draw` gives each plot as PNG; it may raise ImportError or OSError, where there is nothing to draw with."""
        super().__init__(chat)
        self.draw = draw or as_png

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Post it; None where it was parted among the platforms of a room. Undeliverable where nothing takes it."""
        if self.chat.parted(about):
            return None
        period = Period(first=date.fromisoformat(about["first"]), last=date.fromisoformat(about["last"]))
        note: BoardNote = await self.chat.read(board_note, self.chat.practice, period, self.chat.now())
        words = self.chat.render.words("board_report", view=note)
        refused = Undeliverable("the board has no channel")

        async def make(platform: Platform) -> tuple[Shown, ...]:
            return await self._pictures(platform, note, period)

        async for platform, place in self.chat.places(about):
            try:
                return await self.post(platform, place, about, delivery_id, words, make)
            except Undeliverable as no:
                refused = no
        raise refused

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """Owe it to each platform of a room that is on several."""
        super().record(work, delivery, external_id)
        for platform in self.chat.parted(delivery.about):
            work.outbox.put(
                f"board_report:{delivery.id}@{platform}",
                "board_report",
                {**delivery.about, "on": platform},
                at=self.chat.now(),
                destination=f"{delivery.about['where']}@{platform}",
            )

    async def _pictures(self, platform: Platform, note: BoardNote, period: Period) -> tuple[Shown, ...]:
        """Every plot as this platform shows it; none where one of them cannot be drawn or shown."""
        try:
            drawn_ = await asyncio.to_thread(self.draw, note.plots)
        except (ImportError, OSError):  # no Pillow here, or one without its libraries
            return ()
        made: list[Shown] = []
        links, now = self.chat.links, self.chat.now()
        for number, (plot, picture) in enumerate(zip(note.plots, drawn_, strict=True), start=1):
            address = links.plot(period.first, period.last, number, now) if links is not None else ""
            source = await platform.picture(f"{name_of(plot)}.png", picture, address, title_of(plot))
            if source is None:
                return ()
            made.append(Shown(source=source, alternative=whole_sentences(alternative(plot))))
        return tuple(made)


def as_png(plots: Sequence[Plot]) -> list[bytes]:
    """Each plot as PNG. ImportError or OSError where Pillow is missing or broken."""
    return [png(drawn(plot)) for plot in plots]
