"""An agenda with timings: the meeting's own parts around the cases that are listed (S3-27, S4-09, T12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.pathway import AgendaPart


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A case on the agenda and the minutes allotted to it."""

    id: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the agenda; `listed` is the id of the case's item, or None for a part of the meeting itself."""

    starts: datetime
    minutes: int
    title: str = ""
    listed: str | None = None


def timetable(parts: Sequence[AgendaPart], listed: Iterable[Listed], start: datetime) -> tuple[Line, ...]:
    """The parts before the cases, the cases, the parts after them, each at its time.

    The cases come where the file lists the first part that is `per_case`, or at the end where none is.
    """
    split = next((index for index, part in enumerate(parts) if part.per_case), len(parts))
    lines: list[Line] = []
    at = start
    for part in parts[:split]:
        lines.append(Line(starts=at, minutes=part.minutes, title=part.title))
        at += timedelta(minutes=part.minutes)
    for item in listed:
        lines.append(Line(starts=at, minutes=item.minutes, listed=item.id))
        at += timedelta(minutes=item.minutes)
    for part in parts[split:]:
        if not part.per_case:
            lines.append(Line(starts=at, minutes=part.minutes, title=part.title))
            at += timedelta(minutes=part.minutes)
    return tuple(lines)


def minutes_over(allotted: Iterable[int], length: int) -> int:
    """By how many minutes what is on the agenda outruns the meeting's length; 0 when it fits."""
    return max(0, sum(allotted) - length)


def moved(order: Sequence[str], item: str, step: int) -> tuple[str, ...]:
    """The order with one item moved by `step` places, not past either end."""
    rest = [each for each in order if each != item]
    at = min(max(list(order).index(item) + step, 0), len(rest))
    return (*rest[:at], item, *rest[at:])
