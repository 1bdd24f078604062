"""How soon a stranger at a door of ours is told so: at once, unless there are many of them.

To refuse is cheap, but hands that never rest would fill the one loop in which Slack is acknowledged as well. So, past a
first few, refusals leave at a walking pace, and whoever waits for one cannot ask again on the same connection.
"""

import asyncio
from collections.abc import Awaitable, Callable

A_SECOND = 50.0
"""Refusals, once there are many."""

AT_ONCE = 10
"""Refusals that wait for nothing, after a quiet moment."""

LONGEST = 5.0
"""Seconds that a stranger waits at most; whoever wants to hold a connection longer need not ask anything."""


class Strangers:
    """Those who were turned away and have not been told yet."""

    def __init__(
        self, now: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """`now` is in seconds, of any clock that only goes forward."""
        self._now, self._sleep = now, sleep
        self._told = now()

    async def turn(self) -> None:
        """Return when the next one may be told."""
        now = self._now()
        earliest = now - AT_ONCE / A_SECOND
        self._told = min(max(self._told, earliest) + 1 / A_SECOND, now + LONGEST)
        if self._told > now:
            await self._sleep(self._told - now)
