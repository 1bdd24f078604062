"""The dates of a standing panel; one that falls on a bank holiday moves to the next working day (T11, S3-03).

A recurrence rule of iCalendar cannot say "the next working day", so each date is a meeting of its own
(calendar.md section 6).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.pathway import Recurrence
from bot.domain.spans import Span, at_local
from bot.domain.workdays import WorkingDays

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_ANCHOR = date(2024, 1, 1)  # a Monday: fortnights are counted from here, so a new year does not shift them


def dates(rule: Recurrence, first: date, days: WorkingDays) -> Iterator[date]:
    """The panel's dates from `first` on, without end, in order."""
    seen: date | None = None
    for nominal in _nominal(rule, first - timedelta(days=14)):
        actual = days.next(nominal)  # a date before `first` may be moved to it or past it
        if actual >= first and (seen is None or actual > seen):
            seen = actual
            yield actual


def next_panel(
    rule: Recurrence, now: datetime, length: int, days: WorkingDays, zone: ZoneInfo, *, notice: timedelta
) -> Span:
    """When the next panel is that starts no sooner than `notice` after `now`; `length` is minutes."""
    for day in dates(rule, now.astimezone(zone).date(), days):
        start = at_local(day, rule.at, zone)
        if start >= now + notice:
            return Span(start, start + timedelta(minutes=length))
    raise AssertionError("a recurrence has no end")


def _nominal(rule: Recurrence, first: date) -> Iterator[date]:
    weekday = WEEKDAYS.index(rule.weekday)
    if rule.every == "month":
        yield from _monthly(weekday, rule.nth or 1, first)
        return
    step = 7 if rule.every == "week" else 14
    start = _ANCHOR + timedelta(days=weekday)
    ahead = -(-(first - start).days // step) * step
    day = start + timedelta(days=ahead)
    while True:
        yield day
        day += timedelta(days=step)


def _monthly(weekday: int, nth: int, first: date) -> Iterator[date]:
    month = first.replace(day=1)
    while True:
        day = month + timedelta(days=(weekday - month.weekday()) % 7 + 7 * (nth - 1))
        if day >= first:
            yield day
        month = (month + timedelta(days=31)).replace(day=1)
