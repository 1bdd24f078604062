"""The dates of a standing panel, and what a bank holiday does to one: moved on, or left out (T11, S3-03).

A recurrence rule of iCalendar cannot say "the next working day", so each date is a meeting of its own
(calendar.md section 6).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.domain.pathway import Recurrence, Stage
from bot.domain.spans import Span, at_local
from bot.domain.workdays import WorkingDays, months_after

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
MONTHS_AHEAD = 12
"""How far ahead a standing panel has its dates (calendar.md section 6)."""

_ANCHOR = date(2024, 1, 1)  # a Monday: fortnights are counted from here, so a new year does not shift them


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One date of a panel: the day that the rule names, and the day it is held on, later where that is a holiday."""

    named: date
    held: date


def occurrences(rule: Recurrence, first: date, days: WorkingDays) -> Iterator[Occurrence]:
    """The panel's dates held from `first` on, without end, in order; two never fall on one day."""
    seen: date | None = None
    for named in _nominal(rule, first - timedelta(days=14)):
        if rule.on_holiday == "skip" and not days.is_working(named):
            continue
        held = days.next(named)  # a date before `first` may be moved to it or past it
        if held >= first and (seen is None or held > seen):
            seen = held
            yield Occurrence(named=named, held=held)


def a_year_of(rule: Recurrence, today: date, days: WorkingDays) -> tuple[Occurrence, ...]:
    """The dates held from today on, those whose day by the rule is within twelve months (calendar.md section 6)."""
    end = months_after(today, MONTHS_AHEAD)
    return tuple(takewhile(lambda each: each.named <= end, occurrences(rule, today, days)))


def period(rule: Recurrence, named: date) -> int:
    """The month, week or fortnight that a day belongs to, as a number: a panel has one date in each."""
    if rule.every == "month":
        return named.year * 12 + named.month
    return (named - _ANCHOR).days // (7 if rule.every == "week" else 14)


def dates(rule: Recurrence, first: date, days: WorkingDays) -> Iterator[date]:
    """The days that the panel is held on from `first`, without end, in order."""
    return (each.held for each in occurrences(rule, first, days))


def called_from(rule: Recurrence, held: date, days: WorkingDays) -> date:
    """From which day on people are invited to the panel of that day."""
    return days.shift(held, -rule.invite_wd)


def list_closes_on(stage: Stage, held: date, days: WorkingDays) -> date | None:
    """The last day on which a case counts as in time for the meeting of that day; None: it has no cut-off (T08)."""
    return None if stage.list_closes_wd is None else days.shift(held, -stage.list_closes_wd)


def agenda_out_on(stage: Stage, held: date, days: WorkingDays) -> date | None:
    """The day on which the agenda of the meeting of that day goes out; None: it is not sent (T10)."""
    return None if stage.agenda_out_wd is None else days.shift(held, -stage.agenda_out_wd)


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
