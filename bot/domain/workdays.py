"""Working days, deadlines and lengths of time, by the UK's bank holidays (model.md section 8)."""

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal, overload
from zoneinfo import ZoneInfo

from holidays import country_holidays

LONDON = ZoneInfo("Europe/London")
ANNOUNCED_UNTIL = date(2028, 12, 26)  # the last bank holiday GOV.UK had published when this was written


class Nation(StrEnum):
    """Whose bank holidays count; it belongs to the case, or to a person for their own hours."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"
    ANY_UK = "any-uk"  # a holiday anywhere in the UK counts, as in freedom-of-information law


# Never without a subdivision: that list holds only the days common to all four, so no Easter Monday.
_SUBDIVISIONS = {
    Nation.ENGLAND_AND_WALES: ("ENG", "WLS"),
    Nation.SCOTLAND: ("SCT",),
    Nation.NORTHERN_IRELAND: ("NIR",),
    Nation.ANY_UK: ("ENG", "WLS", "SCT", "NIR"),
}


@lru_cache(maxsize=1024)
def bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    """Every bank holiday of a nation in one year, weekends included."""
    days: set[date] = set()
    for subdivision in _SUBDIVISIONS[nation]:
        days.update(country_holidays("GB", subdiv=subdivision, years=year))
    return frozenset(days)


@lru_cache(maxsize=1024)
def _table(nation: Nation, closures: frozenset[date], year: int) -> tuple[int, ...]:
    """The ordinals of one year's working days, in order: counting is then a look-up, not a walk."""
    off = {day.toordinal() for day in bank_holidays(nation, year) | closures}
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return tuple(n for n in range(first, last + 1) if (n - 1) % 7 < 5 and n not in off)


@dataclass(frozen=True, kw_only=True)
class ClockRule:
    """When a clock starts and at what local hour it ends (model.md section 8, rules 2 and 3).

    A receipt on a non-working day counts as it is, or as of the next working day. A receipt on a working day
    after `cutoff` (London time) counts as of the next working day; no cut-off: the whole day counts.
    """

    non_working_receipt: Literal["as_is", "next_wd"] = "as_is"
    cutoff: time | None = None
    due: time = time(17)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A date that people speak of, and the UTC instant at which it has passed."""

    day: date
    at: datetime


AS_RECEIVED = ClockRule()


@dataclass(frozen=True)
class WorkingDays:
    """Monday to Friday, less the bank holidays of one nation and the closure days of an area or agency.

    Raises ValueError for anything but one of the four nations: without one, holidays go missing silently.
    """

    nation: Nation
    closures: frozenset[date] = frozenset()

    def __init__(self, nation: Nation | str, closures: Collection[date] = ()) -> None:
        try:
            object.__setattr__(self, "nation", Nation(nation))
        except ValueError:
            known = ", ".join(Nation)
            raise ValueError(
                f"{nation!r} is no nation with bank holidays of its own; give one of {known}"
            ) from None
        object.__setattr__(self, "closures", frozenset(closures))

    def is_working(self, day: date) -> bool:
        """Whether offices are open on this day."""
        return day.weekday() < 5 and not self.is_closed(day)

    def is_closed(self, day: date) -> bool:
        """Whether this is a bank holiday or a closure day; who works weekends works on any other day."""
        return day in self.closures or day in bank_holidays(self.nation, day.year)

    def shift(self, day: date, n: int) -> date:
        """The n-th working day after `day`, or before it when n is negative; n = 0 is the day itself."""
        if n == 0:
            return day
        year, ordinal = day.year, day.toordinal()
        table = _table(self.nation, self.closures, year)
        at = bisect_right(table, ordinal) + n - 1 if n > 0 else bisect_left(table, ordinal) + n
        while at >= len(table):
            at -= len(table)
            year += 1
            table = _table(self.nation, self.closures, year)
        while at < 0:
            year -= 1
            table = _table(self.nation, self.closures, year)
            at += len(table)
        return date.fromordinal(table[at])

    def count(self, a: date, b: date) -> int:
        """Working days from a to b, negative when b is earlier; `shift(a, count(a, b)) == b` if b works."""
        return self._through(b) - self._through(a) if b >= a else self._before(b) - self._before(a)

    def next(self, day: date) -> date:
        """The day itself when it is a working day, else the next one."""
        return day if self.is_working(day) else self.shift(day, 1)

    def day_zero(self, receipt: datetime, rule: ClockRule = AS_RECEIVED) -> date:
        """The London date on which a receipt counts as received; `receipt` must be aware."""
        local = _local(receipt)
        day = local.date()
        if not self.is_working(day):
            return self.next(day) if rule.non_working_receipt == "next_wd" else day
        late = rule.cutoff is not None and local.time() > rule.cutoff
        return self.shift(day, 1) if late else day

    def deadline(self, receipt: datetime, working_days: int, rule: ClockRule = AS_RECEIVED) -> Deadline:
        """The end of the n-th working day after receipt; the day of receipt is day 0 (CPR 2.8, FOIA s10)."""
        return _deadline(self.shift(self.day_zero(receipt, rule), working_days), rule.due)

    def clear_days_before(self, day: date, n: int) -> date:
        """The latest day that leaves n clear working days before `day`, both ends excluded (CPR 2.8)."""
        return self.shift(day, -(n + 1))

    def _through(self, day: date) -> int:
        return _worked_before_year(self.nation, self.closures, day.year) + bisect_right(
            _table(self.nation, self.closures, day.year), day.toordinal()
        )

    def _before(self, day: date) -> int:
        return _worked_before_year(self.nation, self.closures, day.year) + bisect_left(
            _table(self.nation, self.closures, day.year), day.toordinal()
        )


_EPOCH = 2024  # only differences are used, so any year would do; a near one is quick to reach


@lru_cache(maxsize=1024)
def _worked_before_year(nation: Nation, closures: frozenset[date], year: int) -> int:
    """Working days between the start of the epoch and the start of a year; negative before the epoch."""
    if year >= _EPOCH:
        return sum(len(_table(nation, closures, y)) for y in range(_EPOCH, year))
    return -sum(len(_table(nation, closures, y)) for y in range(year, _EPOCH))


class Unit(StrEnum):
    """How a length is counted; always spelt out in a pathway file (model.md section 5)."""

    WD = "wd"
    HOURS = "hours"  # clock time, running over nights and weekends
    DAYS = "days"  # calendar days
    MONTHS = "months"
    SAME_DAY = "same_day"


@dataclass(frozen=True)
class Length:
    """A length of time in a stated unit. Raises ValueError for an unknown unit or a negative number."""

    n: int
    unit: Unit

    def __init__(self, n: int, unit: Unit | str) -> None:
        if n < 0:
            raise ValueError("a length cannot be negative")
        object.__setattr__(self, "n", n)
        object.__setattr__(self, "unit", Unit(unit))

    @overload
    def after(self, start: datetime, days: WorkingDays) -> datetime: ...
    @overload
    def after(self, start: date, days: WorkingDays) -> date: ...
    def after(self, start: date, days: WorkingDays) -> date:
        """This long after a date, or after an aware instant (UTC back, the London wall-clock time kept).

        Twelve months are the same calendar date next year, 29 February becoming the 28th. Hours are clock
        time; asked of a bare date they raise ValueError.
        """
        if isinstance(start, datetime):
            local = _local(start)
            if self.unit is Unit.HOURS:
                return start.astimezone(UTC) + timedelta(
                    hours=self.n
                )  # in London it would be wall-clock time
            moved = datetime.combine(self._after_date(local.date(), days), local.time(), LONDON)
            return moved.astimezone(UTC)
        return self._after_date(start, days)

    def deadline(self, receipt: datetime, days: WorkingDays, rule: ClockRule = AS_RECEIVED) -> Deadline:
        """When something of this length, started by a receipt, is due.

        Hours end at their own minute; every other unit ends at the rule's hour of the last day, a same-day
        length at midnight when the receipt itself came later than that.
        """
        if self.unit is Unit.HOURS:
            at = self.after(receipt, days)
            return Deadline(day=at.astimezone(LONDON).date(), at=at)
        due = _deadline(self._after_date(days.day_zero(receipt, rule), days), rule.due)
        return due if due.at > receipt else _deadline(due.day, time(23, 59))

    def _after_date(self, start: date, days: WorkingDays) -> date:
        match self.unit:
            case Unit.WD:
                return days.shift(start, self.n)
            case Unit.DAYS:
                return start + timedelta(days=self.n)
            case Unit.MONTHS:
                return months_after(start, self.n)
            case Unit.SAME_DAY:
                return start
            case Unit.HOURS:
                raise ValueError("hours are clock time: give the time of day they start at")


def months_after(day: date, n: int) -> date:
    """The same date n calendar months on, or the last day of that month when it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def horizon(today: date) -> date | None:
    """The last bank holiday announced, once it is less than six months away: time to update; else None."""
    return ANNOUNCED_UNTIL if today > months_after(ANNOUNCED_UNTIL, -6) else None


def _deadline(day: date, hour: time) -> Deadline:
    return Deadline(day=day, at=datetime.combine(day, hour, LONDON).astimezone(UTC))


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be placed on a date")
    return moment.astimezone(LONDON)
