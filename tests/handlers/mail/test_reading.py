"""What is read from a mail, what is dropped, and what is refused however it is made (RFC 5545, 5546, 6047, 8601)."""

import time
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_replies import ADDRESS, ANA, PATTERN, SECRET, STAMP, TOKEN, UID, ics, letter, mail

from bot.domain.replies import Said
from bot.domain.reply_address import ReplyAddress, new_token
from bot.domain.spans import Span
from bot.handlers.mail.itip import MOST_BYTES
from bot.handlers.mail.no_reply import NoReply, Why
from bot.handlers.mail.reading import MOST, Reader
from bot.handlers.mail.vouching import vouched_for

READER = Reader(ReplyAddress(PATTERN), "mx.aldermere.example")
SOON = 2.0
"""Real seconds for the worst of mails, on a machine that does other things besides."""


def why_not(raw: bytes) -> Why:
    with pytest.raises(NoReply) as no:
        READER.read(raw)
    return no.value.why


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"])
def test_an_answer_is_read_whatever_it_is_coded_in(partstat, encoding):
    reply = READER.read(mail(ics(partstat, sequence=3), encoding=encoding))
    assert (reply.sender, reply.tokens) == (ANA, {TOKEN})
    answer = reply.answer
    assert (answer.said, answer.uid, answer.sequence) == (partstat.lower(), UID, 3)
    assert (answer.attendee, answer.stamp, answer.proposed) == (ANA, STAMP, None)


def test_what_people_wrote_is_dropped_on_receipt():
    """Comments, subjects and places tell of cases (calendar.md section 7)."""
    read = READER.read(mail())
    assert "qanary" not in str(asdict(read)).lower()
    assert "Wells" not in str(asdict(read))


@pytest.mark.parametrize("zone", ["GMT Standard Time", "Europe/London"])
def test_another_time_is_read_in_the_zones_of_outlook_and_of_everybody_else(zone):
    reply = READER.read(mail(ics("TENTATIVE", method="COUNTER", zone=zone), method="COUNTER"))
    assert reply.answer.said is Said.COUNTER
    assert reply.answer.proposed == Span(
        datetime(2026, 4, 1, 8, 30, tzinfo=UTC), datetime(2026, 4, 1, 10, 0, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "odd",
    [
        {"zone": '"(UTC+00:00) Dublin, Edinburgh, Lisbon, London"'},
        {"zone": "/example.org/Europe/London"},
        {"start": "20260401T110000"},  # ends as it starts
        {"start": "99990401T093000", "end": "99991231T235959"},
    ],
)
def test_a_time_that_is_not_sure_is_not_guessed(odd):
    reply = READER.read(mail(ics("TENTATIVE", method="COUNTER", **odd), method="COUNTER"))
    assert (reply.answer.said, reply.answer.proposed) == (Said.COUNTER, None)


def test_who_acted_for_somebody_else_is_read():
    reply = READER.read(mail(ics(params=';SENT-BY="mailto:Abe@Example.test"')))
    assert (reply.answer.attendee, reply.answer.sent_by) == (ANA, "abe@example.test")


def test_the_part_of_gmail_as_a_file_will_do():
    assert READER.read(mail(kind="application/ics")).answer.said is Said.ACCEPTED


def test_a_letter_to_the_address_of_an_invitation_is_a_reply_in_words():
    reply = READER.read(letter())
    assert (reply.answer, reply.tokens) == (None, {TOKEN})


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (letter(to="convenor@aldermere.example"), Why.NO_CALENDAR),
        (letter(headers="Auto-Submitted: auto-replied\n"), Why.AUTOMATIC),
        (letter(headers="Return-Path: <>\n"), Why.AUTOMATIC),
        (mail(ics(method="REQUEST"), method="REQUEST"), Why.NO_ANSWER),
        (mail(ics("NEEDS-ACTION")), Why.NO_ANSWER),
        (mail(method="COUNTER"), Why.UNREADABLE),  # the header says one thing, the calendar another
        (mail(ics(more="ATTENDEE;PARTSTAT=DECLINED:mailto:pia@example.test\n")), Why.SEVERAL),
        (mail(ics(more="RECURRENCE-ID:20260401T083000Z\n")), Why.SEVERAL),
        (mail(ics() + ics()), Why.UNREADABLE),
        (mail(ics(more="END:VEVENT\nBEGIN:VEVENT\nUID:second\n")), Why.SEVERAL),
        (mail(ics(sequence="many")), Why.UNREADABLE),
        (mail("nothing of the kind"), Why.UNREADABLE),
        (mail(headers="From: pia@example.test\n"), Why.UNREADABLE),  # two senders
        (mail(sender="pia@example.test>, <ana@example.test"), Why.UNREADABLE),
        (b"", Why.UNREADABLE),
    ],
)
def test_what_is_no_reply_says_why(raw, why):
    assert why_not(raw) is why


def test_a_reply_that_is_a_mail_within_a_mail_answers_nothing():
    """A bounce holds what bounced, and anybody can forward what somebody else said."""
    around = f"From: {ANA}\nTo: {ADDRESS}\nContent-Type: message/rfc822\n\n".replace("\n", "\r\n").encode()
    assert READER.read(around + mail()).answer is None


def deep(levels: int, lines: int = 500_000) -> bytes:
    head = b"From: a@b.example\r\n"
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels)
    )
    return head + parts + b"\r\n" * lines


HOSTILE = {
    "too long": b"From: a@b.example\r\n\r\n" + b"x" * MOST,
    "parts within parts": deep(900),
    "as many parts within parts, and lines, as there may be": deep(20, 49_900),
    "some parts within parts, a million lines": deep(19),
    "mails within mails": b"From: a@b.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
    "a header without end": b"From: " + b"a@b.example, " * 100_000,
    "many headers": b"X: y\r\n" * 300_000,
    "many parts": mail().replace(b"--between\r\n", b"--between\r\n\r\nx\r\n" * 60_000),
    "a huge calendar": mail(ics(more="COMMENT:" + "x" * 200_000 + "\n")),
    "many events": mail(ics(more="END:VEVENT\nBEGIN:VEVENT\n" * 2_000)),
    "parts of the calendar within parts": mail(ics(more="BEGIN:VEVENT\n" * 4_000)),
    "many parameters": mail(ics(params=";X=Y" * 12_000)),
    "nothing but noise": bytes(range(256)) * 4_000,
    "noise in base64": mail("\x00\xff" * 20_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_made_to_do_harm_is_refused_soon(name):
    began = time.perf_counter()
    assert why_not(HOSTILE[name]) in (Why.TOO_BIG, Why.UNREADABLE, Why.SEVERAL, Why.NO_CALENDAR)
    assert time.perf_counter() - began < SOON


def test_a_zone_that_changes_every_second_is_not_counted_out():
    bomb = "BEGIN:VTIMEZONE\nTZID:GMT Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\n"
    bomb += "TZOFFSETTO:+0000\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE"
    began = time.perf_counter()
    assert READER.read(mail(ics(definition=bomb))).answer.said is Said.ACCEPTED
    assert time.perf_counter() - began < SOON


def test_a_comment_of_fifteen_thousand_lines_is_only_a_comment():
    began = time.perf_counter()
    assert READER.read(mail(ics(more="COMMENT:x\n" + " x\n" * 15_000))).answer.said is Said.ACCEPTED
    assert time.perf_counter() - began < SOON


def test_a_calendar_is_too_big_from_the_byte_that_says_so():
    room = MOST_BYTES - len(ics(more="COMMENT:\n").encode())
    assert READER.read(mail(ics(more="COMMENT:" + "x" * room + "\n"))).answer is not None
    assert why_not(mail(ics(more="COMMENT:" + "x" * (room + 1) + "\n"))) is Why.TOO_BIG


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_damage_is_read_or_refused_and_breaks_nothing(data):
    raw = bytearray(mail(encoding="8bit"))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    with suppress(NoReply):
        READER.read(bytes(raw))


PASSED = "mx.aldermere.example 1; spf=pass smtp.mailfrom=example.test; dmarc=pass (p=none) header.from=example.test"


@pytest.mark.parametrize(
    ("headers", "vouched"),
    [
        ([PASSED], True),
        ([PASSED.upper()], True),
        (["other.example; dmarc=fail header.from=example.test", PASSED], True),
        ([PASSED.replace("dmarc=pass", "dmarc=fail"), PASSED], False),  # ours stands above the forged one
        ([PASSED.replace("mx.aldermere", "mx.elsewhere")], False),
        ([PASSED.replace("header.from=example.test", "header.from=example.org")], False),
        ([PASSED.replace("header.from=example.test", "")], False),
        ([PASSED.replace("dmarc=pass", "dmarc=passable")], False),
        (
            [
                'mx.aldermere.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.test"@evil.example'
            ],
            False,
        ),
        (["mx.aldermere.example; spf=pass (x; dmarc=pass header.from=example.test)"], False),
        ([PASSED + "; dmarc=fail header.from=example.test"], False),
        ([PASSED + " ("], False),
        ([], False),
    ],
)
def test_a_trusted_server_vouches_for_the_domain_of_the_sender(headers, vouched):
    assert vouched_for(headers, "mx.aldermere.example", ANA) is vouched
    assert not vouched_for(headers, "", ANA)


def test_the_word_of_the_trusted_server_comes_with_the_reply():
    stamped = mail(headers=f"Authentication-Results: {PASSED}\n")
    assert READER.read(stamped).vouched
    assert not READER.read(mail()).vouched
    assert not Reader(ReplyAddress(PATTERN)).read(stamped).vouched


def test_a_token_is_found_in_the_address_alone():
    address, token = ReplyAddress(PATTERN), new_token()
    assert address.tokens_in(f"Convenor <{address.of(token).upper()}>") == {token}
    assert address.tokens_in(f"x{address.of(token)}") == frozenset()
    assert address.tokens_in(f"{address.of(token)}.evil.example") == frozenset()
    assert ReplyAddress("convenor@aldermere.example").tokens_in(address.of(token)) == frozenset()


@pytest.mark.parametrize(
    "wrong", ["convenor", "a b@c.example", "x@{token}", f"{'x' * 40}+{{token}}@c.example", "a@"]
)
def test_what_is_no_address_for_replies_is_refused(wrong):
    with pytest.raises(ValueError, match="one e-mail address"):
        ReplyAddress(wrong)


def test_the_same_mail_has_the_same_key_and_a_mail_without_an_id_the_key_of_its_bytes():
    assert (
        READER.read(mail()).key == READER.read(mail(headers="Delivered-To: convenor@aldermere.example\n")).key
    )
    assert READER.read(mail()).key != READER.read(mail(message_id="<reply-2@example.test>")).key
    assert READER.read(mail(message_id="")).key != READER.read(mail(ics("DECLINED"), message_id="")).key
    assert SECRET not in READER.read(mail(message_id=f"<{SECRET}@x>")).key
