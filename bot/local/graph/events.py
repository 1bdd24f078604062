"""What the stand-in does with the organiser's events: made once for each transaction, moved, taken back."""

import secrets
from typing import Any

from bot.domain.spans import Span
from bot.local.graph import moments
from bot.local.graph.refusals import GraphRefuses
from bot.local.graph.world import Event, GraphWorld

Json = dict[str, Any]


class Events:
    """The events of one mailbox."""

    def __init__(self, world: GraphWorld) -> None:
        self.world = world

    def create(self, said: Json) -> Event:
        """A new event; for a transaction that was seen before, the one that it made."""
        span = _span(said)
        key = said.get("transactionId")
        for event in self.world.events.values():
            if key and event.said.get("transactionId") == key:
                return event
        for guest in said.get("attendees") or []:
            if not (guest.get("emailAddress") or {}).get("address"):
                raise GraphRefuses(400, "ErrorInvalidRecipients")
        made = Event(id=f"AAkALg{secrets.token_urlsafe(24)}=", said=dict(said), span=span)
        if said.get("isOnlineMeeting") and self.world.link_after is not None:
            made.link = f"https://teams.microsoft.com/l/meetup-join/{secrets.token_urlsafe(16)}"
        self.world.events[made.id] = made
        self.world.keep.put(made)
        self.world.tell(made, "invited")
        return made

    def change(self, id: str, said: Json) -> Event:
        """Another time, place or set of guests; a new time asks everybody again."""
        event = self.world.find(id)
        if "transactionId" in said and said["transactionId"] != event.said.get("transactionId"):
            raise GraphRefuses(400, "ErrorInvalidPropertySet", why="transactionId cannot be changed")
        after = {**event.said, **said}
        span, before = _span(after), set(event.guests)
        moved = span != event.span
        event.said, event.span = after, span
        if moved:
            event.sequence += 1
            event.answers.clear()
            event.answered_at.clear()
        stay = [guest for guest in event.guests if guest in before]
        if moved:
            self.world.tell(event, "moved", stay)
        self.world.tell(event, "invited", [guest for guest in event.guests if guest not in before])
        gone = sorted(before - set(event.guests))
        self.world.tell(event, "cancelled", gone)
        for guest in gone:
            event.answers.pop(guest.casefold(), None)
            event.answered_at.pop(guest.casefold(), None)
        self.world.changed(event)
        return event

    def cancel(self, id: str) -> None:
        """Take it back; it is with the deleted items then, where nobody looks."""
        event = self.world.find(id)
        event.sequence += 1
        self.world.tell(event, "cancelled")
        self.world.remove(event)

    def told(self, event: Event, zone: str) -> Json:
        """An event as Graph tells it."""
        shown = {name: value for name, value in event.said.items() if not name.startswith("@")}
        shown |= {
            "@odata.etag": f'W/"{len(event.answers)}"',
            "id": event.id,
            "start": moments.told(event.span.start, zone),
            "end": moments.told(event.span.end, zone),
            "isCancelled": False,
            "isOrganizer": True,
            "organizer": {"emailAddress": {"address": self.world.organiser, "name": "Convenor"}},
            "attendees": [
                {**guest, "status": _status(event, guest["emailAddress"]["address"])}
                for guest in event.said.get("attendees") or []
            ],
            "isOnlineMeeting": bool(event.said.get("isOnlineMeeting")),
            "onlineMeetingProvider": "teamsForBusiness" if event.link else "unknown",
        }
        if (link := self._link(event)) is not None:
            shown["onlineMeeting"] = {"joinUrl": link}
        return shown

    def _link(self, event: Event) -> str | None:
        """Teams makes it a while after the event: not at the first `link_after` looks."""
        event.asked_for_link += 1
        ready = self.world.link_after is not None and event.asked_for_link > self.world.link_after
        return event.link if event.link and ready else None


def _span(said: Json) -> Span:
    start, end = moments.read(said.get("start")), moments.read(said.get("end"))
    if start >= end:
        raise GraphRefuses(400, "ErrorCalendarEndDateIsEarlierThanStartDate")
    return Span(start, end)


def _status(event: Event, address: str) -> Json:
    at = event.answered_at.get(address.casefold())
    time = f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "0001-01-01T00:00:00Z"
    return {"response": event.answers.get(address.casefold(), "none"), "time": time}
