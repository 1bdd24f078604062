"""What the calendar part of a reply says (RFC 5545, 5546), and none of the rest.

Comments, subjects, places and whatever else people write are dropped before anything is read. So are the definitions of
zones: one with a rule that repeats every second since 1601 would otherwise be counted out.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from bot.domain.replies import Answer, Said
from bot.domain.spans import Span
from bot.handlers.mail.no_reply import NoReply, Why

MOST_BYTES = 64 * 1024
MOST_LINES = 60
LONGEST_LINE = 2_000  # bytes
FARTHEST = timedelta(days=2 * 366)
"""Further away no meeting is proposed; what says so was not meant."""

_KEPT = re.compile(
    rb"(BEGIN|END|METHOD|UID|SEQUENCE|DTSTAMP|DTSTART|DTEND|DURATION|ATTENDEE|RECURRENCE-ID)(?=[;:])",
    re.IGNORECASE,
)
_OURS = (b"VCALENDAR", b"VEVENT")
_SAID = {
    "ACCEPTED": Said.ACCEPTED,
    "DECLINED": Said.DECLINED,
    "TENTATIVE": Said.TENTATIVE,
    "DELEGATED": Said.DELEGATED,
}


def read_answer(ics: bytes, method: str = "") -> Answer:
    """The answer in a calendar object; `method` as the mail's header names it, if it does. Raises NoReply and why."""
    if len(ics) > MOST_BYTES:
        raise NoReply(Why.TOO_BIG)
    try:
        calendar = Calendar.from_ical(_essential(ics))
        events = calendar.walk("VEVENT")
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise NoReply(Why.UNREADABLE) from error
    inside = str(calendar.get("METHOD", "")).upper()
    if method and method.upper() != inside:
        raise NoReply(Why.UNREADABLE)
    if inside not in ("REPLY", "COUNTER"):
        raise NoReply(Why.NO_ANSWER)
    if len(events) != 1 or any(isinstance(value, list) for value in events[0].values()):
        raise NoReply(Why.SEVERAL)
    return _answer(events[0], inside)


def _essential(ics: bytes) -> bytes:
    """The few lines that are read, unfolded; nothing of any part within the event."""
    kept: list[bytes] = []
    within: list[bytes] = []
    for line in re.sub(rb"\r?\n[ \t]", b"", ics).splitlines():
        found = _KEPT.match(line)
        name = found[1].upper() if found else b""
        part = line.partition(b":")[2].strip().upper() if name in (b"BEGIN", b"END") else b""
        if name == b"BEGIN":
            within.append(part)
        ours = len(within) <= len(_OURS) and all(each in _OURS for each in within)
        if name and ours and b"TZID=/" not in line:  # whose zone that is only its vendor knows
            kept.append(line)
        if name == b"END" and (not within or within.pop() != part):
            raise NoReply(Why.UNREADABLE)
    if within or len(kept) > MOST_LINES or any(len(line) > LONGEST_LINE for line in kept):
        raise NoReply(Why.UNREADABLE)
    return b"\r\n".join(kept) + b"\r\n"


def _answer(event: Any, method: str) -> Answer:
    if "RECURRENCE-ID" in event:
        raise NoReply(Why.SEVERAL)
    attendee, stamp, sequence = event.get("ATTENDEE"), _moment(event, "DTSTAMP"), event.get("SEQUENCE", 0)
    if attendee is None or stamp is None or not isinstance(sequence, int) or not event.get("UID"):
        raise NoReply(Why.UNREADABLE)
    counter = method == "COUNTER"
    said = Said.COUNTER if counter else _SAID.get(str(attendee.params.get("PARTSTAT", "")).upper())
    if said is None:
        raise NoReply(Why.NO_ANSWER)
    return Answer(
        said=said,
        uid=str(event["UID"]),
        sequence=int(sequence),
        attendee=_address(attendee),
        stamp=stamp,
        sent_by=_address(attendee.params.get("SENT-BY", "")),
        proposed=_proposed(event, stamp) if counter else None,
    )


def _address(value: object) -> str:
    return re.sub(r"^mailto:", "", str(value).strip().lower())


def _moment(event: Any, name: str) -> datetime | None:
    """The time in UTC; None for a day, a time of no zone, and a zone by a name that nobody here knows."""
    found = getattr(event.get(name), "dt", None)
    try:
        return found.astimezone(UTC) if isinstance(found, datetime) and found.tzinfo else None
    except OverflowError:  # at either end of the calendar
        return None


def _proposed(event: Any, stamp: datetime) -> Span | None:
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    lasting = getattr(event.get("DURATION"), "dt", None)
    if start is None or abs(start - stamp) > FARTHEST:
        return None
    if end is None and isinstance(lasting, timedelta) and abs(lasting) < FARTHEST:
        end = start + lasting
    return Span(start, end) if end is not None and start < end < start + FARTHEST else None
