"""Aldermere for the stories: the real bot in the local workspace, and everybody's hands by first name."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event
from sqlmodel import Session, SQLModel

from bot.app import Program, Wiring
from bot.courier.pacing import Backoff, Pacing, TeamsPacing
from bot.demo import LocalWorkspace, drill_practice
from bot.demo_calendars import LocalCalendars
from bot.domain.area import Practice
from bot.drill.workspace import user_id
from bot.local.conversations import Message
from bot.local.hands import Hands
from bot.render import Render
from bot.storage.audit import Fault, verify

LONDON = ZoneInfo("Europe/London")

LONG_ENOUGH = 60
"""Real seconds: a busy machine makes no story fail. That three seconds suffice is held elsewhere."""


RETRY = 60
"""The longest that Slack asks anybody to wait for their next call, in seconds."""


class Town:
    """The workspace on one database. `town.priya` are Priya's hands; `settled` waits for the courier."""

    def __init__(
        self,
        database_url: str,
        *,
        start: datetime,
        http: bool = False,
        not_in_slack: Collection[str] = (),
        calendars: LocalCalendars | None = None,
    ) -> None:
        self.here = _Workspace(
            database_url=database_url,
            start=start.astimezone(UTC),
            http=http,
            pacing=Pacing(rests={}, teams=TeamsPacing(conversation=(), tenant=()), accounts=0),
            backoff=Backoff(first=timedelta(milliseconds=20), jitter=lambda: 1.0),
            practice=_aldermere(),
            not_in_slack=not_in_slack,
            calendars=calendars or LocalCalendars(),
        )
        self._hands: dict[str, Hands] = {}

    async def __aenter__(self) -> "Town":
        await self.here.open()
        world = self.here.world
        world.delivery.patience = LONG_ENOUGH
        world.stage.real_seconds = lambda: 0.0  # triggers do not grow old here
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.here.close()

    def __getattr__(self, first_name: str) -> Hands:
        for chair in self.here.world.chairs.values():
            if chair.name.split()[0].lower() == first_name:
                return self._hands.setdefault(first_name, Hands(self.here.world, chair.user_id))
        raise AttributeError(first_name)

    @property
    def everybody(self) -> list[Hands]:
        """Every person of the workspace."""
        return [getattr(self, chair.name.split()[0].lower()) for chair in self.here.world.people.values()]

    @property
    def now(self) -> datetime:
        """The moment on the town's clock."""
        return self.here.world.clock.now()

    async def settled(self) -> None:
        """Return when nothing that is due waits to be carried, and nothing is being carried.

        Where Slack slows the program down, what waits a moment for its next try is waited for as well.
        """
        world = self.here.world
        soon = timedelta(seconds=RETRY if world.switches.rate_limit else 0)
        await world.delivery.idle()
        async with asyncio.timeout(LONG_ENOUGH + RETRY):
            while await self.looks_up(_owed, self.now + soon):  # noqa: ASYNC110 - the ledger rings no bell
                await asyncio.sleep(0.05)

    async def moves_to(self, moment: datetime | str) -> None:
        """Live through every working morning until then (or `next-hour`, `next-working-day`)."""
        clock = self.here.world.clock
        target = clock.meaning(moment)
        while self.now < target:
            # One morning at a time, so that each day's messages leave on their day.
            await clock.live_through(min(target, clock.meaning("next-working-day")))
            await self.settled()

    async def is_away_until(self, moment: datetime | str) -> None:
        """Jump: nobody, and no bot, saw the time between."""
        await self.here.world.clock.move(moment)
        await self.settled()

    async def looks_up(self, look: Callable[..., Any], *args: Any) -> Any:
        """What the record says: `look(work, *args)`."""
        return await self.program.read(look, *args)

    @property
    def program(self) -> Program:
        """The running bot."""
        return self.here.program

    @asynccontextmanager
    async def dying_once_committed(self, row: type[SQLModel]) -> AsyncIterator[None]:
        """The program ends right after the commit that brings the first such row, before anybody hears of it."""
        loop, dead = asyncio.get_running_loop(), asyncio.Event()

        def die() -> None:
            self._die()
            dead.set()

        def flushed(session: Session, _: object) -> None:
            if any(isinstance(each, row) for each in session.new):
                session.info["the last"] = True

        def committed(session: Session) -> None:
            if session.info.pop("the last", False):
                loop.call_soon_threadsafe(die)  # before the loop hears that the work is done

        event.listen(Session, "after_flush", flushed)
        event.listen(Session, "after_commit", committed)
        try:
            yield
            async with asyncio.timeout(LONG_ENOUGH):
                await dead.wait()
        finally:
            event.remove(Session, "after_flush", flushed)
            event.remove(Session, "after_commit", committed)
        await self._is_buried()

    async def dies_once(self, fact: Callable[[], object]) -> None:
        """The program ends as soon as this shows in the workspace, before it can hear of it itself."""
        await self.here.world.news.until(lambda: bool(fact()), LONG_ENOUGH)
        self._die()
        await self._is_buried()

    async def starts_again(self) -> None:
        """Another program on the same database; what the first had claimed is let go when its lease ends."""
        before, self.here.program = self.here.program, Program(self.here._wiring())
        await self.program.start()
        before.clock, before.courier = (
            self.program.clock,
            self.program.courier,
        )  # who asks the first asks this

    def _die(self) -> None:
        self.here.world.sockets.cut()
        self.program.clock.stop()
        for task in asyncio.all_tasks():
            if task.get_name().startswith(("courier", "delivery")):
                task.cancel()

    async def _is_buried(self) -> None:
        del self.program.courier  # whatever it carried stays claimed: a dead program lets go of nothing
        await self.program.stop()

    def takes_no_post(self, times: int, *, after: bool = False) -> None:
        """The platform fails at so many posts; `after`: it takes them, and its answer is lost."""
        self.here.world.fail("chat.postMessage", times=times, after=after)

    async def faults_in_the_record(self) -> list[Fault]:
        """What `convenor audit verify` finds."""
        return await self.looks_up(lambda work: verify(work.session))

    def said_by_the_bot(self, room: str, words: str) -> list[Message]:
        """The bot's messages in a room whose words hold these, oldest first, each as it stands now."""
        who = next(hands for hands in self.everybody if self._is_in(hands, room))
        talk = self.here.world.talk
        shown = [screen.container for screen in who.messages(room) if words in screen]
        return [talk.message(place["channel"], place["ts"]) for place in shown]

    def _is_in(self, hands: Hands, room: str) -> bool:
        talks = self.here.world.talk.by_id.values()
        return any(one.name == room and hands.user in one.members for one in talks)


@cache
def _aldermere() -> Practice:
    return drill_practice()


@cache
def _compiled() -> Render:
    return Render()


class _Workspace(LocalWorkspace):
    """The demo's, with its templates compiled once for all stories."""

    def _wiring(self) -> Wiring:
        return replace(super()._wiring(), render=_compiled())


def _owed(work, now):  # type: ignore[no-untyped-def]
    return work.outbox.oldest_owed(now) is not None


def at(text: str) -> datetime:
    """`2026-03-02 09:30` in London, as an aware time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


__all__ = ["Town", "at", "user_id"]
