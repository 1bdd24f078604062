"""How a date, a moment, a number is told in words: the same in a card, a mail and the minutes (style 2.5)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date) -> str:
    """A date as people say it, "Thu 2 Apr 2026"; a moment is told by its day in London."""
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """A moment in London, "Thu 2 Apr 2026, 14:30"; ValueError for one without a zone."""
    local = aware(value).astimezone(LONDON)
    return f"{day(local)}, {local:%H:%M}"


def clock(value: datetime) -> str:
    """The time of day in London, "14:30"; ValueError for a moment without a zone."""
    return f"{aware(value).astimezone(LONDON):%H:%M}"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """From when to when in London: "Tue 3 Mar 2026, 10:00 to 12:00"; whole days are told without their midnights."""
    starts, ends = aware(starts_at).astimezone(LONDON), aware(ends_at).astimezone(LONDON)
    if starts < ends and starts.time() == ends.time() == time.min:
        first, last = starts.date(), ends.date() - timedelta(days=1)
        return f"{day(first)}, all day" if first == last else f"{day(first)} to {day(last)}"
    return f"{moment(starts)} to {clock(ends) if starts.date() == ends.date() else moment(ends)}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, "1 working day", "3 working days"."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def left(days: int) -> str:
    """What is left of a deadline in working days: "today", "3 working days left", "overdue by 1 working day"."""
    if days == 0:
        return "today"
    return f"{count(days, 'working day')} left" if days > 0 else f"overdue by {count(-days, 'working day')}"


def ago(then: datetime, now: datetime) -> str:
    """How long since, in the largest unit that fits, "12 minutes", "5 hours", "3 days" (calendar days)."""
    minutes = max(0, int((aware(now) - aware(then)).total_seconds() // 60))
    if minutes < 60:
        return count(minutes, "minute")
    return count(minutes // 60, "hour") if minutes < 24 * 60 else count(minutes // (24 * 60), "day")


def aware(value: datetime) -> datetime:
    """The moment, which has a zone; ValueError for one without."""
    if value.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return value
