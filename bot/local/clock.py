"""The workspace's clock: real time plus an offset that people may push forward, so a week takes a minute."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.local.shelf import Shelf

LONDON = ZoneInfo("Europe/London")
MORNING = time(9, 5)  # when a working day's first nudges have been due for five minutes

Listener = Callable[[datetime], Awaitable[None]]


class MovableClock:
    """Tells an aware UTC time that only goes forward; the offset survives a restart when a shelf is given."""

    def __init__(
        self,
        next_working_day: Callable[[date], date],
        *,
        shelf: Shelf | None = None,
        start: datetime | None = None,
        real: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`next_working_day(day)` is the first working day after `day`; `start` is the first time shown."""
        self._next_working_day, self._shelf, self._real = next_working_day, shelf or Shelf(), real
        self._listeners: list[Listener] = []
        kept = self._shelf.all("clock").get("offset")
        self._offset = timedelta(seconds=kept["seconds"]) if kept else timedelta()
        if kept is None and start is not None:
            self._offset = start - real()

    def now(self) -> datetime:
        """The time in the workspace, aware and in UTC."""
        return self._real() + self._offset

    def on_move(self, listener: Listener) -> None:
        """Call `listener(now)` after every move, in the order in which listeners came."""
        self._listeners.append(listener)

    async def move(self, to: str | datetime) -> datetime:
        """Jump to `next-hour`, `next-working-day`, `next-week` or an aware time; raises ValueError for the past."""
        return await self._jump(self.meaning(to))

    async def live_through(self, to: str | datetime) -> datetime:
        """Go to a time by way of each working morning in between, so that daily things happen daily."""
        target = self.meaning(to)
        while (morning := self._morning_after(self._today())) < target:
            await self._jump(morning)
        return await self._jump(target)

    def meaning(self, to: str | datetime) -> datetime:
        """The UTC time that a wish means; raises ValueError when it cannot be read."""
        local = self.now().astimezone(LONDON)
        if to == "next-hour":
            return self.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if to == "next-working-day":
            return self._morning_after(local.date())
        if to == "next-week":
            return self._morning_after(local.date() + timedelta(days=6))
        target = datetime.fromisoformat(to) if isinstance(to, str) else to
        if target.tzinfo is None:
            raise ValueError("a time needs its zone")
        return target.astimezone(UTC)

    async def _jump(self, target: datetime) -> datetime:
        if target < self.now():
            raise ValueError("time only goes forward")
        self._offset = target - self._real()
        self._shelf.put("clock", "offset", {"seconds": self._offset.total_seconds()})
        for listener in self._listeners:
            await listener(self.now())
        return self.now()

    def _today(self) -> date:
        return self.now().astimezone(LONDON).date()

    def _morning_after(self, day: date) -> datetime:
        return datetime.combine(self._next_working_day(day), MORNING, LONDON).astimezone(UTC)
