"""What the organiser's calendar shows of our entries: people's answers, and changes that somebody made by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.entries import EntryDoubt, Seen, SeenAnswer
from bot.domain.states import MeetingState
from bot.storage.ledger_tables import OutboxRow
from bot.storage.tables import InvitationRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.answered import Given, keep_answer
from bot.usecases.chairs import coordinator_of
from bot.usecases.entries import BEGUN
from bot.usecases.invitees import entry_key, stands
from bot.usecases.owed import tell


@dataclass(frozen=True, kw_only=True)
class Watched:
    """An entry that may still be answered, and in which calendar it stands."""

    meeting_id: str
    calendar: str
    entry_id: str


def watched(work: Work, practice: Practice, now: datetime) -> tuple[Watched, ...]:
    """Every entry of a booked meeting that has not ended, the next first."""
    rows = work.meetings.upcoming(practice.area.id, now)
    return tuple(_watched(row) for row in rows if row.calendar and row.entry_id not in (None, BEGUN))


def watched_by_id(work: Work, calendar: str, entry_id: str) -> Watched | None:
    """The entry of this id, None for one that is none of ours."""
    query = select(MeetingRow).where(MeetingRow.calendar == calendar, MeetingRow.entry_id == entry_id)
    row = work.session.exec(query).first()
    return None if row is None else _watched(row)


def entry_seen(
    begin: Begin, practice: Practice, meeting_id: str, seen: Seen | None, read_at: datetime, now: datetime
) -> None:
    """Record what is new in an entry, as it was when reading it began; None is for one that is not there.

    An answer older than the last time that its giver was asked, or than what they said elsewhere, changes nothing.
    A difference that nobody is about to mend is told to the coordinator, once.
    """
    with begin() as work:
        meeting = work.meetings.row(meeting_id)
        if meeting.state != MeetingState.INVITED or _being_changed(work, meeting, read_at):
            return
        _doubted(work, meeting, seen, now)
        if seen is not None:
            _answered(work, practice, meeting, seen, now)


def _watched(row: MeetingRow) -> Watched:
    return Watched(meeting_id=row.id, calendar=row.calendar, entry_id=row.entry_id or "")


def _being_changed(work: Work, meeting: MeetingRow, read_at: datetime) -> bool:
    """Whether a change of ours is on its way, or was made while the entry was being read."""
    asked = [row.asked_at for row in work.meetings.everybody(meeting.id) if row.asked_at]
    if asked and max(asked) > read_at:
        return True
    owed = select(OutboxRow.number).where(
        OutboxRow.collapse == entry_key(meeting.id), col(OutboxRow.state).in_(["owed", "trying"])
    )
    return work.session.exec(owed.limit(1)).first() is not None


def _doubted(work: Work, meeting: MeetingRow, seen: Seen | None, now: datetime) -> None:
    doubt = ""
    if seen is None:
        doubt = EntryDoubt.GONE.value
    elif (seen.start, seen.end) != (meeting.starts_at, meeting.ends_at):
        doubt = EntryDoubt.MOVED.value
    if doubt == meeting.entry_doubt:
        return
    meeting.entry_doubt = doubt
    if doubt:
        whom = coordinator_of(work, meeting)
        key = f"{meeting.sequence}.{now.isoformat()}"
        tell(work, f"entry_{doubt}", meeting.id, f"person:{whom}", now, key=key)
        work.audit.write(
            stream=f"meeting:{meeting.id}",
            actor="calendar",
            verb=f"entry.{doubt}",
            thing=f"meeting:{meeting.id}",
            facts={"sequence": meeting.sequence},
            at=now,
        )


def _answered(work: Work, practice: Practice, meeting: MeetingRow, seen: Seen, now: datetime) -> None:
    rows = work.meetings.invitations(meeting.id)
    people = work.register.rows(row.person_id for row in rows)
    answers = {each.address.casefold(): each for each in seen.answers}
    for row in rows:
        answer = answers.get(people[row.person_id].email.casefold())
        if answer is not None and stands(row, meeting, now) and _is_news(row, answer):
            given = Given(answer=answer.reply, way="calendar", at=answer.at, by=row.person_id)
            keep_answer(work, practice, row, meeting, given, now)


def _is_news(row: InvitationRow, answer: SeenAnswer) -> bool:
    asked, said = row.asked_at, row.said_at or row.answered_at
    if asked is not None and answer.at < asked.replace(
        microsecond=0
    ):  # some calendars tell whole seconds only
        return False
    return answer.reply != row.answer and (said is None or answer.at > said)
