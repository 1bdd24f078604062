"""How often one link may be used: people press a few times, a program without end."""

from collections import OrderedDict
from collections.abc import Callable

MOST = 60
"""Requests to one link within `WITHIN`."""

WITHIN = 600.0
"""Seconds."""

LINKS = 10_000
"""Links remembered at once; the one that was used longest ago is forgotten first."""


class Turns:
    """Counts the requests to each link, by its mark, in windows of ten minutes."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is in seconds, of any clock that only goes forward."""
        self._now = now
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, mark: str) -> bool:
        """Whether this link has a turn left."""
        now = self._now()
        began, number = self._seen.pop(mark, (now, 0))
        if now - began >= WITHIN:
            began, number = now, 0
        self._seen[mark] = (began, number + 1)
        if len(self._seen) > LINKS:
            self._seen.popitem(last=False)
        return number < MOST
