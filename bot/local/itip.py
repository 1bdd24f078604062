"""Invitations as a calendar's server sends them, replies as a mail program writes them (RFC 5546, 6047)."""

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


def invitation_from(
    organiser: str,
    guest: str,
    *,
    method: str,
    uid: str,
    sequence: int,
    summary: str,
    text: str,
    times: tuple[datetime, datetime],
    at: datetime,
    place: str = "",
) -> EmailMessage:
    """A REQUEST or CANCEL to one guest."""
    event = Event()
    start, end = times
    for name, value in (
        ("uid", uid),
        ("sequence", sequence),
        ("dtstamp", at),
        ("dtstart", start),
        ("dtend", end),
        ("summary", summary),
        ("class", "PRIVATE"),
        ("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED"),
        ("organizer", vCalAddress(f"MAILTO:{organiser}")),
        ("attendee", vCalAddress(f"MAILTO:{guest}")),
    ):
        event.add(name, value)
    if place:
        event.add("location", place)
    subject = f"Cancelled: {summary}" if method == "CANCEL" else summary
    return _mail(organiser, guest, subject, text, method, event, at)


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
    subject = f"{WORDS[answer]}: {invitation['summary']}"
    return _mail(by.email, invitation["organizer"], subject, "", method, event, at)


def _mail(
    sender: str, to: str, subject: str, text: str, method: str, event: Event, at: datetime
) -> EmailMessage:
    calendar = Calendar()
    for name, value in (("prodid", "-//Aldermere//Mail//EN"), ("version", "2.0"), ("method", method)):
        calendar.add(name, value)
    calendar.add_component(event)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(at), make_msgid(domain=sender.rpartition("@")[2])
    mail.set_content(text)
    mail.add_alternative(
        calendar.to_ical().decode(), subtype="calendar", params={"method": method}, cte="base64"
    )
    return mail
