"""Graph's JSON read into our own values; whatever nobody needs to know is dropped here (calendar.md section 7)."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.diary import Diary, Unreadable
from bot.domain.entries import Channel
from bot.domain.spans import Span, merged, within
from bot.gateways.booking import Answer, Booked, Reply, Room

Json = dict[str, Any]

REPLIES: dict[str, Reply] = {
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
}
FREE = {"free", "workingElsewhere"}
PERHAPS = {"tentative", "unknown"}

ENTRIES_AT_MOST = 1_000
"""From here on Graph may leave entries out, so that what looks free may not be."""

_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")


def diaries(answer: Json, asked: Sequence[str], window: Span) -> dict[str, Diary | Unreadable]:
    """What was said of each who was asked about; of whom nothing was said, that is *unreadable* too."""
    said = {str(each.get("scheduleId", "")).casefold(): each for each in _list(answer, "value")}
    found: dict[str, Diary | Unreadable] = {}
    for address in asked:
        about = said.get(address.casefold())
        found[address] = Unreadable(reason="not_in_the_answer") if about is None else _diary(about, window)
    return found


def event(answer: Json) -> Booked:
    """An event. Raises ValueError, KeyError or TypeError for what is none."""
    link = (answer.get("onlineMeeting") or {}).get("joinUrl")
    return Booked(
        id=str(answer["id"]),
        start=_moment(answer["start"]),
        end=_moment(answer["end"]),
        link=link if isinstance(link, str) else "",
        cancelled=bool(answer.get("isCancelled")),
        answers=tuple(_answers(_list(answer, "attendees"))),
        place=str((answer.get("location") or {}).get("displayName") or ""),
    )


def channel(answer: Json, secret: str) -> Channel:
    """A subscription. Raises KeyError or ValueError for what is none."""
    ends = datetime.fromisoformat(str(answer["expirationDateTime"]))
    return Channel(id=str(answer["id"]), secret=secret, expires_at=ends.astimezone(UTC))


def rooms(answer: Json) -> list[Room]:
    """The rooms of one page; one without an address cannot be booked and is left out."""
    return [
        Room(
            address=str(each["emailAddress"]),
            name=str(each.get("displayName") or ""),
            seats=each.get("capacity"),
            wheelchair=each.get("isWheelChairAccessible"),
        )
        for each in _list(answer, "value")
        if each.get("emailAddress")
    ]


def _diary(about: Json, window: Span) -> Diary | Unreadable:
    if error := about.get("error"):
        code = error.get("responseCode") if isinstance(error, dict) else None
        return Unreadable(reason=code if isinstance(code, str) and _CODE.fullmatch(code) else "no_reason")
    entries = about.get("scheduleItems")
    if not isinstance(entries, list):
        return Unreadable(reason="no_entries")
    if len(entries) >= ENTRIES_AT_MOST:
        return Unreadable(reason="too_many_entries")
    busy: list[Span] = []
    tentative: list[Span] = []
    try:
        for each in entries:
            if each["status"] not in FREE and (span := _span(each)) is not None:
                (tentative if each["status"] in PERHAPS else busy).append(span)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Unreadable(reason="unreadable_entry")
    return Diary(busy=within(merged(busy), window), tentative=within(merged(tentative), window))


def _span(entry: Json) -> Span | None:
    """None for an entry of no length, which takes nobody's time."""
    start, end = _moment(entry["start"]), _moment(entry["end"])
    return None if start == end else Span(start, end)


def _answers(attendees: Iterable[Json]) -> Iterable[Answer]:
    for each in attendees:
        if each.get("type") == "resource":
            continue
        status = each.get("status") or {}
        reply = REPLIES.get(status.get("response") or "")
        at = datetime.fromisoformat(status["time"]) if reply and status.get("time") else None
        yield Answer(address=str(each["emailAddress"]["address"]), reply=reply, at=at)


def _moment(said: Json) -> datetime:
    """A wall-clock time and its zone as the instant that it is. ValueError for a zone that nobody knows."""
    zone = str(said["timeZone"])
    try:
        where = UTC if zone == "UTC" else ZoneInfo(zone)
    except (KeyError, OSError):  # no such zone: KeyError is ZoneInfoNotFoundError's
        raise ValueError("a time in a zone that nobody knows") from None
    local = datetime.fromisoformat(str(said["dateTime"]))
    return local.replace(tzinfo=where).astimezone(UTC)


def _list(answer: Json, name: str) -> list[Json]:
    found = answer.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
