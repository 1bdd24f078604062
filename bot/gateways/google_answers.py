"""Google's JSON read into our own values; whatever nobody needs to know is dropped here (calendar.md section 7)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bot.domain.diary import Diary, Unreadable
from bot.domain.entries import Channel
from bot.domain.spans import Span, merged, within
from bot.domain.workdays import LONDON
from bot.gateways.booking import Answer, Booked, Reply

Json = dict[str, Any]

REPLIES: dict[str, Reply] = {"accepted": "accepted", "tentative": "tentative", "declined": "declined"}
CANCELLED = "cancelled"
_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What has changed in the organiser's calendar, by the event's id; None for one that was taken back.

    `unread` are events that changed into something that makes no sense to us: each may be read by itself. With `whole`
    this is a list of everything, and what is not in it is gone. `token` is for the next time.
    """

    events: Mapping[str, Booked | None]
    unread: tuple[str, ...]
    whole: bool
    token: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list: `more` is the token of the next one, `token` that of the list, on its last page."""

    items: list[Json]
    more: str
    token: str


def diaries(answer: Json, asked: Sequence[str], window: Span) -> dict[str, Diary | Unreadable]:
    """What was said of each who was asked about; of whom nothing was said, that is *unreadable* too."""
    calendars = answer.get("calendars")
    said = (
        {str(name).casefold(): each for name, each in calendars.items()}
        if isinstance(calendars, dict)
        else {}
    )
    found: dict[str, Diary | Unreadable] = {}
    for address in asked:
        about = said.get(address.casefold())
        found[address] = Unreadable(reason="not_in_the_answer") if about is None else _diary(about, window)
    return found


def event(answer: Json) -> Booked:
    """An event. Raises ValueError, KeyError or TypeError for what is none."""
    return Booked(
        id=str(answer["id"]),
        start=_moment(answer["start"]),
        end=_moment(answer["end"]),
        link=_link(answer),
        cancelled=answer.get("status") == CANCELLED,
        answers=tuple(_answers(_list(answer, "attendees"))),
        place=str(answer.get("location") or ""),
    )


def is_cancelled(answer: Json) -> bool:
    """Whether it was taken back, here or by somebody in their calendar; Google keeps its id."""
    return answer.get("status") == CANCELLED


def page(answer: Json) -> Page:
    """A page of a list, with a way to go on or the token to begin from the next time. ValueError without either,
    and KeyError for an item without an id.
    """
    more, token = answer.get("nextPageToken"), answer.get("nextSyncToken")
    if not isinstance(more or token, str):
        raise ValueError("a list that neither ends nor goes on")
    items = _list(answer, "items")
    return Page(items=[{**each, "id": str(each["id"])} for each in items], more=more or "", token=token or "")


def changed(items: Iterable[Json], *, whole: bool, token: str) -> Changes:
    """All pages of a list as one; the last word on an event counts."""
    events: dict[str, Booked | None] = {}
    unread: dict[str, None] = {}
    for each in items:
        id: str = each["id"]
        unread.pop(id, None)
        try:
            events[id] = None if is_cancelled(each) else event(each)
        except (KeyError, TypeError, ValueError, AttributeError):
            events.pop(id, None)
            unread[id] = None
    return Changes(events=events, unread=tuple(unread), whole=whole, token=token)


def channel(answer: Json, secret: str) -> Channel:
    """A channel as Google opened it. Raises KeyError or ValueError for what is none."""
    ends = datetime.fromtimestamp(int(answer["expiration"]) / 1_000, UTC)
    return Channel(id=str(answer["id"]), secret=secret, expires_at=ends, resource=str(answer["resourceId"]))


def _diary(about: Any, window: Span) -> Diary | Unreadable:
    """Google tells no kinds of time: what is there is taken, whether its owner has agreed to it or not."""
    if not isinstance(about, dict):
        return Unreadable(reason="no_entries")
    if errors := about.get("errors"):
        first = errors[0] if isinstance(errors, list) else None
        code = first.get("reason") if isinstance(first, dict) else None
        return Unreadable(reason=code if isinstance(code, str) and _CODE.fullmatch(code) else "no_reason")
    entries = about.get("busy")
    if not isinstance(entries, list):
        return Unreadable(reason="no_entries")
    try:
        spans = [span for each in entries if (span := _span(each)) is not None]
    except (KeyError, TypeError, ValueError, AttributeError):
        return Unreadable(reason="unreadable_entry")
    return Diary(busy=within(merged(spans), window))


def _span(entry: Json) -> Span | None:
    """None for an entry of no length, which takes nobody's time."""
    start, end = _aware(entry["start"]), _aware(entry["end"])
    return None if start == end else Span(start, end)


def _link(answer: Json) -> str:
    """Meet's address; "" while Google is still making it, and for an event that has none."""
    for entry in _list(answer.get("conferenceData") or {}, "entryPoints"):
        if entry.get("entryPointType") == "video" and isinstance(entry.get("uri"), str):
            return str(entry["uri"])
    link = answer.get("hangoutLink")
    return link if isinstance(link, str) else ""


def _answers(attendees: Iterable[Json]) -> Iterable[Answer]:
    for each in attendees:
        if not each.get("resource"):
            reply = REPLIES.get(each.get("responseStatus") or "")
            yield Answer(address=str(each["email"]), reply=reply, at=None)  # Google does not say when


def _moment(said: Json) -> datetime:
    """A time, or the beginning of a day in London: somebody may have made a whole day of it in their calendar."""
    if "dateTime" in said:
        return _aware(said["dateTime"])
    day = date.fromisoformat(str(said["date"]))
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _aware(said: Any) -> datetime:
    """ValueError for a time that names no zone."""
    moment = datetime.fromisoformat(str(said))
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)


def _list(answer: Json, name: str) -> list[Json]:
    found = answer.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
