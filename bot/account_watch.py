"""Looks every quarter of an hour whether the accounts in chat by which people can act here are still active (IG-24).

Slack tells of a deactivation at once, Teams does not, and what was told while the program was down is lost. What
cannot be asked now is asked at the next look: a failed question says nothing about anybody (design rule 7).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.area import Practice
from bot.domain.errors import TryLater, Undeliverable
from bot.usecases.accounts import Account, account_back, account_gone, accounts, looked_at

P = ParamSpec("P")
T = TypeVar("T")

Asks = Callable[[Account], Awaitable[bool | None]]
"""Whether an account is active; None where the platform does not say. Raises TryLater or Undeliverable."""

log = logging.getLogger(__name__)


class Host(Protocol):
    """What of the program is needed."""

    practice: Practice
    now: Callable[[], datetime]

    async def run(self, usecase: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case on the writing thread."""

    async def read(self, look: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A look at the record."""


class AccountWatch:
    """Asks each platform about its accounts, one after the other; `rest` is in seconds, between two questions."""

    def __init__(self, host: Host, asks: Mapping[str, Asks], *, rest: float) -> None:
        self.host, self.asks, self.rest = host, asks, rest
        self._last: dict[Account, datetime] = {}
        self._one_at_a_time = asyncio.Lock()

    async def look(self) -> int:
        """Look at every account, the one that was looked at longest ago first; how many changes were news.

        A platform that has no time or no answer is left for the next look, which begins where this one stopped.
        """
        async with self._one_at_a_time:
            found = await self.host.read(accounts, self.host.practice)
            self._last = {each: self._last[each] for each in found if each in self._last}
            never = [each for each in found if each not in self._last]
            changed, silent = 0, set[str]()
            for each in [*never, *sorted(self._last, key=lambda one: self._last[one])]:
                if each.platform in silent or each.platform not in self.asks:
                    continue
                try:
                    changed += await self._look_at(each)
                except TryLater as later:
                    silent.add(each.platform)
                    log.warning(
                        "accounts not all looked at",
                        extra={"platform": each.platform, "reason": later.reason},
                    )
                await asyncio.sleep(self.rest)
            if not silent:
                await self.host.run(looked_at, self.host.now())
            return changed

    async def look_at(self, platform: str, tenant: str, account: str) -> None:
        """Look at one account now, as something was told of it; the next look finds out what this one cannot."""
        for each in await self.host.read(accounts, self.host.practice):
            if (each.platform, each.tenant, each.account) == (platform, tenant, account):
                try:
                    await self._look_at(each)
                except TryLater as later:
                    log.warning("account not looked at", extra={"platform": platform, "reason": later.reason})

    async def _look_at(self, account: Account) -> bool:
        try:
            active = await self.asks[account.platform](account)
        except Undeliverable as no:
            log.info("account cannot be asked for", extra={"platform": account.platform, "reason": no.reason})
            active = None
        self._last[account] = self.host.now()
        if active is None:
            return False
        change = account_back if active else account_gone
        return await self.host.run(
            change,
            self.host.practice,
            account.platform,
            account.tenant,
            account.account,
            self.host.now(),
        )
