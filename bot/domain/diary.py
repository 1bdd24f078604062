"""Somebody's diary as another system tells it: when they are taken, never by what, with whom or where."""

from dataclasses import dataclass

from bot.domain.spans import Span


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
