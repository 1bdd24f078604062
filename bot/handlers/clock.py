"""The clock: a few in-memory ticks and no job per action (design.md rule 11; engine.md section 1).

What is due is an indexed look, so a restart, a moved deadline or a second replica needs no bookkeeping: every
process runs its own clock, and what two of them find at once is done once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.area import Practice
from bot.usecases.barred_watch import tell_of_barred
from bot.usecases.board_report import quarterly
from bot.usecases.close_polls import close_polls
from bot.usecases.daybreak import daybreak
from bot.usecases.follow_up import follow_up
from bot.usecases.nudge import nudge
from bot.usecases.opening import opening
from bot.usecases.read_diaries import forget_readings
from bot.usecases.remind_learning import remind_learning
from bot.usecases.tidy import tidy

SWEEP_SECONDS = 30
CARRY_SECONDS = 5
MAILBOX_SECONDS = 60
ENTRIES_SECONDS = LISTEN_SECONDS = 300
FORGET_SECONDS = 900
ACCOUNTS_SECONDS = 900
"""Of the hour within which whoever leaves has to lose their access (IG-24)."""
TIDY_AT = (3, 30)  # hour and minute; between one and two in the morning an hour can come twice or never

# As job defaults: given elsewhere they are silently ignored.
_DEFAULTS = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}


class Run(Protocol):
    """`Running.run`: a use case on a writing thread."""

    def __call__(self, usecase: Callable[..., Any], /, *args: Any) -> Awaitable[Any]: ...


class Clock:
    """Ticks while the program runs. `sweep` and `tidy` can also be called by hand, after the clock was moved."""

    def __init__(
        self,
        run: Run,
        practice: Practice,
        now: Callable[[], datetime],
        *,
        wake: Callable[[], None] = lambda: None,
        swept: Callable[[int], None] = lambda planned: None,
        look_at_entries: Callable[[], Awaitable[int]] | None = None,
        listen: Callable[[], Awaitable[None]] | None = None,
        read_mailbox: Callable[[], Awaitable[None]] | None = None,
        look_at_accounts: Callable[[], Awaitable[int]] | None = None,
    ) -> None:
        """`wake` tells the courier to look; `swept` hears how many nudges each look has planned.

        `read_mailbox` is called every minute, `look_at_entries` and `listen` every five, `look_at_accounts` every
        fifteen, where there are such.
        """
        self.run, self.practice, self.now = run, practice, now
        self.wake, self.swept, self._read_mailbox = wake, swept, read_mailbox
        self._look_at_entries, self._listen = look_at_entries, listen
        self._look_at_accounts = look_at_accounts
        self._one_at_a_time = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone=practice.area.zone, job_defaults=_DEFAULTS)

    async def start(self) -> None:
        """Catch up with whatever came due while nobody was looking, then tick."""
        await self.sweep()
        add = self._scheduler.add_job
        add(self.sweep, "interval", seconds=SWEEP_SECONDS, id="sweep")
        add(self._carry, "interval", seconds=CARRY_SECONDS, id="carry")
        if self._read_mailbox is not None:
            add(self._read_mailbox, "interval", seconds=MAILBOX_SECONDS, id="mailbox")
        if self._look_at_entries is not None:
            add(self._look_at_entries, "interval", seconds=ENTRIES_SECONDS, id="entries")
        if (
            self._listen is not None
        ):  # not before the doors are open: the calendar tries ours before it agrees
            add(self._listen, "interval", seconds=LISTEN_SECONDS, id="listen")
        if self._look_at_accounts is not None:
            add(self._look_at_accounts, "interval", seconds=ACCOUNTS_SECONDS, id="accounts")
        if self.practice.area.diaries:
            add(self.forget, "interval", seconds=FORGET_SECONDS, id="forget")
        add(self.tidy, "cron", hour=TIDY_AT[0], minute=TIDY_AT[1], id="tidy")
        self._scheduler.start()

    def stop(self) -> None:
        """No more ticks; a look that is under way finishes or is undone whole."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def sweep(self) -> int:
        """Plan everything that has come due by now, and group it; how many nudges are new.

        Should the day's rounds fail, what is due about actions is planned all the same: nothing open is ever forgotten.
        """
        planned = asked = 0
        async with self._one_at_a_time:
            try:
                planned += int(await self.run(daybreak, self.practice, self.now()))
                planned += int(await self.run(opening, self.practice, self.now()))
                asked = int(await self.run(close_polls, self.practice, self.now()))
                asked += int(await self.run(quarterly, self.practice, self.now()))
                asked += int(await self.run(remind_learning, self.practice, self.now()))
                asked += int(await self.run(follow_up, self.practice, self.now()))
                asked += int(await self.run(tell_of_barred, self.practice, self.now()))
            finally:
                more = True
                while more:
                    found = await self.run(nudge, self.practice, self.now())
                    planned, more = planned + found.planned, found.more
        if planned:
            self.swept(planned)
        if planned or asked:
            self.wake()
        return planned

    async def tidy(self) -> None:
        """Throw away what the record does not need."""
        await self.run(tidy, self.now())

    async def forget(self) -> None:
        """Throw away what was read of diaries a day ago."""
        await self.run(forget_readings, self.now())

    async def _carry(self) -> None:
        """Should a wake-up ever be missed, the courier looks all the same."""
        self.wake()
