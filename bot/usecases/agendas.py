"""A panel's agenda goes out so many working days before it, by reference only; the coordinator hears it first (T10).

Each agency gets the cases that it works on, and no other. What the message says is read when it leaves.
"""

from collections.abc import Iterator
from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.pathway import Stage
from bot.domain.recurrence import agenda_out_on, list_closes_on
from bot.domain.states import MeetingState
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Work
from bot.usecases.chairs import coordinator_of
from bot.usecases.owed import tell


def send_agendas(work: Work, practice: Practice, now: datetime) -> None:
    """The agendas whose day has come, each once; the day before, a word to the coordinator. Harmless to repeat."""
    today = practice.today(now)
    for meeting, stage, held in meetings_to_come(work, practice, now):
        days = practice.pathway_days(practice.pathways[meeting.pathway])
        out = agenda_out_on(stage, held, days)
        if out is None or meeting.agenda_sent_at is not None:
            continue
        if today >= out:
            if work.meetings.agenda(meeting.id):
                meeting.agenda_sent_at = now
                send_agenda(work, meeting, now, key="first")
        elif today >= days.shift(out, -1):
            whom = f"person:{coordinator_of(work, meeting)}"
            closes = list_closes_on(stage, held, days)
            key = f"{out.isoformat()}:{closes.isoformat() if closes else ''}"
            tell(work, "agenda_soon", meeting.id, whom, now, key=key)


def send_agenda(work: Work, meeting: MeetingRow, now: datetime, *, key: str) -> None:
    """Owe the agenda to everybody who is asked; once for each `key`."""
    for row in work.meetings.invitations(meeting.id):
        if row.answer != "declined":
            tell(work, "agenda_out", row.id, f"person:{row.person_id}", now, key=key)


def meetings_to_come(
    work: Work, practice: Practice, now: datetime
) -> Iterator[tuple[MeetingRow, Stage, date]]:
    """Booked meetings that have not begun, with their stage and the day they are held."""
    for meeting in work.meetings.upcoming(practice.area.id, now):
        if (
            meeting.state == MeetingState.INVITED
            and meeting.starts_at is not None
            and meeting.starts_at > now
        ):
            stage = practice.pathways[meeting.pathway].stage(meeting.stage)
            yield meeting, stage, practice.today(meeting.starts_at)
