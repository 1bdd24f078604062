"""Each working morning: who is asked whether their entry is still right, and who hears when nobody answers.

A few people each morning, each at most once in five working days; then their agency's lead, then the coordinator
(S5-30, T24, design.md rule 8).
"""

from datetime import date, datetime

from bot.domain.area import Practice
from bot.domain.contacts import AGAIN, GAP, at_once, is_due
from bot.domain.people import Role
from bot.storage.tables import PersonRow
from bot.storage.transaction import Work
from bot.usecases.owed import refresh_home, tell

LEAD, COORDINATOR = 2, 3
"""Steps after the first question at which the agency's lead and then the coordinator hears of it."""


def ask_still_right(work: Work, practice: Practice, now: datetime) -> int:
    """Ask those whose turn it is, and go on with those who have not answered; how many messages that is.

    Somebody on leave is asked when they are back. An entry that was checked meanwhile, by whatever way, is left alone.
    """
    today, days, area = practice.today(now), practice.days(), practice.area
    people = work.contacts.people(area.id)
    details = work.contacts.details(row.id for row in people)
    away = work.register.away(today, area.zone)
    told, waiting = 0, []
    for row in people:
        detail = details.get(row.id)
        due = is_due(row.verified_on, today, area.verify_after_days)
        if detail is None or detail.next_on is None:
            waiting += [row] if due and row.id not in away else []
        elif not due:
            detail.asked_on, detail.step, detail.next_on = None, 0, None
        elif detail.next_on <= today and row.id not in away:
            detail.step += 1
            detail.next_on = days.shift(today, GAP if detail.step < COORDINATOR else AGAIN)
            told += _step(work, practice, row, detail.step, f"{detail.asked_on}:{detail.step}", today, now)
    waiting.sort(key=lambda row: (row.verified_on or date.min, row.id))
    for row in waiting[: at_once(len(people))]:
        detail = work.contacts.detail(row.id)
        detail.asked_on, detail.step, detail.next_on = today, 0, days.shift(today, GAP)
        tell(work, "contact_check", row.id, f"person:{row.id}", now, key=f"{today}:0")
        told += 1
    return told + _requests(work, practice, today, now)


def _step(
    work: Work, practice: Practice, row: PersonRow, step: int, key: str, today: date, now: datetime
) -> int:
    if step not in (LEAD, COORDINATOR):
        tell(work, "contact_check", row.id, f"person:{row.id}", now, key=key)
        return 1
    leads = work.register.people(row.area, Role.AGENCY_LEAD, agency_id=row.agency_id)
    reached = [each for each in leads if each.id != row.id] if step == LEAD else []
    reached = reached or work.register.people(row.area, Role.COORDINATOR)
    week = "{}-{}".format(
        *today.isocalendar()[:2]
    )  # of one agency each hears once a week, however many are late
    for each in reached:
        tell(work, "contacts_unverified", row.agency_id, f"person:{each.id}", now, key=week)
        refresh_home(work, each.id, now)
    return len(reached)


def _requests(work: Work, practice: Practice, today: date, now: datetime) -> int:
    """Coordinators hear again of what somebody said is wrong with their entry, every five working days."""
    told = 0
    for row in work.contacts.requests(practice.area.id):
        if row.next_on is None or row.next_on > today:
            continue
        row.step += 1
        row.next_on = practice.days().shift(today, GAP)
        for each in work.register.people(practice.area.id, Role.COORDINATOR):
            tell(work, "contact_request", row.id, f"person:{each.id}", now, key=str(row.step))
            told += 1
    return told
