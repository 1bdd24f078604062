"""What follows from an answer to an invitation, by whichever way it came: the record, the cards, the quorum."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.quorum import Outlook
from bot.storage.tables import InvitationRow, MeetingRow
from bot.storage.transaction import Work
from bot.usecases.chairs import coordinator_of
from bot.usecases.looks.quorum import expected
from bot.usecases.owed import refresh_home, show, tell
from bot.usecases.quorum_watch import watch


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer as it was given: by which way (`chat`, `mail`), when, and who put it on the record."""

    answer: str
    way: str
    at: datetime
    by: str


def keep_answer(
    work: Work, practice: Practice, row: InvitationRow, meeting: MeetingRow, given: Given, now: datetime
) -> bool:
    """Record a person's answer; what was answered before and is the same again is not news. Whether it was."""
    if row.answer == given.answer:
        return False
    row.answer, row.answered_at, row.said_at, row.way = given.answer, now, given.at, given.way
    work.session.flush()
    follow(work, practice, meeting, row.person_id, given, now)
    return True


def follow(
    work: Work, practice: Practice, meeting: MeetingRow, person_id: str, given: Given, now: datetime
) -> None:
    """The audit, the cards that show it, a word to the coordinator and the chair where the quorum breaks."""
    row = work.meetings.invitation(meeting.id, person_id)
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor=given.by,
        verb=f"invitation.{given.answer}",
        thing=f"meeting:{meeting.id}",
        facts={"sequence": meeting.sequence, "way": given.way, "person": person_id},
        at=now,
    )
    show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
    if row is not None:
        show(work, "invitation_card", row.id, f"person:{person_id}", now)
    refresh_home(work, person_id, now)
    watch(work, practice, meeting, now)
    chair = meeting.chair_id
    breaks = given.answer == "declined" and expected(work, practice, meeting).outlook is Outlook.AT_RISK
    if breaks and chair and chair != coordinator_of(work, meeting):
        tell(work, "quorum_at_risk", meeting.id, f"person:{chair}", now, key=str(meeting.sequence))
