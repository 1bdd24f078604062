"""Mail sent by SMTP lands in inboxes, and invitations add up to a calendar (RFC 5545, 5546, 6047)."""

import asyncio
import smtplib
from datetime import UTC, date, datetime
from email.message import EmailMessage

import pytest
from icalendar import Calendar, Event

from bot.local.hands import Hands
from bot.local.mail import MailSink

START, END = datetime(2026, 4, 1, 9, 0, tzinfo=UTC), datetime(2026, 4, 1, 10, 30, tzinfo=UTC)


def invitation(to="tom@council.example", method="REQUEST", sequence=0, start=START, end=END, uid="cv-7k4qmx"):
    event = Event()
    for name, value in (
        ("uid", uid), ("sequence", sequence), ("summary", "CV-7K4QMX: meeting"), ("dtstart", start),
        ("dtend", end), ("location", "Aldermere Town Hall"), ("dtstamp", START),
    ):  # fmt: skip
        event.add(name, value)
    calendar = Calendar()
    calendar.add("prodid", "-//Convenor//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "convenor@aldermere.example", to, "Invitation: CV-7K4QMX"
    mail.set_content("You are asked to come.")
    ics = calendar.to_ical().decode()
    mail.add_alternative(ics, subtype="calendar", params={"method": method})
    return mail


@pytest.fixture
async def post(world):
    sink = MailSink(world.letters)
    await sink.open()

    def _send(mail):
        with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as line:
            return line.send_message(mail)

    async def send(mail):
        return await asyncio.to_thread(_send, mail)

    yield send
    await sink.close()


async def test_an_invitation_lands_in_the_inbox_of_the_person_it_is_for(world, post):
    await post(invitation())
    tom = Hands(world, "U0TOM")
    letter = await tom.gets_mail("CV-7K4QMX")
    assert letter.as_page() == {
        "id": letter.id,
        "from": "convenor@aldermere.example",
        "subject": "Invitation: CV-7K4QMX",
        "at": world.clock.now().isoformat(),
        "text": "You are asked to come.\n",
        "read": False,
        "answered": "",
        "invitation": {
            "method": "REQUEST",
            "uid": "cv-7k4qmx",
            "sequence": 0,
            "summary": "CV-7K4QMX: meeting",
            "start": "2026-04-01T09:00:00+00:00",
            "end": "2026-04-01T10:30:00+00:00",
            "location": "Aldermere Town Hall",
            "description": "",
            "organizer": "",
            "status": "CONFIRMED",
        },
    }
    assert Hands(world, "U0PRIYA").mail == []
    assert world.letters.unread("U0TOM") == 1
    assert world.letters.open("U0TOM", letter.id)
    assert world.letters.unread("U0TOM") == 0
    assert not world.letters.open("U0PRIYA", letter.id)


async def test_nobody_else_has_a_mailbox_here(world, post):
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="No such person"):
        await post(invitation(to="stranger@elsewhere.example"))


async def test_the_calendar_follows_moves_and_cancellations_whatever_their_order(world, post):
    moved = {"start": START.replace(day=2), "end": END.replace(day=2), "sequence": 1}
    await post(invitation(**moved))
    await post(invitation())  # the first one, late: an older SEQUENCE changes nothing
    await post(invitation(uid="other", start=START.replace(day=9), end=END.replace(day=9)))
    week = world.letters.week("U0TOM", date(2026, 4, 1))
    assert week["week"] == "2026-03-30"
    assert week["hours"][0] == {"day": "2026-03-30", "from": "09:00", "to": "17:00"}
    assert [(one["start"][:10], one["status"]) for one in week["entries"]] == [("2026-04-02", "confirmed")]
    await post(invitation(**(moved | {"sequence": 2}), method="CANCEL"))
    week = world.letters.week("U0TOM", date(2026, 4, 1))
    assert [(one["start"][:10], one["status"]) for one in week["entries"]] == [("2026-04-02", "cancelled")]
    assert world.letters.week("U0PRIYA", date(2026, 4, 1))["entries"] == []


async def test_plain_mail_is_read_as_it_was_written(world, post):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "convenor@aldermere.example", "Your reference"
    mail["To"] = "priya@hearth.example, tom@council.example"
    mail.set_content("Ünïcode survives.")
    await post(mail)
    assert [one.text for one in world.letters.all] == ["Ünïcode survives.\n"] * 2
    assert world.letters.all[0].invitation is None
