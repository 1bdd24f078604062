"""Answer an invitation, send one's deputy, and say when one cannot (calendar.md section 3; issue 2, Meeting)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.area import Practice
from bot.domain.availability import parse_cannot
from bot.domain.errors import NotFound, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.spans import Span
from bot.storage.tables import AbsenceRow, InvitationRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.answered import Given, follow, keep_answer
from bot.usecases.invitees import invite, stands, withdraw
from bot.usecases.owed import refresh_home
from bot.views.meeting import AbsenceLine

FAR = timedelta(days=1000)
"""Further ahead than anybody may say that they cannot."""

ANSWERS = ("accepted", "declined", "tentative")


def answer_invitation(
    begin: Begin, practice: Practice, invitation_id: str, answer: str, *, by: Person, now: datetime
) -> str:
    """Accepted, declined or tentative; a later answer replaces the earlier. The meeting's id.

    NotFound for anybody else's invitation; TooLate when it was withdrawn, or the meeting has begun or its time is over.
    """
    with begin() as work:
        row, meeting = _own(work, invitation_id, by, now)
        if answer not in ANSWERS:
            raise NotFound("There is no such answer.")
        keep_answer(
            work,
            practice,
            row,
            meeting,
            Given(answer=answer, way=work.audit.way or "chat", at=now, by=by.id),
            now,
        )
        return meeting.id


def send_deputy(begin: Begin, practice: Practice, invitation_id: str, *, by: Person, now: datetime) -> str:
    """Hand the invitation on to one's deputy, who is asked afresh; one's own is withdrawn. The deputy's name.

    Raises TooLate when the register names no deputy, or one who may not come to this meeting.
    """
    with begin() as work:
        row, meeting = _own(work, invitation_id, by, now)
        deputy_id = work.register.row(by.id).deputy_id
        if deputy_id is None:
            raise TooLate(
                "The contact register names no deputy for you. Decline, or ask the coordinator to add one."
            )
        deputy = work.register.person(deputy_id)
        if not deputy.active or deputy.id in work.meetings.thing(meeting).barred:
            raise TooLate(
                "Your deputy cannot take part in this meeting. Decline instead; the coordinator will see it."
            )
        there = work.meetings.invitation(meeting.id, deputy.id)
        meeting.sequence += 1
        withdraw(work, meeting, row, now)
        if there is None or there.withdrawn:
            invite(
                work,
                meeting,
                deputy.id,
                row.agency_id,
                required=row.required,
                as_deputy=True,
                speaks=row.speaks,
                now=now,
            )
        if meeting.minute_taker_id == by.id:
            meeting.minute_taker_id = deputy.id
        follow(
            work,
            practice,
            meeting,
            by.id,
            Given(answer="deputy", way=work.audit.way or "chat", at=now, by=by.id),
            now,
        )
        return deputy.name


def cannot(
    begin: Begin, practice: Practice, text: str, *, source: str, by: Person, now: datetime
) -> list[AbsenceLine]:
    """Take down when somebody cannot meet, as they typed it; sent twice it is taken down once.

    Raises Invalid (field `cannot`) with an example for what cannot be read. Gives every span still to come.
    """
    spans = parse_cannot(text, practice.today(now), ZoneInfo(practice.area.zone))
    with begin() as work:
        if work.inbox.answer_to(source) is None:
            known = {(row.starts_at, row.ends_at) for row in _to_come(work, by.id, now)}
            for span in spans:
                if (span.start, span.end) not in known:
                    _add(work, by.id, span, now)
            work.inbox.remember(source, str(len(spans)), at=now)
            work.audit.write(
                stream=f"person:{by.id}",
                actor=by.id,
                verb="cannot.said",
                thing=f"person:{by.id}",
                facts={"spans": len(spans)},
                at=now,
            )
            refresh_home(work, by.id, now)
        work.session.flush()
        return _lines(work, by.id, now)


def undo_cannot(begin: Begin, absence_id: str, *, by: Person, now: datetime) -> list[AbsenceLine]:
    """Take one's own span back; twice is once. Gives what is left."""
    with begin() as work:
        row = work.session.get(AbsenceRow, absence_id)
        if row is not None and row.person_id == by.id and row.kind == "busy":
            work.session.delete(row)
            work.audit.write(
                stream=f"person:{by.id}",
                actor=by.id,
                verb="cannot.undone",
                thing=f"absence:{absence_id}",
                facts={},
                at=now,
            )
            work.session.flush()
        return _lines(work, by.id, now)


def my_cannots(begin: Begin, *, by: Person, now: datetime) -> list[AbsenceLine]:
    """A person's own spans still to come, leave among them, the next first."""
    with begin() as work:
        return _lines(work, by.id, now)


def _own(work: Work, invitation_id: str, by: Person, now: datetime) -> tuple[InvitationRow, MeetingRow]:
    row = work.meetings.invitation_row(invitation_id)
    if row.person_id != by.id:
        raise NotFound("That invitation is somebody else’s. Nothing has changed.")
    meeting = work.meetings.row(row.meeting_id)
    if not stands(row, meeting, now):
        raise TooLate(
            "This invitation no longer stands: the meeting has begun, is over, was cancelled, or asks somebody else."
        )
    return row, meeting


def _add(work: Work, person_id: str, span: Span, now: datetime) -> None:
    work.session.add(
        AbsenceRow(
            id=new_id(),
            person_id=person_id,
            kind="busy",
            starts_at=span.start,
            ends_at=span.end,
            said_at=now,
        )
    )


def _to_come(work: Work, person_id: str, now: datetime) -> list[AbsenceRow]:
    return work.register.absences([person_id], now, now + FAR)


def _lines(work: Work, person_id: str, now: datetime) -> list[AbsenceLine]:
    return [
        AbsenceLine(id=row.id, starts_at=row.starts_at, ends_at=row.ends_at, kind=row.kind)
        for row in _to_come(work, person_id, now)
    ]
