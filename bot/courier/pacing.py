"""How fast: the rest a destination needs between messages, and the wait after a failure."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

NO_REST = timedelta(0)

# Slack takes about one message a second in each channel (slack.md section 5): a room of the area, or a
# person's direct messages.
SLACK = {"room:": timedelta(seconds=1), "person:": timedelta(seconds=1), "slack:": timedelta(seconds=1)}


@dataclass(frozen=True, kw_only=True)
class Pacing:
    """By the beginning of a destination's name: `slack:` covers `slack:C0123`. The longest beginning wins."""

    rests: Mapping[str, timedelta] = field(default_factory=lambda: dict(SLACK))

    def gap(self, destination: str) -> timedelta:
        """How long this destination rests after a message."""
        fitting = [prefix for prefix in self.rests if destination.startswith(prefix)]
        return self.rests[max(fitting, key=len)] if fitting else NO_REST


def _half_to_whole() -> float:
    return 0.5 + random.random() / 2  # noqa: S311 - spreads load, guards nothing


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """Twice as long after each failure, up to a cap; then, after `most` attempts, a person must look.

    As it stands, 30 attempts take about four hours.
    """

    first: timedelta = timedelta(seconds=2)
    cap: timedelta = timedelta(minutes=15)
    most: int = 30
    jitter: Callable[[], float] = _half_to_whole

    def wait(self, attempts: int, asked: float = 0.0) -> timedelta:
        """How long after the `attempts`th failure; never shorter than the far side `asked` for, in seconds."""
        doubled = self.first * (1 << min(attempts - 1, 30))
        return max(min(doubled, self.cap) * self.jitter(), timedelta(seconds=asked))

    def is_over(self, attempts: int) -> bool:
        """Whether that was the last attempt."""
        return attempts >= self.most
