"""A person answers an invitation in their mail program: a real reply by SMTP, and what the mail server does with it."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from icalendar import Calendar, Event

from bot.local.hands import Hands
from bot.local.mail import MailSink
from bot.local.mail_program import MailProgram
from bot.local.refusals import CannotDo

OWN = "convenor+0123456789abcdef0123456789abcdef@aldermere.example"
START, END = datetime(2026, 4, 1, 9, 0, tzinfo=UTC), datetime(2026, 4, 1, 10, 30, tzinfo=UTC)
INVITATION = {
    **{"method": "REQUEST", "uid": "one@convenor", "sequence": 2, "summary": "Panel", "location": ""},
    **{"start": START.isoformat(), "end": END.isoformat(), "organizer": OWN, "status": "CONFIRMED"},
    "description": "",
}


class Route:
    """The way to the bot, up to the wire."""

    def __init__(self):
        self.carried, self.up = [], True

    def takes(self, address):
        return address == OWN

    async def carry(self, raw):
        if self.up:
            self.carried.append(raw)
        return self.up


@pytest.fixture
async def route(world):
    route = Route()
    sink = MailSink(world.letters, routes=[route])
    await sink.open()
    world.mail_program = MailProgram(world.letters, sink.port)
    yield route
    await sink.close()


@pytest.fixture
def letter(world):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "convenor@aldermere.example", "Panel"
    mail.set_content("Please answer.")
    event = Event()
    for name, value in (
        ("uid", "one@convenor"), ("sequence", 2), ("summary", "Panel"), ("dtstart", START), ("dtend", END),
        ("dtstamp", START), ("organizer", f"mailto:{OWN}"),
    ):  # fmt: skip
        event.add(name, value)
    calendar = Calendar()
    calendar.add("method", "REQUEST")
    calendar.add_component(event)
    mail.add_alternative(calendar.to_ical().decode(), subtype="calendar", params={"method": "REQUEST"})
    return world.letters.arrive("tom@council.example", mail)


def replied(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    return mail, calendar, calendar.walk("VEVENT")[0]


async def test_the_invitation_in_a_letter_can_be_answered(world, letter):
    assert letter.invitation == INVITATION


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
async def test_an_answer_is_a_reply_to_the_organiser(world, route, letter, answer):
    await Hands(world, "U0TOM").answers_mail("Panel", answer)
    (raw,) = route.carried
    mail, calendar, event = replied(raw)
    assert (mail["From"], mail["To"], calendar["METHOD"]) == ("tom@council.example", OWN, "REPLY")
    assert (event["UID"], event["SEQUENCE"]) == ("one@convenor", 2)
    assert event["ATTENDEE"].params["PARTSTAT"] == answer.upper()
    assert event["DTSTAMP"].dt == world.clock.now().replace(microsecond=0)
    assert letter.answered.lower() == answer


async def test_another_time_is_proposed_for_as_long_as_before(world, route, letter):
    await Hands(world, "U0TOM").answers_mail("Panel", "counter", datetime(2026, 4, 2, 13, 0, tzinfo=UTC))
    _, calendar, event = replied(route.carried[0])
    assert calendar["METHOD"] == "COUNTER"
    assert event["DTEND"].dt - event["DTSTART"].dt == END - START
    assert event["DTSTART"].dt == datetime(2026, 4, 2, 13, 0, tzinfo=UTC)


async def test_what_the_bot_does_not_take_was_not_sent(world, route, letter):
    route.up = False
    with pytest.raises(CannotDo, match="did not take"):
        await world.mail_program.answer("U0TOM", letter.id, "accepted")
    assert letter.answered == ""


@pytest.mark.parametrize(
    ("user", "answer"), [("U0PRIYA", "accepted"), ("U0TOM", "perhaps"), ("U0TOM", "counter")]
)
async def test_nobody_answers_what_is_not_theirs_or_with_what_is_no_answer(
    world, route, letter, user, answer
):
    with pytest.raises(CannotDo):
        await world.mail_program.answer(user, letter.id, answer)
    assert route.carried == []
