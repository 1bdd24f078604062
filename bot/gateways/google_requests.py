"""What is asked of Google's Calendar API, as plain JSON; the words are checked against Google's own description."""

import hashlib
import json
from base64 import b32hexencode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.domain.spans import Span
from bot.domain.workdays import LONDON
from bot.gateways.booking import Answer, Booked, Booking
from bot.gateways.google_line import Request
from bot.gateways.google_sign_in import EVENTS, FREE_BUSY

Json = dict[str, Any]

OF_AN_EVENT = (
    "id,status,start,end,location,attendees(email,resource,responseStatus),"
    "hangoutLink,conferenceData(createRequest(status),entryPoints(entryPointType,uri))"
)
"""What is read of an event: neither its subject nor its text, nor a guest's name or comment."""

TOLD = {"sendUpdates": "all"}
WITH_MEET = {"conferenceDataVersion": "1"}
PAGE = 250


def event_id(key: str) -> str:
    """The id of the event of a booking, in the characters that Google takes (base32hex, lower case).

    A hash, since it is also the invitation's UID, which every guest can read.
    """
    return b32hexencode(hashlib.sha256(key.encode()).digest()).decode().rstrip("=").lower()


class GoogleRequests:
    """The requests about one user's own calendar, which holds every meeting."""

    def __init__(self, mailbox: str) -> None:
        self._events = f"/calendars/{_step(mailbox)}/events"

    def free_busy(self, addresses: Sequence[str], window: Span) -> Request:
        """When these people are taken."""
        asked = {
            "timeMin": _in_utc(window.start),
            "timeMax": _in_utc(window.end),
            "timeZone": "UTC",
            "calendarExpansionMax": len(addresses),
            "items": [{"id": address} for address in addresses],
        }
        return Request(scope=FREE_BUSY, method="POST", path="/freeBusy", body=_body(asked))

    def create(self, booking: Booking) -> Request:
        """A new event; refused with 409 where there is one for the same key."""
        event: Json = {
            "id": event_id(booking.key),
            "summary": booking.subject,
            "description": booking.sentence,
            "start": _in_london(booking.start),
            "end": _in_london(booking.end),
            "attendees": _attendees(booking),
            "visibility": "private",
            "guestsCanSeeOtherGuests": False,  # who is invited can tell who it is about
            "guestsCanInviteOthers": False,
        }
        if booking.online:
            kind = {"conferenceSolutionKey": {"type": "hangoutsMeet"}}
            event["conferenceData"] = {"createRequest": {"requestId": event_id(booking.key), **kind}}
        if booking.place:
            event["location"] = booking.place
        query = {**TOLD, **WITH_MEET, "fields": OF_AN_EVENT}
        return Request(scope=EVENTS, method="POST", path=self._events, query=query, body=_body(event))

    def change(self, stands: Booked, booking: Booking, *, times: bool, guests: bool, place: bool) -> Request:
        """Another time, other guests, another place; nothing else of the event is written. A room is a guest too."""
        said: Json = {}
        if times:
            said |= {"start": _in_london(booking.start), "end": _in_london(booking.end)}
        if guests or place:
            said["attendees"] = _attendees(booking, () if times else stands.answers)
        if place:
            said["location"] = booking.place
        query = {**TOLD, **WITH_MEET, "fields": OF_AN_EVENT}
        return Request(scope=EVENTS, method="PATCH", path=self._one(stands.id), query=query, body=_body(said))

    def cancel(self, id: str) -> Request:
        """Take an event back, telling everybody who was asked; Google has no place for a word about why."""
        return Request(scope=EVENTS, method="DELETE", path=self._one(id), query=dict(TOLD))

    def event(self, id: str) -> Request:
        """An event as it is now."""
        return Request(scope=EVENTS, method="GET", path=self._one(id), query={"fields": OF_AN_EVENT})

    def any_event(self) -> Request:
        """Whether there are events at all; not even an id is read."""
        return Request(
            scope=EVENTS, method="GET", path=self._events, query={"maxResults": "1", "fields": "kind"}
        )

    def changes(self, since: str, page: str) -> Request:
        """What has changed since a token of an earlier list, or everything; the first page, or a later one."""
        query = {
            "maxResults": str(PAGE),
            "showDeleted": "true",
            "fields": f"nextPageToken,nextSyncToken,items({OF_AN_EVENT})",
        }
        if since:
            query["syncToken"] = since
        if page:
            query["pageToken"] = page
        return Request(scope=EVENTS, method="GET", path=self._events, query=query)

    def listen(self, address: str, secret: str, until: datetime, *, id: str) -> Request:
        """Have changes told to an address of ours."""
        channel = {
            "id": id,
            "type": "web_hook",
            "address": address,
            "token": secret,
            "expiration": str(round(until.timestamp() * 1_000)),
        }
        return Request(scope=EVENTS, method="POST", path=f"{self._events}/watch", body=_body(channel))

    def stop_listening(self, id: str, resource: str) -> Request:
        """Have them told no more."""
        channel = {"id": id, "resourceId": resource}
        return Request(scope=EVENTS, method="POST", path="/channels/stop", body=_body(channel))

    def _one(self, id: str) -> str:
        return f"{self._events}/{_step(id)}"


def _attendees(booking: Booking, answers: Iterable[Answer] = ()) -> list[Json]:
    """Everybody who is asked; whoever is written without their answer is asked again."""
    said = {each.address.casefold(): each.reply for each in answers if each.reply is not None}
    invited: list[Json] = []
    for each in booking.guests:
        reply = said.get(each.address.casefold())
        kept = {"responseStatus": reply} if reply is not None else {}
        invited.append({"email": each.address, "optional": not each.required, **kept})
    if booking.room:
        invited.append({"email": booking.room, "resource": True})
    return invited


def _body(what: Json) -> bytes:
    return json.dumps(what).encode()


def _step(text: str) -> str:
    """A text as one step of a path, whatever stands in it."""
    return quote(text, safe="@")


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _in_london(moment: datetime) -> Json:
    """As people there will read it; the mail that Google sends to others names the zone."""
    local = moment.astimezone(LONDON)
    return {"dateTime": local.isoformat(timespec="seconds"), "timeZone": "Europe/London"}
