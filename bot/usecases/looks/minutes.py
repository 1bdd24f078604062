"""A look at where minutes are, for messages about them: a meeting, a day and a fixed word, nothing of their text."""

from datetime import datetime

from bot.domain.area import Practice
from bot.storage.transaction import Work
from bot.usecases.minutes_due import due_on, rule_of
from bot.views.papers import MinutesNote


def minutes_note(work: Work, practice: Practice, id: str, now: datetime) -> MinutesNote | None:
    """Where the minutes of a meeting are; nothing for one that has not ended."""
    row = work.meetings.row(id)
    due = due_on(practice, row)
    if due is None or row.started_at is None:
        return None
    pathway = practice.pathways[row.pathway]
    newest = work.minutes.newest(id)
    return MinutesNote(
        id=row.id,
        stage=pathway.stage(row.stage).title,
        held=row.started_at,
        state=newest.state if newest else "draft",
        number=newest.number if newest else 0,
        approver=rule_of(practice, row).approver,
        due=due,
        overdue_by=practice.pathway_days(pathway).count(due, practice.today(now)),
        drill=row.drill,
    )


def minutes_unapproved(work: Work, practice: Practice, id: str, now: datetime) -> MinutesNote | None:
    """The same, and nothing once they are approved: nobody is reminded of what is done."""
    note = minutes_note(work, practice, id, now)
    return None if note is None or note.state == "approved" else note
