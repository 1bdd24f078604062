"""Remind people of lessons whose change nobody has verified: a lesson never goes quiet (S5-09, design rule 8)."""

from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.people import Role
from bot.storage.learning_tables import LearningRow
from bot.storage.transaction import Begin, Work
from bot.usecases.learn import row_of
from bot.usecases.owed import tell
from bot.usecases.reports.figures import SOURCES
from bot.views.learning import LessonNote

SOON, ALSO, BOARD, AGAIN = 2, 1, 10, 5
"""Working days: before the day, for the owner; after it, for the coordinators, and for the board; and then so often."""


def remind_learning(begin: Begin, practice: Practice, now: datetime) -> int:
    """Tell whoever has to hear today; how many messages. Harmless when repeated on one day."""
    today, days = practice.today(now), practice.days()
    if not days.is_working(today):
        return 0
    with begin() as work:
        query = select(LearningRow).where(
            LearningRow.area == practice.area.id,
            col(LearningRow.verified_at).is_(None),
            LearningRow.due <= days.shift(today, SOON),
        )
        told = 0
        for row in work.session.exec(query).all():
            late = days.count(row.due, today)
            if not _is_turn(
                row, today, days.shift(row.due, -SOON), days.shift(row.due, ALSO), days.shift(today, -AGAIN)
            ):
                continue
            for person in _hear(work, practice, row, late):
                tell(work, "learning_due", row.id, f"person:{person}", now, key=today.isoformat())
                told += 1
            row.told_on = today
            work.session.add(row)
        return told


def learning_note(work: Work, practice: Practice, id: str, now: datetime) -> LessonNote | None:
    """The lesson as a pointer; None once its change is verified."""
    row = row_of(work, id)
    if row.verified_at is not None:
        return None
    return LessonNote(
        id=row.id,
        ref=row.ref,
        source=SOURCES.get(row.source, row.source),
        due=row.due,
        overdue_by=max(0, practice.days().count(row.due, practice.today(now))),
        drill=row.drill,
    )


def _is_turn(row: LearningRow, today: date, soon: date, also: date, again: date) -> bool:
    """Told since the last step there was, or so lately that another time would be too much."""
    told = row.told_on or date.min
    if told >= today:
        return False
    return any(told < step <= today for step in (soon, row.due, also)) or told <= again


def _hear(work: Work, practice: Practice, row: LearningRow, late: int) -> list[str]:
    area = practice.area.id
    hear = [row.owner_id]
    if late >= ALSO:
        hear += [each.id for each in work.register.people(area, Role.COORDINATOR)]
    if late >= BOARD:
        hear += [each.id for each in work.register.people(area, Role.BOARD)]
    return list(dict.fromkeys(hear))
