"""Carries what is owed: claim, look, send, settle (engine.md section 2, design rule 10).

The only place that catches broadly. What it catches becomes a row's `last_error`, a later attempt or a
dead letter that a coordinator sees; one broken row holds up no other.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.courier import ledger
from bot.courier.errand import Errand
from bot.courier.pacing import Backoff, Pacing
from bot.domain.errors import NotYet, TryLater, Undeliverable
from bot.storage.claims import Delivery
from bot.storage.outbox import LANES

log = logging.getLogger(__name__)


class Run(Protocol):
    """`Running.run`: puts a synchronous unit of work on a writing thread."""

    def __call__(self, usecase: Callable[..., Any], *args: Any, **but: Any) -> Awaitable[Any]: ...


class Courier:
    """One a process; any number of processes on PostgreSQL."""

    def __init__(
        self,
        run: Run,
        errands: Mapping[str, Errand],
        *,
        now: Callable[[], datetime],
        pacing: Pacing | None = None,
        backoff: Backoff | None = None,
        hands: int = 8,
        kept_for_clicks: int = 2,
        patience: float = 30.0,
        lease: timedelta = timedelta(seconds=90),
        idle: float = 5.0,
    ) -> None:
        """`hands` is how many are sent at once, `patience` the seconds one may take, `idle` the longest nap.

        The lease must outlast the patience, or another courier takes over what is still being sent.
        """
        if lease.total_seconds() <= patience:
            raise ValueError("the lease must outlast the patience")
        self.run_work = run
        self.errands = errands
        self.now = now
        self.pacing = pacing or Pacing()
        self.backoff = backoff or Backoff()
        self.hands = hands
        self.kept_for_clicks = kept_for_clicks
        self.patience = patience
        self.lease = lease
        self.idle = idle
        self.holder = secrets.token_hex(6)
        self._carrying: dict[int, asyncio.Task[None]] = {}
        self._awake = asyncio.Event()
        self._stopping = False
        self._swept: datetime | None = None
        self._resting = asyncio.Event()
        self._resting.set()

    def wake(self) -> None:
        """Something was queued just now: do not finish the nap. From the loop's thread."""
        self._awake.set()

    async def carry(self, limit: int = 50) -> int:
        """One pass: claim up to `limit` due rows, deliver them, and give how many were tried."""
        claimed = await self._claim(limit, last_lane=max(LANES.values()))
        await asyncio.gather(*(self._start(delivery) for delivery in claimed))
        return len(claimed)

    async def work(self) -> None:
        """Carry until `stop`: what a click owes goes at once, the rest as it becomes due."""
        self._resting.clear()
        try:
            while not self._stopping:
                self._awake.clear()
                try:
                    nap = await self._fill_hands()
                except Exception as error:  # a database that is away for a moment must not end the courier
                    log.warning("courier could not claim", extra={"error": _safe(error)})
                    nap = self.idle
                if nap > 0:
                    await self._until_awake(nap)
        finally:
            self._resting.set()

    async def stop(self, grace: float = 20.0) -> None:
        """Claim no more, give running sends `grace` seconds, then let go of what is left."""
        self._stopping = True
        self.wake()
        await self._resting.wait()
        running = set(self._carrying.values())
        if running:
            _, late = await asyncio.wait(running, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.run_work(ledger.let_go, self.holder)

    async def _fill_hands(self) -> float:
        """Claim as much as there are hands free; how many seconds to nap when that was all."""
        free = self.hands - len(self._carrying)
        if free <= 0:
            return self.idle
        # The last hands are kept for clicks: slow digests must not make a person wait for an answer.
        everything = free > self.kept_for_clicks
        limit = free - self.kept_for_clicks if everything else free
        last_lane = max(LANES.values()) if everything else LANES["click"]
        claimed = await self._claim(limit, last_lane)
        for delivery in claimed:
            self._start(delivery)
        if claimed:
            return 0.0
        due = await self.run_work(ledger.next_due, self.now())
        return self.idle if due is None else min(self.idle, max(0.01, (due - self.now()).total_seconds()))

    async def _claim(self, limit: int, last_lane: int) -> list[Delivery]:
        now = self.now()
        sweep = self._swept is None or abs(now - self._swept) >= self.lease / 6
        if sweep:
            self._swept = now
        claimed: list[Delivery] = await self.run_work(
            ledger.claim,
            sweep,
            now=now,
            limit=limit,
            holder=self.holder,
            lease=self.lease,
            gap=self.pacing.gap,
            busy=tuple(self._carrying),
            last_lane=last_lane,
        )
        return claimed

    def _start(self, delivery: Delivery) -> asyncio.Task[None]:
        task = asyncio.create_task(self._deliver(delivery), name=f"delivery {delivery.id}")
        self._carrying[delivery.number] = task
        task.add_done_callback(lambda _: self._put_down(delivery))
        return task

    def _put_down(self, delivery: Delivery) -> None:
        self._carrying.pop(delivery.number, None)
        self.wake()  # a hand is free, and perhaps a destination

    async def _until_awake(self, nap: float) -> None:
        try:
            async with asyncio.timeout(nap):
                await self._awake.wait()
        except TimeoutError:
            pass

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            await self._try(delivery)
        except Exception as error:  # it stays claimed; when the lease ends, whoever takes it looks first
            log.error("delivery could not be settled", extra=_ids(delivery) | {"error": _safe(error)})

    async def _try(self, delivery: Delivery) -> None:
        errand = self.errands.get(delivery.errand)
        if errand is None:
            await self._give_up(delivery, None, f"nothing here knows the errand {delivery.errand}")
            return
        if delivery.attempts > self.backoff.last(delivery.destination):
            await self._give_up(delivery, errand, "abandoned at every attempt")
            return
        external_id = delivery.external_id
        try:
            if external_id is None:
                external_id = await self._send(errand, delivery)
            await self.run_work(ledger.sent, delivery, errand, external_id, holder=self.holder, at=self.now())
        except Undeliverable as error:
            await self._give_up(delivery, errand, error.reason)
        except NotYet as error:
            await self._put_back(delivery, error.seconds)
        except TryLater as error:
            await self._put_off(delivery, errand, error.reason, external_id, asked=error.seconds)
        except Exception as error:
            await self._put_off(delivery, errand, _safe(error), external_id)

    async def _send(self, errand: Errand, delivery: Delivery) -> str | None:
        async with asyncio.timeout(self.patience):
            if delivery.attempts > 1:
                found = await errand.look(delivery.about, delivery.id, delivery.first_tried_at)
                if found is not None:
                    log.info("delivery had arrived before", extra=_ids(delivery))
                    return found
            return await errand.send(delivery.about, delivery.id)

    async def _put_off(
        self, delivery: Delivery, errand: Errand, error: str, external_id: str | None, asked: float = 0.0
    ) -> None:
        if delivery.attempts >= self.backoff.last(delivery.destination):
            await self._give_up(delivery, errand, error)
            return
        rest = self.backoff.rest(asked)
        wait = self.backoff.wait(delivery.attempts, rest)
        log.warning("delivery put off", extra=_ids(delivery) | {"error": error})
        await self.run_work(
            ledger.later,
            delivery,
            holder=self.holder,
            not_before=self.now() + wait,
            error=error,
            external_id=external_id,
            hold_until=self.now() + rest if asked else None,
        )

    async def _put_back(self, delivery: Delivery, seconds: float) -> None:
        until = self.now() + timedelta(seconds=seconds)
        await self.run_work(
            ledger.later, delivery, holder=self.holder, not_before=until, hold_until=until, tried=False
        )

    async def _give_up(self, delivery: Delivery, errand: Errand | None, reason: str) -> None:
        log.error("delivery failed for good", extra=_ids(delivery) | {"error": reason})
        try:
            await self.run_work(ledger.dead, delivery, errand, reason, holder=self.holder, at=self.now())
        except Exception as error:  # what the errand would have written down must not keep the letter alive
            reason = f"{reason}; and writing that down failed: {_safe(error)}"
            await self.run_work(ledger.dead, delivery, None, reason, holder=self.holder, at=self.now())


def _safe(error: Exception) -> str:
    """The kind of error only: its text may quote what was being sent (IG-32)."""
    return type(error).__name__


def _ids(delivery: Delivery) -> dict[str, Any]:
    return {"delivery": delivery.id, "errand": delivery.errand, "attempt": delivery.attempts}
