"""The time that a report is about: whole days of the area, both ends included (T26, S4-21)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Period:
    """From the `first` day to the `last`. ValueError when they are the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a period cannot end before it begins")

    def since(self, zone: str) -> datetime:
        """The moment it begins, in UTC, in the area's zone."""
        return _midnight(self.first, zone)

    def until(self, zone: str) -> datetime:
        """The moment after its last, in UTC, in the area's zone."""
        return _midnight(self.last + timedelta(days=1), zone)

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """The (year, month) pairs that it touches, in order."""
        found, at = [], self.first.replace(day=1)
        while at <= self.last:
            found.append((at.year, at.month))
            at = (at + timedelta(days=31)).replace(day=1)
        return tuple(found)


def quarter_of(day: date) -> Period:
    """The quarter of the calendar in which a day lies."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    after = (first + timedelta(days=95)).replace(day=1)
    return Period(first=first, last=after - timedelta(days=1))


def last_quarter(today: date) -> Period:
    """The last quarter of the calendar that is over (T26)."""
    return quarter_of(quarter_of(today).first - timedelta(days=1))


def last_year(today: date) -> Period:
    """The four quarters that end with the last one that is over."""
    last = last_quarter(today).last
    return Period(first=(last + timedelta(days=1)).replace(year=last.year - (last.month < 12)), last=last)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
