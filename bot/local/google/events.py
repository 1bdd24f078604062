"""What the stand-in does with the organiser's events: made once for each id, moved, taken back, listed by pages."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from bot.domain.spans import Span
from bot.local.google import moments
from bot.local.google.refusals import GoogleRefuses
from bot.local.google.world import Event, GoogleWorld

Json = dict[str, Any]

ID = re.compile(r"[a-v0-9]{5,1024}")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
ON_A_PAGE = 2
"""However many are asked for, so that everybody has to turn pages."""

NOT_WITH_A_TOKEN = {
    *("iCalUID", "orderBy", "privateExtendedProperty", "q", "sharedExtendedProperty"),
    *("timeMax", "timeMin", "updatedMin"),
}


class Events:
    """The events of one calendar."""

    def __init__(self, world: GoogleWorld) -> None:
        self.world = world

    def insert(self, said: Json, query: Mapping[str, str]) -> Event:
        """A new event; refused where there is, or ever was, one of that id."""
        id = said.get("id") or secrets.token_hex(13)
        if not isinstance(id, str) or not ID.fullmatch(id):
            raise GoogleRefuses(400, "invalid", why="Invalid resource id value.")
        if id in self.world.events:
            raise GoogleRefuses(409, "duplicate", why="The requested identifier already exists.")
        _guests_of(said)
        made = Event(id=id, said=dict(said), span=_span(said), changed=0)
        asked_for = (said.get("conferenceData") or {}).get("createRequest") or {}
        made.has_meet = query.get("conferenceDataVersion") == "1" and bool(asked_for.get("requestId"))
        self.world.events[id] = made
        self._changed(made, query, "invited")
        return made

    def patch(self, id: str, said: Json, query: Mapping[str, str]) -> Event:
        """Another time, place or set of guests; a new time asks everybody again."""
        event = self.world.find(id)
        if event.cancelled:
            raise GoogleRefuses(403, "forbidden", why="Forbidden")
        after = {**event.said, **said}
        _guests_of(after)
        span = _span(after)
        moved = span != event.span
        if moved:
            event.answers.clear()
            event.comments.clear()
            event.sequence += 1
        if moved or after != event.said:
            if "attendees" in said:
                event.answers = {
                    each["email"].casefold(): each["responseStatus"]
                    for each in said["attendees"]
                    if each.get("responseStatus", "needsAction") != "needsAction"
                }
            event.said, event.span = after, span
            self._changed(event, query, "moved" if moved else "changed")
        return event

    def delete(self, id: str, query: Mapping[str, str]) -> None:
        """Take it back; its id stays, and so does what it said."""
        event = self.world.find(id)
        if event.cancelled:
            raise GoogleRefuses(410, "deleted", why="Resource has been deleted")
        event.cancelled = True
        self._changed(event, query, "cancelled")

    def list(self, query: Mapping[str, str]) -> Json:
        """A page of what changed since a token, or of everything."""
        since, upto, begin = self._where(query)
        deleted = "syncToken" in query or query.get("showDeleted") == "true"
        found = [
            event
            for event in sorted(self.world.events.values(), key=lambda each: each.changed)
            if since < event.changed <= upto and (deleted or not event.cancelled)
        ]
        wanted = min(int(query.get("maxResults", "250")), ON_A_PAGE)
        shown: Json = {
            "kind": "calendar#events",
            "summary": self.world.organiser,
            "timeZone": "Europe/London",
            "accessRole": "owner",
            "items": [self.told(event) for event in found[begin : begin + wanted]],
        }
        if begin + wanted < len(found):
            return shown | {"nextPageToken": f"{since}.{upto}.{begin + wanted}"}
        return shown | {"nextSyncToken": f"since-{upto}"}

    def told(self, event: Event) -> Json:
        """An event as Google tells it."""
        owner = {"email": self.world.organiser, "self": True}
        shown = {name: value for name, value in event.said.items() if name != "conferenceData"}
        shown |= {
            "kind": "calendar#event",
            "etag": f'"{event.changed}"',
            "id": event.id,
            "iCalUID": f"{event.id}@google.com",
            "status": "cancelled" if event.cancelled else "confirmed",
            "creator": owner,
            "organizer": owner,
            "sequence": event.sequence,
            "eventType": "default",
            "attendees": [_guest(event, each) for each in event.said.get("attendees") or []],
        }
        return {**shown, **self._meet(event)} if event.has_meet else shown

    def _meet(self, event: Event) -> Json:
        """Google makes it a while after the event: not at the first `link_after` looks."""
        event.looks += 1
        ready = self.world.link_after is not None and event.looks > self.world.link_after
        request = {
            **event.said["conferenceData"]["createRequest"],
            "status": {"statusCode": "success" if ready else "pending"},
        }
        if not ready:
            return {"conferenceData": {"createRequest": request}}
        code = f"{event.id[:3]}-{event.id[3:7]}-{event.id[7:10]}"
        link = f"https://meet.google.com/{code}"
        made = {
            "createRequest": request,
            "conferenceId": code,
            "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
            "entryPoints": [
                {"entryPointType": "phone", "uri": "tel:+44-20-7946-0000", "pin": "0000"},
                {"entryPointType": "video", "uri": link, "label": link.removeprefix("https://")},
            ],
        }
        return {"conferenceData": made, "hangoutLink": link}

    def _where(self, query: Mapping[str, str]) -> tuple[int, int, int]:
        """From which change, up to which, and from which place of the list."""
        token, page = query.get("syncToken", ""), query.get("pageToken", "")
        if token and NOT_WITH_A_TOKEN & set(query):
            raise GoogleRefuses(400, "badRequest", why="Bad Request")
        if token and query.get("showDeleted") == "false":
            raise GoogleRefuses(400, "badRequest", why="Bad Request")
        number = token.removeprefix("since-")
        if token and (not number.isdecimal() or int(number) < self.world.forgotten):
            raise GoogleRefuses(
                410, "fullSyncRequired", why="Sync token is no longer valid, a full sync is required."
            )
        if page:
            parts = page.split(".")
            if len(parts) != 3 or not all(part.isdecimal() for part in parts):
                raise GoogleRefuses(400, "invalid", why="Invalid page token value.")
            return int(parts[0]), int(parts[1]), int(parts[2])
        return int(number) if token else 0, self.world.serial, 0

    def _changed(self, event: Event, query: Mapping[str, str], what: str) -> None:
        how = query.get("sendUpdates", "none")
        if how not in ("all", "externalOnly", "none"):
            raise GoogleRefuses(400, "invalid", why="sendUpdates")
        if how == "all":
            self.world.tell(event, what)
        self.world.touch(event)


def _span(said: Json) -> Span:
    start, end = moments.read(said.get("start")), moments.read(said.get("end"))
    if start >= end:
        raise GoogleRefuses(400, "timeRangeEmpty", why="The specified time range is empty.")
    return Span(start, end)


def _guests_of(said: Json) -> None:
    for guest in said.get("attendees") or []:
        if not ADDRESS.fullmatch(str(guest.get("email") or "")):
            raise GoogleRefuses(400, "invalid", why="Invalid attendee email.")


def _guest(event: Event, said: Json) -> Json:
    person = said["email"].casefold()
    shown = {**said, "responseStatus": event.answers.get(person, "needsAction")}
    comment = event.comments.get(person)
    return {**shown, "comment": comment} if comment else shown
