"""Replies by e-mail: recorded when they are sure, put before the coordinator when not, counted once (calendar.md 3)."""

from datetime import timedelta
from itertools import count

import pytest
from meeting_builders import NOW, PRACTICE, a_case, owed, person, settle, wanted
from sqlmodel import delete, select

from bot.domain.errors import NotAllowed, TooLate
from bot.domain.replies import Answer, MailReply, Outcome, Said
from bot.domain.spans import Span
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import MailReplyRow
from bot.storage.transaction import Begin
from bot.usecases.attend import answer_invitation, send_deputy
from bot.usecases.book import book, cancel
from bot.usecases.convene import find_times
from bot.usecases.looks.mail_replies import reply_card
from bot.usecases.looks.meeting import invitation_card, meeting_card
from bot.usecases.mail_reply import MOST_OPEN, record_reply, set_reply_aside, take_reply
from bot.usecases.once import HeardBefore, once

LATER = NOW + timedelta(hours=1)
KEYS = count(1)
CALENDARS = ("uid", "sequence", "attendee", "stamp", "sent_by", "proposed")


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


@pytest.fixture
def meeting(town) -> str:
    by = person(town, "cora")
    found = find_times(town, PRACTICE, wanted(a_case(town)), source="s", by=by, now=NOW)
    return book(town, PRACTICE, found.options[0].id, by=by, now=NOW).meeting_id


def moved(town, meeting: str) -> None:
    by = person(town, "cora")
    again = find_times(town, PRACTICE, wanted("", meeting_id=meeting), source="m", by=by, now=NOW)
    book(town, PRACTICE, again.options[1].id, by=by, now=NOW)


def row_of(town, meeting: str, who: str):
    with town() as work:
        return work.meetings.invitation(meeting, who)


def a_reply(town, meeting: str, who: str = "ana", said: str = "accepted", **but) -> MailReply:
    """From that person's own mail program, to the address of their invitation."""
    with town() as work:
        uid, sequence = work.meetings.row(meeting).uid, work.meetings.row(meeting).sequence
    answer = {
        "said": Said(said),
        "uid": uid,
        "sequence": sequence,
        "attendee": f"{who}@example.test",
        "stamp": NOW,
        **{
            name: but.pop(name)
            for name in ("uid", "sequence", "attendee", "stamp", "sent_by", "proposed")
            if name in but
        },
    }
    mail = {
        "key": f"mail{next(KEYS)}",
        "sender": f"{who}@example.test",
        "tokens": frozenset({row_of(town, meeting, who).token}),
        "vouched": False,
        "answer": Answer(**answer),
        **but,
    }
    return MailReply(**mail)


def take(town, reply: MailReply, now=LATER) -> Outcome:
    return once(town, take_reply, reply.key, now, PRACTICE, reply, now=now)


def waiting(town) -> list[MailReplyRow]:
    with town() as work:
        return list(work.session.exec(select(MailReplyRow)))


def card(town, reply_id: str, now=LATER):
    with town() as work:
        return reply_card(work, PRACTICE, reply_id, now)


def the_doubt(town, reply: MailReply) -> tuple[str, str]:
    """What is wrong with it, as the coordinator is told; nothing is recorded."""
    before = row_of(town, waiting_meeting(town, reply), "ana").answer
    assert take(town, reply) is Outcome.TOLD
    (row,) = waiting(town)
    assert row.for_id == "cora"
    assert f"show:reply_card:{row.id}:person:cora" in owed(town)
    assert row_of(town, row.meeting_id, "ana").answer == before
    return row.doubt, row.said


def waiting_meeting(town, reply: MailReply) -> str:
    with town() as work:
        return work.meetings.by_uid(reply.answer.uid).id


@pytest.mark.parametrize("said", ["accepted", "declined", "tentative"])
def test_an_answer_by_mail_is_the_persons_answer_with_its_way_on_the_record(town, meeting, said):
    assert take(town, a_reply(town, meeting, said=said)) is Outcome.RECORDED
    row = row_of(town, meeting, "ana")
    assert (row.answer, row.way, row.answered_at) == (said, "mail", LATER)
    with town() as work:
        event = work.session.exec(select(AuditEvent).where(AuditEvent.verb == f"invitation.{said}")).one()
        assert (event.actor, '"way":"mail"' in event.facts.replace(" ", "")) == ("ana", True)
        assert invitation_card(work, PRACTICE, row.id, LATER).way == "mail"
        assert [
            each.way == "mail"
            for each in meeting_card(work, PRACTICE, meeting, LATER).answers
            if "Ana Wells" in each.people
        ] == [True]
    assert f"show:meeting_card:{meeting}:room:southend-marat" in owed(town)
    assert waiting(town) == []


@pytest.mark.parametrize("way", ["mail", "chat"])
def test_by_mail_the_same_follows_as_by_a_press(town, meeting, way):
    invitation = row_of(town, meeting, "ana").id
    with town() as work:
        work.session.execute(delete(OutboxRow))
    if way == "mail":
        take(town, a_reply(town, meeting, said="declined"))
    else:
        answer_invitation(town, PRACTICE, invitation, "declined", by=person(town, "ana"), now=LATER)
    assert sorted(owed(town)) == [
        "home:home:ana",
        f"show:invitation_card:{invitation}:person:ana",
        f"show:meeting_card:{meeting}:room:southend-marat",
        f"tell:quorum_at_risk:{meeting}:person:chai:0",
        f"tell:quorum_breaks:{meeting}:person:cora:0:breaks:{LATER.isoformat()}",
    ]


def test_the_same_mail_twice_counts_once(town, meeting):
    reply = a_reply(town, meeting)
    take(town, reply)
    answer_invitation(
        town, PRACTICE, row_of(town, meeting, "ana").id, "declined", by=person(town, "ana"), now=LATER
    )
    with pytest.raises(HeardBefore):
        take(town, reply)
    assert row_of(town, meeting, "ana").answer == "declined"


def test_of_replies_out_of_order_the_one_written_last_wins(town, meeting):
    take(town, a_reply(town, meeting, said="declined", stamp=NOW + timedelta(minutes=9)))
    assert take(town, a_reply(town, meeting, stamp=NOW + timedelta(minutes=5))) is Outcome.OLDER
    assert row_of(town, meeting, "ana").answer == "declined"
    assert take(town, a_reply(town, meeting, stamp=NOW + timedelta(minutes=9))) is Outcome.RECORDED


def test_a_mail_written_before_a_press_does_not_undo_it(town, meeting):
    answer_invitation(
        town, PRACTICE, row_of(town, meeting, "ana").id, "declined", by=person(town, "ana"), now=LATER
    )
    assert take(town, a_reply(town, meeting, stamp=NOW)) is Outcome.OLDER
    assert take(town, a_reply(town, meeting, stamp=LATER.replace(microsecond=0))) is Outcome.RECORDED


def test_a_mail_from_the_future_does_not_outdo_what_is_said_later(town, meeting):
    take(town, a_reply(town, meeting, stamp=NOW + timedelta(days=4000)))
    later = a_reply(town, meeting, said="declined", stamp=LATER + timedelta(minutes=1))
    assert take(town, later, LATER + timedelta(minutes=2)) is Outcome.RECORDED


def test_a_trusted_server_will_do_in_the_place_of_the_address(town, meeting):
    assert take(town, a_reply(town, meeting, tokens=frozenset(), vouched=True)) is Outcome.RECORDED


def test_without_either_the_coordinator_decides(town, meeting):
    assert the_doubt(town, a_reply(town, meeting, tokens=frozenset())) == ("unproven", "accepted")


def test_the_address_of_somebody_elses_invitation_proves_nothing(town, meeting):
    other = row_of(town, meeting, "pia").token
    assert the_doubt(town, a_reply(town, meeting, tokens=frozenset({other})))[0] == "sender"


@pytest.mark.parametrize(
    ("but", "doubt"),
    [
        ({"sender": "somebody@elsewhere.example"}, "sender"),
        ({"attendee": "somebody@elsewhere.example"}, "sender"),
        ({"sent_by": "somebody@elsewhere.example"}, "sender"),
        ({"sender": "abe@example.test"}, "deputy"),
        ({"sent_by": "abe@example.test"}, "deputy"),
        ({"sender": "abe@example.test", "attendee": "abe@example.test"}, "deputy"),
        ({"sequence": 7}, "stale"),  # a version that never left
        ({"said": "delegated"}, "delegated"),
    ],
)
def test_whoever_is_not_surely_the_person_is_not_taken_for_them(town, meeting, but, doubt):
    assert the_doubt(town, a_reply(town, meeting, **but))[0] == doubt


def test_a_reply_to_the_time_before_the_move_is_stale(town, meeting):
    early = a_reply(town, meeting)
    moved(town, meeting)
    assert the_doubt(town, early)[0] == "stale"


def test_what_changed_for_others_makes_nobodys_answer_stale(town, meeting):
    """A deputy sent raises the meeting's sequence; the others still hold the version before (RFC 5546)."""
    early = a_reply(town, meeting)
    send_deputy(town, PRACTICE, row_of(town, meeting, "pia").id, by=person(town, "pia"), now=NOW)
    assert take(town, early) is Outcome.RECORDED


def test_whoever_sent_a_deputy_and_answers_after_all_is_put_before_the_coordinator(town, meeting):
    reply = a_reply(town, meeting)
    send_deputy(town, PRACTICE, row_of(town, meeting, "ana").id, by=person(town, "ana"), now=NOW)
    assert the_doubt(town, reply)[0] == "withdrawn"


def test_somebody_who_was_not_asked_is_named_nowhere(town, meeting):
    reply = a_reply(
        town,
        meeting,
        sender="x@elsewhere.example",
        attendee="x@elsewhere.example",
        tokens=frozenset(),
        vouched=True,
    )
    assert take(town, reply) is Outcome.TOLD
    (row,) = waiting(town)
    assert (row.doubt, row.invitation_id) == ("not_asked", None)
    assert "elsewhere" not in str(row.model_dump()) + str(card(town, row.id))


def test_another_time_is_put_before_the_coordinator_and_changes_no_answer(town, meeting):
    proposed = Span(NOW + timedelta(days=3), NOW + timedelta(days=3, hours=1))
    assert the_doubt(town, a_reply(town, meeting, said="counter", proposed=proposed)) == (
        "counter",
        "counter",
    )
    shown = card(town, waiting(town)[0].id)
    assert (shown.proposed_start, shown.person, shown.recordable) == (proposed.start, "Ana Wells", False)


def test_a_letter_in_words_is_not_lost(town, meeting):
    assert take(town, a_reply(town, meeting, answer=None)) is Outcome.TOLD
    assert waiting(town)[0].doubt == "words"
    assert take(town, a_reply(town, meeting, answer=None, tokens=frozenset({"0" * 32}))) is Outcome.UNKNOWN


def test_an_invitation_that_nobody_knows_is_refused(town, meeting):
    assert take(town, a_reply(town, meeting, uid="other@convenor", vouched=True)) is Outcome.UNKNOWN
    assert waiting(town) == []


def test_a_meeting_that_is_over_or_off_disturbs_nobody(town, meeting):
    reply, other = a_reply(town, meeting), a_reply(town, meeting)
    assert take(town, reply, NOW + timedelta(days=60)) is Outcome.OVER
    cancel(town, PRACTICE, meeting, "too_few", by=person(town, "cora"), now=NOW)
    assert take(town, other) is Outcome.OVER


def test_whoever_floods_the_mailbox_floods_no_coordinator(town, meeting):
    reply = {"tokens": frozenset()}
    assert take(town, a_reply(town, meeting, **reply)) is Outcome.TOLD
    assert take(town, a_reply(town, meeting, **reply)) is Outcome.KNOWN
    for n in range(MOST_OPEN + 2):
        span = Span(NOW + timedelta(days=n), NOW + timedelta(days=n, hours=1))
        last = take(town, a_reply(town, meeting, said="counter", proposed=span, **reply))
    assert (last, len(waiting(town))) == (Outcome.TOO_MANY, MOST_OPEN)


def test_a_coordinator_who_has_asked_records_it_with_their_name(town, meeting):
    take(town, a_reply(town, meeting, said="declined", sender="abe@example.test"))
    id = waiting(town)[0].id
    assert card(town, id).recordable
    with pytest.raises(NotAllowed):
        record_reply(town, PRACTICE, id, by=person(town, "viv"), now=LATER)
    record_reply(town, PRACTICE, id, by=person(town, "cora"), now=LATER)
    assert row_of(town, meeting, "ana").answer == "declined"
    assert any("quorum_at_risk" in each for each in owed(town))
    with town() as work:
        event = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "invitation.declined")).one()
        assert event.actor == "cora"
    shown = card(town, id)
    assert (shown.settled, shown.settled_by, shown.open) == ("taken", "Cora Vale", False)
    with pytest.raises(TooLate):
        set_reply_aside(town, PRACTICE, id, by=person(town, "cora"), now=LATER)


def test_what_the_person_said_since_is_not_overwritten_by_the_coordinator(town, meeting):
    take(town, a_reply(town, meeting, said="declined", tokens=frozenset()))
    after = LATER + timedelta(minutes=1)
    answer_invitation(
        town, PRACTICE, row_of(town, meeting, "ana").id, "accepted", by=person(town, "ana"), now=after
    )
    id = waiting(town)[0].id
    assert not card(town, id, after).recordable
    with pytest.raises(TooLate, match="answered since"):
        record_reply(town, PRACTICE, id, by=person(town, "cora"), now=after)
    set_reply_aside(town, PRACTICE, id, by=person(town, "cora"), now=after)
    assert (row_of(town, meeting, "ana").answer, card(town, id).settled) == ("accepted", "left")
