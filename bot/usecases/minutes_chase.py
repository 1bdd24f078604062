"""Minutes that are not out are chased until they are: whoever holds them, then those above (T15, design rule 8)."""

from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.people import Role
from bot.domain.workdays import WorkingDays
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Work
from bot.usecases.chairs import coordinator_of
from bot.usecases.minutes_approval import approvers
from bot.usecases.minutes_due import due_on
from bot.usecases.owed import tell

STEPS = (-2, 0, 1, 3)
"""Working days from the day on which minutes are due, on which somebody hears of it; and every `EVERY` from then on."""

EVERY = 5


def chase_minutes(work: Work, practice: Practice, now: datetime) -> None:
    """Today's reminders of minutes that nobody has approved, each once. Harmless to repeat."""
    today = practice.today(now)
    for meeting in work.minutes.unapproved(practice.area.id):
        days = practice.pathway_days(practice.pathways[meeting.pathway])
        due = due_on(practice, meeting)
        assert due is not None
        if (step := reached(due, today, days)) is None:
            continue
        newest = work.minutes.newest(meeting.id)
        key = f"{newest.number if newest else 0}:{newest.state if newest else 'draft'}:{due}:{step}"
        for person in _told(work, practice, meeting, step):
            tell(work, "minutes_due", meeting.id, f"person:{person}", now, key=key)


def reached(due: date, today: date, days: WorkingDays) -> int | None:
    """The latest step whose day has come, in working days from the due day; None while none has."""
    found = [step for step in STEPS if days.shift(due, step) <= today]
    if not found:
        return None
    step = EVERY
    while days.shift(due, step) <= today:
        found.append(step)
        step += EVERY
    return found[-1]


def _told(work: Work, practice: Practice, meeting: MeetingRow, step: int) -> list[str]:
    """Whoever holds the minutes; a day late the coordinator too, three days the approver, a week the board."""
    newest = work.minutes.newest(meeting.id)
    coordinator = coordinator_of(work, meeting)
    asked = approvers(work, practice, meeting)
    writer = newest.sent_by if newest else (meeting.minute_taker_id or coordinator)
    told = [*asked] if newest is not None and newest.state == "sent" else [writer]
    if step >= 1:
        told.append(coordinator)
    if step >= 3:
        told += asked
    if step >= EVERY:
        told += [each.id for each in work.register.people(meeting.area, Role.BOARD)]
    barred = work.meetings.thing(meeting).barred
    people = work.register.rows(told)
    fit = [id for id in dict.fromkeys(told) if people[id].active and id not in barred]
    return fit or [coordinator]
