"""Once each working day: remind coordinators of stages not held, and bring lists with something overdue up to date."""

from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.recipients import recipients
from bot.storage.tables import ActionRow, CaseClockRow, CaseRow, NudgeRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import show
from bot.usecases.roster import Roster

JOB = "daybreak"

STEPS = ((-1, ("coordinator",)), (1, ("coordinator", "chair")), (3, ("board",)))
"""Working days from a stage's deadline, and who hears that it has not been held (P)."""


def daybreak(begin: Begin, practice: Practice, now: datetime) -> int:
    """Plan the day's reminders of case clocks; how many are new. Harmless when asked twice on one day."""
    today, days = practice.today(now), practice.days()
    if not days.is_working(today):
        return 0
    key = f"{JOB}:{practice.area.id}:{today.isoformat()}"
    with begin() as work:
        if work.inbox.answer_to(key) is not None:
            return 0
        work.inbox.remember(key, "begun", at=now)  # a second replica waits here, and then finds it done
        new = _clocks(work, practice, today, now)
        for case_id, pathway in _with_overdue(work, practice, today):
            show(work, "action_list", case_id, f"room:{pathway}", now)
        work.heartbeats.beat(JOB, at=now)
        return new


def _clocks(work: Work, practice: Practice, today: date, now: datetime) -> int:
    """The latest step that each clock has reached; the earlier ones need no message any more."""
    query = (
        select(CaseClockRow, CaseRow)
        .join(CaseRow, col(CaseClockRow.case_id) == col(CaseRow.id))
        .where(
            CaseRow.area == practice.area.id,
            CaseRow.state != "closed",
            col(CaseClockRow.met_at).is_(None),
            CaseClockRow.due_on <= practice.days().shift(today, 1),
        )
    )
    roster, new = Roster(work, practice), 0
    for clock, case in work.session.exec(query):
        days = practice.days(case.nation)
        reached = [step for step in STEPS if days.shift(clock.due_on, step[0]) <= today]
        if not reached:
            continue
        offset, to = reached[-1]
        told, _ = recipients(to, roster.of_case(case, today))
        for each in told:
            rung = f"clock:{clock.stage}:{offset:+d}"
            row = NudgeRow(
                id=f"nudge:{clock.id}:{clock.due_on}:{offset:+d}:{each.person_id}",
                referral_id=case.referral_id,
                due=clock.due_on,
                rung=rung,
                to_role=each.role,
                person_id=each.person_id,
                day=today,
                state="planned",
                why=each.why,
                at=now,
            )
            new += work.nudges.add(row)
    return new


def _with_overdue(work: Work, practice: Practice, today: date) -> list[tuple[str, str]]:
    query = (
        select(CaseRow.id, CaseRow.pathway)
        .join(ActionRow, col(ActionRow.case_id) == col(CaseRow.id))
        .where(CaseRow.area == practice.area.id, CaseRow.state != "closed")
        .where(ActionRow.state != "closed", ActionRow.due < today)
        .distinct()
    )
    return list(work.session.exec(query).all())
