"""Token buckets: how much may still be sent now, and how long to wait where it is too much."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTHING = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """Gives `at_once` in one go when it is full, and fills up by `a_second`: never more than both within a second."""

    a_second: float
    at_once: int

    @property
    def each(self) -> timedelta:
        """What one takes to come back."""
        return timedelta(seconds=1 / self.a_second)


class Buckets:
    """What everybody has taken from their buckets, all of them full at first. In memory: each process has its own."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self._seen = now, now()
        self._full_at: dict[tuple[str, Bucket], datetime] = {}

    def wait(self, whose: str, buckets: Sequence[Bucket]) -> timedelta:
        """How long until each of these can give one; zero where they can now."""
        now = self._read()
        free = [
            self._full_at.get((whose, each), now) - (each.at_once - 1) * each.each - now for each in buckets
        ]
        return max([NOTHING, *free])

    def take(self, whose: str, buckets: Sequence[Bucket]) -> None:
        """Take one of each, though it be lent: whoever asks next waits the longer."""
        now = self._read()
        for each in buckets:
            self._full_at[whose, each] = max(self._full_at.get((whose, each), now), now) + each.each

    def _read(self) -> datetime:
        now = self._now()
        if now < self._seen:  # a clock that was put back would leave everybody waiting for as long
            self._full_at.clear()
        self._seen = now
        return now
