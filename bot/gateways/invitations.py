"""A meeting as an iTIP invitation by e-mail: one message a person (RFC 5545, 5546, 6047; calendar.md section 3).

Nothing of a case is in it but its reference: the summary comes from a closed set, the sentence is fixed, and each
person sees only themselves as attendee, since who is invited can identify somebody.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from icalendar import Calendar, Event, Timezone, vCalAddress

from bot.domain.references import ALPHABET
from bot.domain.workdays import LONDON
from bot.gateways.mail import message_id, single

Method = Literal["REQUEST", "CANCEL"]

SUMMARIES = {
    "conference": "Conference",
    "discussion": "Discussion",
    "review": "Review",
    "core_group": "Core group",
    "panel": "Panel",
    "hold": "Hold",
}
ANSWER_BY_MAIL = "Please answer with the buttons of this invitation, or in chat. Comments are not read."
ANSWER_HERE = "Please answer this invitation, or answer in chat. Comments are not read."
SENTENCES: dict[Method, str] = {
    "REQUEST": "Please answer in chat, or tell the coordinator. Details are never sent by e-mail.",
    "CANCEL": "This meeting has been cancelled. Please look in chat for what happens next.",
}
_REFERENCE = re.compile(rf"CV-[{ALPHABET}]{{6}}")

# Rules and not a list of dates: the rules have held since 1996, and every client reads them alike.
VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T010000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")
_LONDON = Timezone.from_ical(VTIMEZONE)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One person's invitation to one meeting, in the state it is in now.

    `uid` is the meeting's for life; `sequence` grows by one at each change of time or place and at a
    cancellation. `kind` is a key of SUMMARIES; `reference` a case's, or empty for a panel of several cases;
    `place` a room of the register; `link` a join link. `delivery_id` makes the Message-ID, so that the same
    delivery sent twice is one message to a mail client. `reply_to` is where answers by e-mail go; empty, nobody reads
    them. Raises ValueError for anything outside those.
    """

    uid: str
    sequence: int
    method: Method
    kind: str
    start: datetime
    end: datetime
    organiser: str
    attendee: str
    required: bool
    stamp: datetime
    delivery_id: str
    reference: str = ""
    place: str = ""
    link: str = ""
    reply_to: str = ""

    def __post_init__(self) -> None:
        summary_of(self.kind, self.reference)
        if any(moment.tzinfo is None for moment in (self.start, self.end, self.stamp)):
            raise ValueError("an invitation needs times with a zone")
        if self.sequence < 0 or self.start >= self.end:
            raise ValueError("an invitation needs a sequence from 0 and an end after its start")

    @property
    def summary(self) -> str:
        """What stands in the calendar: a word of the closed set and the reference."""
        return summary_of(self.kind, self.reference)

    @property
    def sentence(self) -> str:
        """What to do about it."""
        by_mail = self.method == "REQUEST" and self.reply_to
        return ANSWER_BY_MAIL if by_mail else SENTENCES[self.method]

    @property
    def when(self) -> str:
        """Day and time in London, for a person to read."""
        start = self.start.astimezone(LONDON)
        return f"{start:%A} {start.day} {start:%B %Y} at {start:%H:%M}"

    @property
    def known(self) -> tuple[str, ...]:
        """For the gate: what says nothing about the case, namely all but the summary, place and link."""
        bare: bytes = _calendar(replace(self, place="", link="")).to_ical()
        return (bare.decode(), self.when, self.sentence, self.organiser, self.reply_to, self.attendee)


def summary_of(kind: str, reference: str) -> str:
    """What stands in a calendar: a word of the closed set and the reference. ValueError for anything else."""
    if kind not in SUMMARIES:
        raise ValueError(f"{kind!r} is no kind of meeting that may be named in a calendar")
    if reference and not _REFERENCE.fullmatch(reference):
        raise ValueError("only a case reference may stand in a calendar entry")
    return f"{SUMMARIES[kind]} {reference}".strip()


def as_mail(invitation: Invitation) -> EmailMessage:
    """The message: plain text, the calendar part that clients act on, and the same as a file.

    Raises Undeliverable when an address is none.
    """
    cancelled = "Cancelled: " if invitation.method == "CANCEL" else ""
    ics = as_ics(invitation)
    message = EmailMessage(policy=SMTP)
    message["From"] = single(invitation.organiser, "Convenor")
    message["To"] = single(invitation.attendee)
    if invitation.reply_to:
        message["Reply-To"] = single(invitation.reply_to, "Convenor")
    message["Subject"] = f"{cancelled}{invitation.summary}, {invitation.when}"
    message["Date"] = format_datetime(invitation.stamp)
    message["Message-ID"] = message_id(invitation.delivery_id, invitation.organiser)
    message["References"] = message_id(
        invitation.uid, invitation.organiser
    )  # a move threads with what it moves
    where = [line for line in (invitation.place, invitation.link) if line]
    lines = [invitation.summary, invitation.when, *where, "", invitation.sentence]
    message.set_content("\n".join(lines) + "\n")
    message.add_alternative(
        ics,
        maintype="text",
        subtype="calendar",
        params={"method": invitation.method, "charset": "utf-8"},
        cte="base64",
    )
    message.add_attachment(ics, maintype="application", subtype="ics", filename="invite.ics")
    return message


def as_ics(invitation: Invitation) -> bytes:
    """The calendar object alone, UTF-8 with folded lines."""
    ics: bytes = _calendar(invitation).to_ical()
    return ics


def _calendar(invitation: Invitation) -> Calendar:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamp)
    event.add("dtstart", invitation.start.astimezone(LONDON))
    event.add("dtend", invitation.end.astimezone(LONDON))
    event.add("summary", invitation.summary)
    event.add("description", invitation.sentence)
    if invitation.place:
        event.add("location", invitation.place)
    if invitation.link:
        event.add("url", invitation.link)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    event.add("status", "CANCELLED" if invitation.method == "CANCEL" else "CONFIRMED")
    organiser = vCalAddress(f"mailto:{invitation.reply_to or invitation.organiser}")
    organiser.params["CN"] = "Convenor"
    event.add("organizer", organiser)
    event.add("attendee", _attendee(invitation))
    calendar = Calendar()
    calendar.add("prodid", "-//Convenor//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    calendar.add_component(_LONDON)
    calendar.add_component(event)
    return calendar


def _attendee(invitation: Invitation) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{invitation.attendee}")
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT" if invitation.required else "OPT-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE" if invitation.method == "CANCEL" else "TRUE"
    return attendee
