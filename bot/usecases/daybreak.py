"""Once each working day: remind of stages and reviews not held, and bring what counts days up to date."""

from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.recipients import recipients
from bot.domain.states import CaseState
from bot.storage.tables import ActionRow, CaseClockRow, CaseRow, NudgeRow
from bot.storage.transaction import Begin, Work
from bot.usecases.digest import UNDECIDED
from bot.usecases.follow_up import follow_up_daily
from bot.usecases.owed import show
from bot.usecases.roster import Roster

JOB = "daybreak"

STEPS = ((-1, ("coordinator",)), (1, ("coordinator", "chair")), (3, ("board",)))
"""Working days from a stage's deadline, and who hears that it has not been held (P)."""


REVIEWED = (CaseState.PLAN_ACTIVE, CaseState.IN_REVIEW, CaseState.RELISTED)
"""The states in which a case waits for the review of its plan."""


Deadline = tuple[str, CaseRow, str, date]
"""Whether of a clock or of a review, the case, the stage's id, and its day."""


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
        follow_up_daily(work, practice, now)
        for case_id, pathway in _with_overdue(work, practice, today):
            show(work, "action_list", case_id, f"room:{pathway}", now)
        for case_id, pathway in _counting(work, practice):
            show(work, "case_card", case_id, f"room:{pathway}", now)
        for referral in work.referrals.in_states(practice.area.id, *UNDECIDED):
            show(work, "triage_card", referral.id, "room:triage", now)
        work.heartbeats.beat(JOB, at=now)
        return new


def _clocks(work: Work, practice: Practice, today: date, now: datetime) -> int:
    """The latest step that each deadline has reached; the earlier ones need no message any more."""
    roster, new = Roster(work, practice), 0
    soon = practice.days().shift(today, 1)
    for kind, case, stage, due in [*_stages(work, practice, soon), *_reviews(work, practice, soon)]:
        days = practice.days(case.nation)
        reached = [step for step in STEPS if days.shift(due, step[0]) <= today]
        if not reached:
            continue
        offset, to = reached[-1]
        told, _ = recipients(to, roster.of_case(case, today))
        for each in told:
            row = NudgeRow(
                id=f"nudge:{kind}:{case.id}:{stage}:{due}:{offset:+d}:{each.person_id}",
                referral_id=case.referral_id,
                due=due,
                rung=f"{kind}:{stage}:{offset:+d}",
                to_role=each.role,
                person_id=each.person_id,
                day=today,
                state="planned",
                why=each.why,
                at=now,
            )
            new += work.nudges.add(row)
    return new


def _stages(work: Work, practice: Practice, soon: date) -> list[Deadline]:
    """The stages of live cases that are due by then and have not been held."""
    query = (
        select(CaseClockRow, CaseRow)
        .join(CaseRow, col(CaseClockRow.case_id) == col(CaseRow.id))
        .where(
            CaseRow.area == practice.area.id,
            CaseRow.state != "closed",
            col(CaseClockRow.met_at).is_(None),
            CaseClockRow.due_on <= soon,
        )
    )
    return [("clock", case, clock.stage, clock.due_on) for clock, case in work.session.exec(query)]


def _reviews(work: Work, practice: Practice, soon: date) -> list[Deadline]:
    """The reviews of plans that are due by then (T20): their day is the case's own, moved by every meeting."""
    query = select(CaseRow).where(
        CaseRow.area == practice.area.id,
        col(CaseRow.state).in_(REVIEWED),
        col(CaseRow.next_review) <= soon,
    )
    found: list[Deadline] = []
    for case in work.session.exec(query):
        stage = practice.of(case).review_stage
        if stage is not None and case.next_review is not None:
            found.append(("review", case, stage.id, case.next_review))
    return found


def _counting(work: Work, practice: Practice) -> list[tuple[str, str]]:
    """Live cases whose card counts the days to a stage that has not been held."""
    query = (
        select(CaseRow.id, CaseRow.pathway)
        .join(CaseClockRow, col(CaseClockRow.case_id) == col(CaseRow.id))
        .where(
            CaseRow.area == practice.area.id, CaseRow.state != "closed", col(CaseClockRow.met_at).is_(None)
        )
        .distinct()
    )
    return list(work.session.exec(query).all())


def _with_overdue(work: Work, practice: Practice, today: date) -> list[tuple[str, str]]:
    query = (
        select(CaseRow.id, CaseRow.pathway)
        .join(ActionRow, col(ActionRow.case_id) == col(CaseRow.id))
        .where(CaseRow.area == practice.area.id, CaseRow.state != "closed")
        .where(ActionRow.state != "closed", ActionRow.due < today)
        .distinct()
    )
    return list(work.session.exec(query).all())
