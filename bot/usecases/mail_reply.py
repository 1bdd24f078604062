"""A reply to an invitation that came by e-mail: recorded when it is sure, put before the coordinator when it is not.

Whoever it seems to come from, nothing of it is guessed: a reply to another time, from another sender or without proof
waits for a person (calendar.md section 3).
"""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.replies import ANSWERS, Answer, Asked, Doubt, MailReply, Outcome, Said, doubt_of, holds_token
from bot.storage.tables import InvitationRow, MailReplyRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.answered import Given, keep_answer
from bot.usecases.chairs import coordinator_of, to_change
from bot.usecases.invitees import goes_on, stands
from bot.usecases.owed import show

MOST_OPEN = 10
"""Replies to one meeting that may wait for a decision: somebody who floods the mailbox floods no coordinator."""


def take_reply(begin: Begin, practice: Practice, reply: MailReply, *, now: datetime) -> Outcome:
    """Record what it says, or put it before the coordinator; what came of it. Run it through `once` by `reply.key`."""
    with begin() as work:
        meeting, row = _about(work, reply)
        if meeting is None or meeting.area != practice.area.id:
            return Outcome.UNKNOWN
        for each in filter(None, (meeting, row)):  # of two replies at once the second sees the first's answer
            work.session.refresh(each, with_for_update=True)
        if not goes_on(meeting, now):
            return Outcome.OVER
        doubt = _doubt(work, reply, row)
        if row is None or reply.answer is None or doubt is not None:
            return _put_before(work, meeting, row, reply, doubt or Doubt.NOT_ASKED, now)
        said_at = min(reply.answer.stamp, now)  # a clock that goes wrong must not outdo what is said later
        if row.said_at is not None and said_at < row.said_at.replace(microsecond=0):
            return Outcome.OLDER
        given = Given(answer=reply.answer.said.value, way="mail", at=said_at, by=row.person_id)
        if keep_answer(work, practice, row, meeting, given, now):
            return Outcome.RECORDED
        row.said_at = said_at
        return Outcome.KNOWN


def record_reply(begin: Begin, practice: Practice, reply_id: str, *, by: Person, now: datetime) -> str:
    """A coordinator who has asked records the reply as the person's answer. The meeting's id.

    TooLate when it was decided already, when the person has answered since, or the invitation no longer stands.
    """
    with begin() as work:
        reply, meeting = _open(work, reply_id, by, now)
        row = work.meetings.invitation_row(reply.invitation_id or "")
        if reply.said not in ANSWERS or not stands(row, meeting, now):
            raise TooLate(
                "This can no longer be recorded: the invitation does not stand, or there is no answer."
            )
        if row.answered_at is not None and row.answered_at > reply.at:
            raise TooLate("They have answered since this came. Their newer answer stands.")
        keep_answer(work, practice, row, meeting, Given(answer=reply.said, way="mail", at=now, by=by.id), now)
        _settle(work, reply, "taken", by, now)
        return meeting.id


def set_reply_aside(begin: Begin, practice: Practice, reply_id: str, *, by: Person, now: datetime) -> str:
    """A coordinator decides that the reply changes nothing. The meeting's id. TooLate when it was decided already."""
    with begin() as work:
        reply, meeting = _open(work, reply_id, by, now)
        _settle(work, reply, "left", by, now)
        return meeting.id


def _about(work: Work, reply: MailReply) -> tuple[MeetingRow | None, InvitationRow | None]:
    """The meeting, and the invitation: the one whose address it went to, else that of whoever answers."""
    if reply.answer is None:
        found = [row for token in sorted(reply.tokens) if (row := work.meetings.by_token(token))]
        return (work.meetings.row(found[0].meeting_id), found[0]) if len(found) == 1 else (None, None)
    meeting = work.meetings.by_uid(reply.answer.uid)
    if meeting is None:
        return None, None
    asked = {row.id: row for row in work.meetings.everybody(meeting.id)}
    people = work.register.rows(row.person_id for row in asked.values())
    for row in asked.values():
        if holds_token(reply, row.token):
            return meeting, row
    for address in (reply.answer.attendee, reply.sender):
        for row in asked.values():
            if people[row.person_id].email.lower() == address:
                return meeting, row
    return meeting, None


def _doubt(work: Work, reply: MailReply, row: InvitationRow | None) -> Doubt | None:
    if reply.answer is None:
        return Doubt.WORDS
    if row is None:
        return Doubt.NOT_ASKED
    person = work.register.row(row.person_id)
    deputy = work.register.row(person.deputy_id).email.lower() if person.deputy_id else ""
    asked = Asked(
        token=row.token,
        address=person.email.lower(),
        deputy=deputy,
        withdrawn=row.withdrawn,
        sequences=(row.sequence, work.meetings.row(row.meeting_id).sequence),
    )
    return doubt_of(reply, reply.answer, asked)


def _put_before(
    work: Work,
    meeting: MeetingRow,
    row: InvitationRow | None,
    reply: MailReply,
    doubt: Doubt,
    now: datetime,
) -> Outcome:
    answer: Answer | None = reply.answer
    said = answer.said if answer else Said.WORDS
    proposed = answer.proposed if answer else None
    new = MailReplyRow(
        id=new_id(),
        meeting_id=meeting.id,
        invitation_id=row.id if row else None,
        said=said.value,
        doubt=doubt.value,
        proposed_start=proposed.start if proposed else None,
        proposed_end=proposed.end if proposed else None,
        for_id=coordinator_of(work, meeting),
        at=now,
    )
    waiting = work.meetings.mail_replies(meeting.id)
    if any(_alike(each, new) for each in waiting):
        return Outcome.KNOWN
    if len(waiting) >= MOST_OPEN:
        return Outcome.TOO_MANY
    work.session.add(new)
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor="mail",
        verb="reply.doubted",
        thing=f"meeting:{meeting.id}",
        facts={"doubt": doubt.value, "said": said.value, "invitation": new.invitation_id or ""},
        at=now,
    )
    work.session.flush()
    show(work, "reply_card", new.id, f"person:{new.for_id}", now)
    return Outcome.TOLD


def _alike(one: MailReplyRow, other: MailReplyRow) -> bool:
    same = ("invitation_id", "said", "doubt", "proposed_start", "proposed_end")
    return all(getattr(one, name) == getattr(other, name) for name in same)


def _open(work: Work, reply_id: str, by: Person, now: datetime) -> tuple[MailReplyRow, MeetingRow]:
    reply = work.meetings.mail_reply(reply_id)
    meeting = to_change(work, reply.meeting_id, by, now)
    if reply.settled:
        raise TooLate("This was decided already. Nothing has changed.")
    return reply, meeting


def _settle(work: Work, reply: MailReplyRow, how: str, by: Person, now: datetime) -> None:
    reply.settled, reply.settled_by, reply.settled_at = how, by.id, now
    work.audit.write(
        stream=f"meeting:{reply.meeting_id}",
        actor=by.id,
        verb=f"reply.{how}",
        thing=f"meeting:{reply.meeting_id}",
        facts={"said": reply.said, "doubt": reply.doubt, "invitation": reply.invitation_id or ""},
        at=now,
    )
    work.session.flush()
    show(work, "reply_card", reply.id, f"person:{reply.for_id}", now)
