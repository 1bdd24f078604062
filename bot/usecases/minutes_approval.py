"""Minutes go to their approver, come back or are approved, and are corrected by a new version alone (S2-16, T15).

What is sent is kept word for word. Nothing approved is ever changed: a correction is another version, which says what
was put right and why, and is approved in its turn.
"""

from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound, TooLate
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.domain.states import MINUTES, MeetingState
from bot.storage.codes import digest_of
from bot.storage.minutes_tables import MinutesVersionRow
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chairs import coordinator_of
from bot.usecases.minutes import minutes_of
from bot.usecases.minutes_due import due_on, rule_of
from bot.usecases.owed import refresh_home, show, tell
from bot.views.papers import MinutesPaper

LEAST = 10
"""Characters that say what was put right and why."""


def open_minutes(
    begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime
) -> MinutesPaper:
    """The minutes with what became of them, for a member; each reading is an audit row of every case in them (IG-05).

    Raises TooLate before the meeting has begun.
    """
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.read", now)
        return minutes_read(work, practice, meeting, by, now, "minutes.read")


def minutes_read(
    work: Work, practice: Practice, meeting: MeetingRow, by: Person, now: datetime, verb: str
) -> MinutesPaper:
    """The minutes in a transaction that is under way, the reading on record under `verb`."""
    if meeting.started_at is None:
        raise TooLate("There are no minutes yet: the meeting has not started.")
    newest = work.minutes.newest(meeting.id)
    for item in work.meetings.agenda(meeting.id):
        work.audit.write(
            stream=work.cases.row(item.case_id).ref,
            actor=by.id,
            verb=verb,
            thing=f"meeting:{meeting.id}",
            facts={"version": newest.number} if newest else {},
            at=now,
        )
    over = meeting.state == MeetingState.CONCLUDED
    state = newest.state if newest else "draft"
    thing = work.meetings.thing(meeting)
    return MinutesPaper(
        id=meeting.id,
        minutes=minutes_of(work, practice, meeting.id),
        text=newest.text if newest else "",
        number=newest.number if newest else 0,
        state=state,
        asked=newest.asked if newest else "",
        change=newest.change if newest else "",
        sent_by=work.register.person(newest.sent_by).name if newest else "",
        sent_at=newest.sent_at if newest else None,
        answered_by=work.register.person(newest.answered_by).name if newest and newest.answered_by else "",
        answered_at=newest.answered_at if newest else None,
        approver=rule_of(practice, meeting).approver,
        due=due_on(practice, meeting),
        may_send=over and state != "sent" and may(by, "meeting.hold", thing),
        may_answer=state == "sent" and may(by, "minutes.approve", thing) and _approves(practice, meeting, by),
    )


def send_for_approval(
    begin: Begin,
    practice: Practice,
    meeting_id: str,
    text: str,
    change: str,
    *,
    after: int,
    by: Person,
    now: datetime,
) -> None:
    """Keep `text` (Markdown) as the next version and ask the approver. `after` is the version it was written upon.

    Raises Invalid (field `change`) when a version after the first does not say what was put right and why, TooLate
    while the meeting runs, while a version waits, and when somebody else was first.
    """
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        if meeting.state != MeetingState.CONCLUDED:
            raise TooLate("The minutes can be sent once the meeting is over. Nothing was sent.")
        newest = work.minutes.newest(meeting.id)
        if newest is not None and newest.state == "sent":
            raise TooLate("These minutes wait for approval already. Nothing was sent twice.")
        if (newest.number if newest else 0) != after:
            raise TooLate("Somebody else has sent a newer version. Read that one first; nothing was sent.")
        if newest is not None and len(change.strip()) < LEAST:
            raise Invalid({"change": "Write what is put right, and why."})
        row = MinutesVersionRow(
            id=new_id(),
            meeting_id=meeting.id,
            number=after + 1,
            text=text,
            change=change.strip() if newest else "",
            sent_by=by.id,
            sent_at=now,
        )
        work.session.add(row)
        work.session.flush()
        meeting.minutes_approved_at = None
        _did(work, meeting, row, "minutes.sent", by, now)
        for person in approvers(work, practice, meeting):
            tell(work, "minutes_sent", meeting.id, f"person:{person}", now, key=str(row.number), lane="click")


def approve(
    begin: Begin, practice: Practice, meeting_id: str, number: int, *, by: Person, now: datetime
) -> None:
    """The approver says that version `number` is right: it is out, and everybody who was asked hears where it is.

    Pressed twice it is approved once. Raises TooLate for a version that is not the newest, or was sent back.
    """
    with begin() as work:
        meeting, row = _to_answer(work, practice, meeting_id, number, by, now)
        if row.state == "approved":
            return
        row.state = MINUTES.after(row.state, "approve")
        row.answered_by, row.answered_at = by.id, now
        meeting.minutes_approved_at = now
        _did(work, meeting, row, "minutes.approved", by, now)
        barred = work.meetings.thing(meeting).barred
        told = {each.person_id for each in work.meetings.invitations(meeting.id)} | {row.sent_by}
        for person in sorted(told - barred - {by.id}):
            tell(work, "minutes_out", meeting.id, f"person:{person}", now, key=str(row.number))


def ask_change(
    begin: Begin, practice: Practice, meeting_id: str, number: int, asked: str, *, by: Person, now: datetime
) -> None:
    """The approver says what is to be changed in version `number`; whoever sent it hears that there is something.

    Raises Invalid (field `asked`) when it says nothing, TooLate as `approve` does and for what was answered.
    """
    with begin() as work:
        meeting, row = _to_answer(work, practice, meeting_id, number, by, now)
        if row.state != "sent":
            raise TooLate("This version was answered already. Read the newest one; nothing has changed.")
        if len(asked.strip()) < LEAST:
            raise Invalid({"asked": "Write what should be changed, so that it can be put right."})
        row.state = MINUTES.after(row.state, "ask")
        row.asked, row.answered_by, row.answered_at = asked.strip(), by.id, now
        _did(work, meeting, row, "minutes.change_asked", by, now)
        tell(work, "minutes_change", meeting.id, f"person:{row.sent_by}", now, key=str(row.number))


def approvers(work: Work, practice: Practice, meeting: MeetingRow) -> list[str]:
    """Who is asked: the meeting's chair, or its coordinator; the coordinator where there is nobody else."""
    barred = work.meetings.thing(meeting).barred
    if rule_of(practice, meeting).approver == "chair" and meeting.chair_id:
        chair = work.register.row(meeting.chair_id)
        stand_in = work.register.row(chair.deputy_id) if chair.deputy_id else None
        for each in (chair, stand_in):
            if (
                each is not None
                and each.active
                and each.id not in barred
                and _may_stand(each.roles, chair.id, each.id)
            ):
                return [each.id]
    return [coordinator_of(work, meeting)]


def _may_stand(roles: list[str], chair: str, person: str) -> bool:
    return person == chair or Role.CHAIR.value in roles


def _approves(practice: Practice, meeting: MeetingRow, by: Person) -> bool:
    if rule_of(practice, meeting).approver == "coordinator":
        return by.has(Role.COORDINATOR)
    return by.id == meeting.chair_id or by.has(Role.CHAIR) or meeting.chair_id is None


def _to_answer(
    work: Work, practice: Practice, meeting_id: str, number: int, by: Person, now: datetime
) -> tuple[MeetingRow, MinutesVersionRow]:
    meeting = work.meetings.opened(meeting_id, by, "minutes.approve", now)
    if not _approves(practice, meeting, by):
        raise NotFound("These minutes are for their chair to approve. Nothing has changed.")
    row = work.minutes.newest(meeting.id)
    if row is None or row.number != number:
        raise TooLate("There is a newer version of these minutes. Read that one first; nothing has changed.")
    if row.state == "change":
        raise TooLate("This version was sent back for a change. Wait for the next one; nothing has changed.")
    return meeting, row


def _did(
    work: Work, meeting: MeetingRow, row: MinutesVersionRow, verb: str, by: Person, now: datetime
) -> None:
    facts: dict[str, str | int] = {"version": row.number, "text": digest_of(row.text)}
    if row.asked:
        facts["asked"] = digest_of(row.asked)
    if row.change:
        facts["change"] = digest_of(row.change)
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor=by.id,
        verb=verb,
        thing=f"meeting:{meeting.id}",
        facts=facts,
        at=now,
    )
    show(work, "hold_card", meeting.id, f"room:{meeting.pathway}", now)
    refresh_home(work, by.id, now)
