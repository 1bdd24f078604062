"""When a person could meet: their working pattern, less holidays, leave and what they are busy with.

The embedded calendar of calendar.md section 3. A pattern is in wall-clock times of the person's own zone, so
a day that starts at nine starts at nine on both sides of a clock change. Diaries are handed in.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.cannot import parse_cannot
from bot.domain.spans import Span, at_local, merged, whole_days, within, without
from bot.domain.workdays import Nation, WorkingDays

__all__ = [
    "Hours",
    "Span",
    "Times",
    "WorkingPattern",
    "leave_span",
    "parse_cannot",
    "parse_pattern",
    "times",
    "working_spans",
]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, kw_only=True, order=True)
class Hours:
    """Hours of work on one weekday (0 is Monday), from and to in local time."""

    weekday: int
    start: time
    end: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("a weekday is 0 (Monday) to 6 (Sunday)")
        if self.start >= self.end:
            raise ValueError(f"{WEEKDAYS[self.weekday]}: working hours must end after they start")


@dataclass(frozen=True, kw_only=True)
class WorkingPattern:
    """A person's week, the zone its times are read in, and the nation whose bank holidays they keep."""

    hours: tuple[Hours, ...]
    zone: str = "Europe/London"
    nation: Nation = Nation.ENGLAND_AND_WALES

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{self.zone!r} is not a time zone; an example is Europe/London") from error


@dataclass(frozen=True, kw_only=True)
class Times:
    """One person's window: at work, on leave, busy, tentatively busy; and what is left free."""

    working: tuple[Span, ...]
    leave: tuple[Span, ...]
    busy: tuple[Span, ...]
    tentative: tuple[Span, ...]
    free: tuple[Span, ...]


def working_spans(pattern: WorkingPattern, window: Span, closures: Collection[date] = ()) -> tuple[Span, ...]:
    """The person's working time inside the window; bank holidays of their nation and closure days are out."""
    zone = ZoneInfo(pattern.zone)
    shut = WorkingDays(pattern.nation, closures)
    spans = []
    day = window.start.astimezone(zone).date()
    while day <= window.end.astimezone(zone).date():
        if not shut.is_closed(day):
            for hours in pattern.hours:
                if hours.weekday == day.weekday():
                    start, end = at_local(day, hours.start, zone), at_local(day, hours.end, zone)
                    if start < end:  # an hour that the spring clock change skips leaves nothing
                        spans.append(Span(start, end))
        day += timedelta(days=1)
    return within(spans, window)


def times(
    pattern: WorkingPattern,
    window: Span,
    *,
    busy: Iterable[Span] = (),
    tentative: Iterable[Span] = (),
    leave: Iterable[Span] = (),
    closures: Collection[date] = (),
) -> Times:
    """Free and busy time over a window. Tentative time stays free, and is named for a search to avoid."""
    working = working_spans(pattern, window, closures)
    away, taken = within(leave, window), within(busy, window)
    return Times(
        working=working,
        leave=away,
        busy=taken,
        tentative=within(tentative, window),
        free=without(working, merged((*away, *taken))),
    )


def leave_span(first: date, last: date, pattern: WorkingPattern) -> Span:
    """Leave by whole days, first and last included, in the person's own zone."""
    return whole_days(first, last, ZoneInfo(pattern.zone))


_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d\d:\d\d)-(\d\d:\d\d)")


def parse_pattern(
    text: str, *, zone: str = "Europe/London", nation: Nation = Nation.ENGLAND_AND_WALES
) -> WorkingPattern:
    """Read `mon-thu 09:00-17:00; fri 09:00-13:00`, as a register of people spells a week.

    Raises ValueError with an example for anything else, and for a weekday that runs backwards.
    """
    hours = []
    for part in filter(None, (part.strip().lower() for part in text.split(";"))):
        found = _PART.fullmatch(part)
        if not found or not {found[1], found[2] or found[1]} <= set(WEEKDAYS):
            raise ValueError(
                f"{part!r} is not a working pattern; write: mon-thu 09:00-17:00; fri 09:00-13:00"
            )
        first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
        if first > last:
            raise ValueError(f"{part!r} runs backwards through the week")
        start, end = time.fromisoformat(found[3]), time.fromisoformat(found[4])
        hours += [Hours(weekday=day, start=start, end=end) for day in range(first, last + 1)]
    if not hours:
        raise ValueError("a working pattern needs at least one day, such as: mon-fri 09:00-17:00")
    return WorkingPattern(hours=tuple(sorted(hours)), zone=zone, nation=nation)
