"""How fast: the rest a destination needs between messages, the paces of Teams, and the wait after a failure.

All numbers of the courier's pace stand here.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.courier.buckets import Bucket

NO_REST = timedelta(0)

# Slack takes about one message a second in each channel (slack.md section 5): a room of the area, or a
# person's direct messages.
SLACK = {"room:": timedelta(seconds=1), "person:": timedelta(seconds=1), "slack:": timedelta(seconds=1)}


@dataclass(frozen=True, kw_only=True)
class TeamsPacing:
    """What is taken for each message to a conversation, from its own buckets and from its tenant's.

    Microsoft allows a bot in one conversation 7 in 1 s, 8 in 2 s, 60 in 30 s and 1,800 in an hour, and 50 a second in a
    tenant; older pages say 30. Two buckets keep below the first four, the short and the long.
    """

    conversation: tuple[Bucket, ...] = (Bucket(a_second=1, at_once=3), Bucket(a_second=0.25, at_once=900))
    tenant: tuple[Bucket, ...] = (Bucket(a_second=20, at_once=5),)


@dataclass(frozen=True, kw_only=True)
class Pacing:
    """`rests` by the beginning of a destination's name: `slack:` covers `slack:C0123`. The longest beginning wins.

    `accounts` is the rest between two questions about somebody's account, in seconds: Slack answers a hundred a minute.
    """

    rests: Mapping[str, timedelta] = field(default_factory=lambda: dict(SLACK))
    teams: TeamsPacing = TeamsPacing()
    accounts: float = 0.7

    def gap(self, destination: str) -> timedelta:
        """How long this destination rests after a message."""
        fitting = [prefix for prefix in self.rests if destination.startswith(prefix)]
        return self.rests[max(fitting, key=len)] if fitting else NO_REST


def _half_to_whole() -> float:
    return 0.5 + random.random() / 2  # noqa: S311 - spreads load, guards nothing


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """Twice as long after each failure, up to a cap; then, after `most` attempts, a person must look.

    As it stands, 400 attempts take about three days: a mail server may be off over a weekend, and nothing is lost or
    sent twice. `sooner` says fewer for destinations that begin so: 30 take about four hours, and a meeting whose
    calendar is silent for so long goes by e-mail instead.
    """

    first: timedelta = timedelta(seconds=2)
    cap: timedelta = timedelta(minutes=15)
    most: int = 400
    sooner: Mapping[str, int] = field(default_factory=lambda: {"entry:": 30})
    jitter: Callable[[], float] = _half_to_whole

    def wait(self, attempts: int, asked: timedelta = NO_REST) -> timedelta:
        """How long after the `attempts`th failure; never shorter than was `asked` for."""
        doubled = self.first * (1 << min(attempts - 1, 30))
        return max(min(doubled, self.cap) * self.jitter(), asked)

    def rest(self, asked: float) -> timedelta:
        """What is made of the far side's wish, in seconds: that much, and by chance up to a quarter more.

        Whoever was told the same is not to come back in the same moment.
        """
        return timedelta(seconds=asked) * (1.5 - self.jitter() / 2)

    def last(self, destination: str | None) -> int:
        """How many attempts are made for this destination."""
        fewer = [most for begins, most in self.sooner.items() if (destination or "").startswith(begins)]
        return min([self.most, *fewer])
