"""The mail of the organiser's calendar: invitations to each guest by themselves, and the replies that come back."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from typing import cast

from icalendar import Calendar

from bot.local.graph.world import Event, GraphWorld
from bot.local.itip import invitation_from
from bot.local.letters import Letters

RESPONSES = {"ACCEPTED": "accepted", "TENTATIVE": "tentativelyAccepted", "DECLINED": "declined"}


class Post:
    """Puts what the calendar sends into people's inboxes, and takes what they answer to the organiser's mailbox."""

    def __init__(self, world: GraphWorld, letters: Letters) -> None:
        self.world, self.letters = world, letters
        world.on_post = self.deliver

    def deliver(self, what: str, event: Event, guest: str) -> None:
        """One mail to one guest, who is shown nobody else (the event hides its guests)."""
        if self.letters.has(guest):
            self.letters.arrive(guest, self._mail(what, event, guest))

    def _mail(self, what: str, event: Event, guest: str) -> EmailMessage:
        return invitation_from(
            self.world.organiser,
            guest,
            method="CANCEL" if what == "cancelled" else "REQUEST",
            uid=event.id,
            sequence=event.sequence,
            summary=str(event.said.get("subject", "")),
            text=_text(event),
            times=(event.span.start, event.span.end),
            at=self.world.clock(),
            place=str((event.said.get("location") or {}).get("displayName", "")),
        )

    def takes(self, address: str) -> bool:
        """Whether this is the organiser's mailbox."""
        return address.casefold() == self.world.organiser.casefold()

    async def carry(self, raw: bytes) -> bool:
        """Take a reply; whatever else is sent there lies in a mailbox that nobody reads here."""
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                self._answered(Calendar.from_ical(cast(bytes, part.get_payload(decode=True))))
        return True

    def _answered(self, calendar: Calendar) -> None:
        for reply in calendar.walk("VEVENT"):
            event, attendee = self.world.events.get(str(reply.get("UID", ""))), reply.get("ATTENDEE")
            response = RESPONSES.get(str(attendee.params.get("PARTSTAT", ""))) if attendee else None
            if event is not None and response is not None and reply.get("SEQUENCE") == event.sequence:
                self.world.reply(event.id, str(attendee).lower().removeprefix("mailto:"), response)


def _text(event: Event) -> str:
    said = str((event.said.get("body") or {}).get("content", ""))
    return f"{said}\n\nJoin on your computer: {event.link}" if event.link else said


def shown_in_week(world: GraphWorld, address: str, start: datetime, end: datetime) -> list[dict[str, str]]:
    """Somebody's own entries, as their calendar on the page shows them."""
    return [
        {
            "uid": f"{address}:{entry.span.start.isoformat()}",
            "summary": entry.subject or "Private entry",
            "start": entry.span.start.isoformat(),
            "end": entry.span.end.isoformat(),
        }
        for entry in world.mailboxes.get(address.casefold(), [])
        if entry.span.start < end and start < entry.span.end
    ]
