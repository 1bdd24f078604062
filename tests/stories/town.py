"""Aldermere for the stories: the real bot in the local workspace, and everybody's hands by first name."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.courier.pacing import Backoff, Pacing
from bot.demo import LocalWorkspace
from bot.drill.workspace import user_id
from bot.local.hands import Hands

LONDON = ZoneInfo("Europe/London")


class Town:
    """The workspace on one database. `town.priya` are Priya's hands; `settled` waits for the courier."""

    def __init__(self, database_url: str, *, start: datetime, http: bool = False) -> None:
        self.here = LocalWorkspace(
            database_url=database_url,
            start=start.astimezone(UTC),
            http=http,
            pacing=Pacing(rests={}),
            backoff=Backoff(first=timedelta(milliseconds=20), jitter=lambda: 1.0),
        )
        self._hands: dict[str, Hands] = {}

    async def __aenter__(self) -> "Town":
        await self.here.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.here.close()

    def __getattr__(self, first_name: str) -> Hands:
        for chair in self.here.world.people.values():
            if chair.name.split()[0].lower() == first_name:
                return self._hands.setdefault(first_name, Hands(self.here.world, chair.user_id))
        raise AttributeError(first_name)

    @property
    def now(self) -> datetime:
        """The moment on the town's clock."""
        return self.here.world.clock.now()

    async def settled(self) -> None:
        """Return when nothing that is due waits to be carried, and nothing is being carried."""
        async with asyncio.timeout(10):
            while await self.here.program.read(_owed, self.now):
                await asyncio.sleep(0.01)

    async def moves_to(self, moment: datetime | str) -> None:
        """Live through every working morning until then (or `next-hour`, `next-working-day`)."""
        await self.here.world.clock.live_through(moment)
        await self.settled()

    async def is_away_until(self, moment: datetime | str) -> None:
        """Jump: nobody, and no bot, saw the time between."""
        await self.here.world.clock.move(moment)
        await self.settled()


def _owed(work, now):  # type: ignore[no-untyped-def]
    oldest = work.outbox.oldest_owed(now)
    return oldest is not None


def at(text: str) -> datetime:
    """`2026-03-02 09:30` in London, as an aware time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


__all__ = ["Town", "at", "user_id"]
