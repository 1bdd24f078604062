"""The invitation errand: what really leaves by SMTP for each person, and what is overtaken (calendar.md section 3)."""

import asyncio
import email.policy
from email import message_from_bytes

import pytest
from aiosmtpd.smtp import SMTP
from icalendar import Calendar
from meeting_builders import MARM, NOW, PRACTICE, a_case, person, settle, wanted

from bot.courier.invite import Invite, entry_for
from bot.domain.errors import Undeliverable
from bot.gateways.mail import SmtpMail
from bot.storage.tables import ReferralRow
from bot.storage.transaction import Begin, transactions
from bot.usecases.attend import send_deputy
from bot.usecases.book import book, cancel
from bot.usecases.convene import find_times
from bot.usecases.list_cases import list_on_next_panel


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
async def post():
    post, loop = Post(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, hostname="localhost", loop=loop), "127.0.0.1", 0)
    post.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield post
    server.close()
    await server.wait_closed()


@pytest.fixture
def town(sqlite_database):
    engine = sqlite_database.connect()
    begin = transactions(engine)
    settle(begin)
    yield begin
    engine.dispose()


def errand(town: Begin, post) -> Invite:
    async def read(look, /, *args):
        with town() as work:
            return look(work, *args)

    return Invite(read, PRACTICE, SmtpMail(post.url), "meetings@aldermere.example", lambda: NOW)


def booked(town: Begin, case: str) -> str:
    cora = person(town, "cora")
    found = find_times(town, PRACTICE, wanted(case), source=f"s:{case}", by=cora, now=NOW)
    return book(town, PRACTICE, found.options[0].id, by=cora, now=NOW).meeting_id


def event(mail):
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_content()), part


async def test_an_invitation_holds_the_reference_and_one_attendee(town, post):
    """One message a person with only that person in it (calendar.md section 3); the reference only (section 7)."""
    meeting = booked(town, a_case(town))
    asked = {"meeting": meeting, "person": "ana", "method": "request", "sequence": 0}
    assert await errand(town, post).send(asked, "delivery-1")
    (mail,) = post.mails
    calendar, _ = event(mail)
    (entry,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert str(entry["SUMMARY"]) == "Conference CV-7K4QMX"
    assert str(entry["ATTENDEE"]) == "mailto:ana@example.test"
    assert entry["SEQUENCE"] == 0
    assert mail["To"] == "ana@example.test"


async def test_a_moved_meeting_keeps_its_uid_and_raises_its_sequence(town, post):
    meeting = booked(town, a_case(town))
    asked = {"meeting": meeting, "person": "ana", "method": "request", "sequence": 0}
    await errand(town, post).send(asked, "d1")
    cora = person(town, "cora")
    again = find_times(town, PRACTICE, wanted("", meeting_id=meeting), source="m", by=cora, now=NOW)
    book(town, PRACTICE, again.options[1].id, by=cora, now=NOW)
    await errand(town, post).send({**asked, "sequence": 1}, "d2")
    first, second = (event(mail)[0].walk("VEVENT")[0] for mail in post.mails)
    assert str(first["UID"]) == str(second["UID"])
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert first["DTSTART"].dt != second["DTSTART"].dt


async def test_a_cancelled_meeting_leaves_as_cancel_and_a_late_request_does_not(town, post):
    meeting = booked(town, a_case(town))
    cancel(town, PRACTICE, meeting, "too_few", by=person(town, "cora"), now=NOW)
    about = {"meeting": meeting, "person": "ana", "sequence": 0}
    assert await errand(town, post).send({**about, "method": "request"}, "d1") is None
    assert await errand(town, post).send({**about, "method": "cancel"}, "d2")
    calendar, _ = event(post.mails[0])
    assert calendar["METHOD"] == "CANCEL"
    assert calendar.walk("VEVENT")[0]["SEQUENCE"] == 1


async def test_whoever_sends_a_deputy_is_told_so_by_mail_and_the_deputy_is_asked(town, post):
    meeting = booked(town, a_case(town))
    with town() as work:
        row = work.meetings.invitation(meeting, "ana")
    send_deputy(town, PRACTICE, row.id, by=person(town, "ana"), now=NOW)
    with town() as work:
        assert entry_for(work, PRACTICE, meeting, "ana", "CANCEL") is not None
        assert entry_for(work, PRACTICE, meeting, "ana", "REQUEST") is None
        assert entry_for(work, PRACTICE, meeting, "abe", "REQUEST") is not None


async def test_an_entry_for_a_panel_of_several_cases_names_none_of_them(town, post):
    cora = person(town, "cora")
    for ref in ("CV-7K4QMX", "CV-9XWRTK"):
        panel = list_on_next_panel(town, PRACTICE, a_case(town, ref, pathway=MARM), by=cora, now=NOW)
    about = {"meeting": panel.id, "person": "ana", "method": "request", "sequence": 0}
    await errand(town, post).send(about, "d1")
    assert str(event(post.mails[0])[0].walk("VEVENT")[0]["SUMMARY"]) == "Panel"


async def test_a_name_from_the_case_never_leaves(town, post):
    """The gate fails closed: a room that bears the person's name holds the message back (calendar.md section 7)."""
    case = a_case(town)
    meeting = booked(town, case)
    with town() as work:
        referral = work.session.get(ReferralRow, f"r-{case}")
        referral.answers = {"name": "Bryony Thistle"}
        work.meetings.row(meeting).place = "Thistle Room"
    about = {"meeting": meeting, "person": "ana", "method": "request", "sequence": 0}
    with pytest.raises(Undeliverable):
        await errand(town, post).send(about, "d1")
    assert post.mails == []
