"""A reply to an invitation as a person's mail program writes it (RFC 5546, 6047)."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any

from icalendar import Calendar, Event, vCalAddress

from bot.local.seats import Chair

Json = dict[str, Any]

WORDS = {
    "accepted": "Accepted",
    "tentative": "Tentative",
    "declined": "Declined",
    "counter": "New time proposed",
}
"""What can be answered, and how the subject of the reply begins."""


def reply_to(
    invitation: Json,
    answer: str,
    *,
    by: Chair,
    at: datetime,
    proposed: tuple[datetime, datetime] | None = None,
) -> EmailMessage:
    """The reply; `proposed` is the time that a `counter` asks for."""
    method = "COUNTER" if answer == "counter" else "REPLY"
    start, end = proposed or (datetime.fromisoformat(invitation[which]) for which in ("start", "end"))
    event = Event()
    for name, value in (
        ("uid", invitation["uid"]),
        ("sequence", invitation["sequence"]),
        ("dtstamp", at),
        ("dtstart", start),
        ("dtend", end),
        ("summary", f"{WORDS[answer]}: {invitation['summary']}"),
        ("organizer", vCalAddress(f"MAILTO:{invitation['organizer']}")),
    ):
        event.add(name, value)
    attendee = vCalAddress(f"MAILTO:{by.email}")
    attendee.params["PARTSTAT"] = "TENTATIVE" if answer == "counter" else answer.upper()
    attendee.params["CN"] = by.name
    event.add("attendee", attendee)
    calendar = Calendar()
    for name, value in (("prodid", "-//Aldermere//Mail//EN"), ("version", "2.0"), ("method", method)):
        calendar.add(name, value)
    calendar.add_component(event)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = by.email, invitation["organizer"]
    mail["Subject"] = f"{WORDS[answer]}: {invitation['summary']}"
    mail["Date"], mail["Message-ID"] = format_datetime(at), make_msgid(domain=by.email.rpartition("@")[2])
    mail.set_content("")
    mail.add_alternative(
        calendar.to_ical().decode(), subtype="calendar", params={"method": method}, cte="base64"
    )
    return mail
