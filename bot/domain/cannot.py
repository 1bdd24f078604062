"""What somebody types into chat to say when they cannot meet, read by a small closed grammar.

It never guesses: whatever could be read in two ways is refused with both readings or an example, because a
wrongly read absence books a meeting that the one agency with the history cannot attend.
"""

import re
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Invalid
from bot.domain.spans import Span, at_local, whole_days
from bot.domain.workdays import LONDON

EXAMPLES = "Tue 3 March 10:00-12:00; tomorrow afternoon; Thursday; 3-7 March; next Monday morning"
LONGEST = 60  # days in one span: longer is leave, and belongs in the register
FURTHEST = 730  # days from today
AHEAD = 300  # days: a date without a year that would be further off has more likely just passed

_WEEKDAY = (
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TO = r"(?:\s*-\s*|\s+to\s+|\s+until\s+)"
_CLOCK = r"\d{1,2}[:.]\d{2}|\d{1,2}(?:[:.]\d{2})?\s*[ap]m"

_LEAD = re.compile(r"^(?:i\s+(?:cannot|can't|can not|am away|am not free)\s*(?:do|make|meet)?\s*)?(?:on\s+)?")
_DATE = re.compile(
    rf"(?:(?P<weekday>{_WEEKDAY})\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?:\s+(?P<month>{_MONTH})(?:\s+(?P<year>\d{{4}}))?)?"
)
_ISO = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])-(\d{2})\b")
_NAMED = re.compile(rf"(?:(?P<which>this|next)\s+)?(?P<weekday>{_WEEKDAY})")
_BARE_HOURS = re.compile(
    rf"(?:{_MONTH}|\d{{4}}|day|{_WEEKDAY})\s+\d+\s*-\s*\d+(?:\s*[ap]m)?$"
)  # `3 March 2-4`
_HOURS = re.compile(rf"(?:from\s+)?(?P<start>{_CLOCK}){_TO}(?P<end>{_CLOCK})")
_OPEN = re.compile(rf"(?P<side>from|after|before|until)\s+(?P<at>{_CLOCK})")
_PARTS = {
    "morning": (time(0), time(12)),
    "mornings": (time(0), time(12)),
    "afternoon": (time(12), time(18)),
    "afternoons": (time(12), time(18)),
    "evening": (time(18), None),
    "evenings": (time(18), None),
    "all day": (time(0), None),
}
_TAIL = re.compile(
    rf"^(?:(?P<days>.*?)\s+)?(?P<hours>(?:{_HOURS.pattern}|{_OPEN.pattern}|{'|'.join(_PARTS)}))$"
)


def parse_cannot(
    text: str, today: date, zone: ZoneInfo = LONDON, *, field: str = "cannot"
) -> tuple[Span, ...]:
    """The spans meant by `text`, in order; several are parted by commas, semicolons, new lines or "and".

    `today` is the date in `zone`. A morning ends at 12:00, an afternoon at 18:00. Raises Invalid, with the
    problem under `field` and an example in it, for what it does not know, what has two readings, a weekday
    that does not belong to its date, and what is wholly past.
    """
    try:
        pieces = _pieces(text)
        if not pieces:
            raise ValueError("Say when you cannot meet.")
        return tuple(sorted(span for piece in pieces for span in _spans(piece, today, zone)))
    except ValueError as error:
        raise Invalid({field: f"{error} For example: {EXAMPLES}."}) from None


def _pieces(text: str) -> list[str]:
    plain = re.sub(r"[ \t]+", " ", text.lower().replace("–", "-").replace("—", "-").replace("’", "'"))
    plain = _ISO.sub(lambda found: f"{int(found[3])} {_MONTHS[int(found[2]) - 1]} {found[1]}", plain)
    plain = re.sub(rf"\b({_WEEKDAY}),\s*(?=\d)", r"\1 ", plain)  # "Tuesday, 3 March" is one date
    return [
        _LEAD.sub("", piece.strip(" .")) for piece in re.split(r"[;,\n]|\band\b", plain) if piece.strip(" .")
    ]


def _spans(piece: str, today: date, zone: ZoneInfo) -> list[Span]:
    tail = _TAIL.match(piece)
    days_text, hours_text = (tail["days"] or "", tail["hours"]) if tail else (piece, "")
    first, last = _days(days_text.strip(), today)
    if last < today:
        raise ValueError(f"{_said(last)} has passed.")
    if (last - today).days > FURTHEST:
        raise ValueError(f"{_said(last)} is too far off.")
    if last < first:
        raise ValueError(f"“{piece}” ends before it starts.")
    if (last - first).days >= LONGEST:
        raise ValueError(f"“{piece}” is longer than {LONGEST} days; ask the coordinator to record leave.")
    if not hours_text or hours_text == "all day":
        return [whole_days(first, last, zone)]
    if first != last and not hours_text.endswith("s"):
        raise ValueError(
            f"“{piece}” has two readings: write mornings, afternoons or evenings, or day by day."
        )
    start, end = _hours(hours_text)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        Span(
            at_local(day, start, zone),
            at_local(day, end, zone) if end else at_local(day + timedelta(days=1), time(), zone),
        )
        for day in days
    ]


def _days(text: str, today: date) -> tuple[date, date]:
    if text == "next week":
        monday = today + timedelta(days=7 - today.weekday())
        return monday, monday + timedelta(days=6)
    ends = re.split(_TO, text)
    if len(ends) == 1:
        day = _day(text, today)
        return day, day
    if len(ends) > 2 or _BARE_HOURS.search(text):
        raise ValueError(f"“{text}” is not clear to me: write times as 14:00-16:00.")
    if all(_NAMED.fullmatch(end) for end in ends):
        first = _day(ends[0], today)
        return first, first + timedelta(days=(_weekday(ends[1].split()[-1]) - first.weekday()) % 7)
    last = _day(ends[1], today)
    return _day(ends[0], today, last), last


def _day(text: str, today: date, last: date | None = None) -> date:
    """One date; the first of a range (`3-7 March`) may lean on the month of the last."""
    if text in ("today", "tomorrow"):
        return today + timedelta(days=text == "tomorrow")
    if found := _NAMED.fullmatch(text):
        return _named(found["which"], _weekday(found["weekday"]), today)
    found = _DATE.fullmatch(text)
    if not found and "/" in text:
        raise ValueError(f"“{text}” is not clear to me: write the month as a word.")
    if not found:
        raise ValueError(f"“{text}” is not a time I can read." if text else "Say which day.")
    if found["month"] is None and last is None:
        raise ValueError(f"“{text}” names no month.")
    day = _dated(found, today, last)
    if found["weekday"] and _weekday(found["weekday"]) != day.weekday():
        raise ValueError(f"{day.day} {day:%B %Y} is a {day:%A}.")
    return day


def _weekday(word: str) -> int:
    return _WEEKDAYS.index(word[:3])


def _named(which: str | None, weekday: int, today: date) -> date:
    coming = today + timedelta(days=(weekday - today.weekday()) % 7)
    later = coming + timedelta(days=7)
    name = f"{coming:%A}"
    if which is None and coming == today:
        raise ValueError(f"Today is {name}: say “today”, or give the date.")
    if which == "this" and coming.isocalendar().week != today.isocalendar().week:
        raise ValueError(f"“this {name}” has passed; the next one is {_said(coming)}.")
    if which != "next":
        return coming
    if coming == today:
        return later
    if coming.isocalendar().week == today.isocalendar().week:
        raise ValueError(f"“next {name}” could be {_said(coming)} or {_said(later)}: give the date.")
    return coming


def _dated(found: re.Match[str], today: date, last: date | None) -> date:
    number = int(found["day"])
    if found["month"] is None and last is not None:
        return _real(last.year, last.month, number)
    month = _MONTHS.index(found["month"][:3]) + 1
    if found["year"]:
        return _real(int(found["year"]), month, number)
    day = _real(today.year, month, number)
    if day >= today:
        if (day - today).days > AHEAD:
            raise ValueError(f"{_said(day)} is far off: add the year.")
        return day
    coming = _real(today.year + 1, month, number)
    if (coming - today).days > AHEAD:
        raise ValueError(
            f"{number} {_said(day).split(' ', 2)[2]} has passed: add the year if you mean the next."
        )
    return coming


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"There is no {day}.{month}.{year} in the calendar.") from None


def _hours(text: str) -> tuple[time, time | None]:
    if text in _PARTS:
        return _PARTS[text]
    if found := _OPEN.fullmatch(text):
        at = _clock(found["at"])
        if found["side"] in ("from", "after"):
            return at, None
        if at == time(0):
            raise ValueError("Nothing of the day lies before midnight.")
        return time(0), at
    found = _HOURS.fullmatch(text)
    if not found:
        raise ValueError(f"“{text}” is not clear to me: write times as 14:00-16:00.")
    start, end = _clock(found["start"]), _clock(found["end"])
    if start >= end:
        raise ValueError(f"“{text}” ends before it starts.")
    return start, end


def _clock(text: str) -> time:
    plain = text.replace(".", ":").replace(" ", "")
    half = plain[-2:] if plain.endswith("m") else ""
    hour, _, minute = plain.removesuffix(half).partition(":")
    number = int(hour)
    if half and not 1 <= number <= 12:
        raise ValueError(f"“{text}” is not a time of day.")
    if half:
        number = number % 12 + (12 if half == "pm" else 0)
    if number > 23 or int(minute or 0) > 59:
        raise ValueError(f"“{text}” is not a time of day.")
    return time(number, int(minute or 0))


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
