"""Somebody's diary as another system tells it: when they are taken, never by what, with whom or where."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.spans import Span

KEPT = timedelta(hours=24)
"""How long a reading is kept and may be searched by (calendar.md section 7)."""

FRESH = timedelta(minutes=5)
"""How long a reading counts as how things are; what is older is a suggestion (calendar.md section 5)."""


@dataclass(frozen=True, kw_only=True)
class Diary:
    """What was read of one diary for one window, each kind merged and in order; the rest of the window is free.

    `tentative` time may be had, as a second choice; whatever the other system cannot name is among it.
    """

    busy: tuple[Span, ...] = ()
    tentative: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A diary that could not be read, which is never a free one; `reason` is a code and holds no address."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was found in a diary for a window, and when it was looked into."""

    window: Span
    read_at: datetime
    diary: Diary | Unreadable

    def holds(self, window: Span, now: datetime) -> bool:
        """Whether a search of this window may go by it: it covers the whole of it and is not too old."""
        return self.window.holds(window) and now - self.read_at <= KEPT

    def is_fresh(self, window: Span, now: datetime, fresh: timedelta = FRESH) -> bool:
        """Whether there is no need to look again."""
        return self.window.holds(window) and now - self.read_at <= fresh
