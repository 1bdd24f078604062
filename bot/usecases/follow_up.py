"""Look for what waits for somebody and has come due: closures, disputes, reviews (design.md rule 8).

What is due is an indexed look, so a restart or a second replica needs no bookkeeping; each message has a key.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.nudges import instant
from bot.domain.people import Role
from bot.domain.states import CaseState
from bot.storage.followup_tables import ClosureRoundRow, DisputeRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.authorise import chase_authority
from bot.usecases.breach import watch_breaches
from bot.usecases.close import ask_agency, ask_signers, round_of, speaker_for, waiting_on
from bot.usecases.decision_review import ask_about_decisions
from bot.usecases.dispute import go_up
from bot.usecases.dispute_tiers import draw
from bot.usecases.owed import tell
from bot.usecases.review import ask_to_invite

AGAIN_WD = 5
"""Working days between reminders that have reached the top."""

CHASES_WD = (1, 2, AGAIN_WD)
"""Working days after each reminder of a closure until the next one: its agencies, their leads, then the chair (P)."""

UNBOOKED = ((-5, False), (-2, True))
"""Working days before a review is due that has no meeting, and whether the chair hears as well (P)."""

REVIEWED = (CaseState.PLAN_ACTIVE, CaseState.IN_REVIEW, CaseState.RELISTED)


def follow_up(begin: Begin, practice: Practice, now: datetime) -> int:
    """Do what has come due by now, each kind in a transaction of its own; how much was done. Harmless to repeat."""
    looks: tuple[Callable[[Work, Practice, datetime], int], ...] = (
        _disputes,
        _closures,
        _people_to_invite,
        watch_breaches,
        chase_authority,
    )
    done = 0
    for look in looks:
        with begin() as work:
            done += look(work, practice, now)
    return done


def follow_up_daily(work: Work, practice: Practice, now: datetime) -> int:
    """Once each working day: decisions to look at again, reviews without a meeting, invitations without an answer."""
    return (
        ask_about_decisions(work, practice, now)
        + _unbooked(work, practice, now)
        + _uninvited(work, practice, now)
    )


def _disputes(work: Work, practice: Practice, now: datetime) -> int:
    """What was not settled in time goes to the next tier by itself; at the last its owner and the chair hear."""
    done = 0
    for row in work.followups.disputes_due(practice.area.id, now):
        if not _still_due(work, row, now):
            continue
        case = work.cases.row(row.case_id)
        done += 1
        if row.tier < len(practice.of(case).dispute.tiers) - 1:
            go_up(work, practice, row, "late", now)
            work.audit.write(
                stream=case.ref,
                actor="convenor",
                verb="dispute.climbed",
                thing=f"dispute:{row.id}",
                facts={"tier": str(row.tier + 1), "owner": row.owner_id},
                at=now,
            )
            continue
        for person in sorted({row.owner_id, case.chair_id or case.coordinator_id}):
            tell(work, "dispute_late", row.id, f"person:{person}", now, key=str(row.knocks))
        row.knocks += 1
        row.next_at = _morning(practice, case, now, AGAIN_WD)
        draw(work, row, case, now)
    return done


def _closures(work: Work, practice: Practice, now: datetime) -> int:
    """Agencies that have not answered are asked again, then their leads, the coordinator and the chair are told."""
    _rounds_that_were_never_kept(work, practice, now)
    done = 0
    for row in work.followups.rounds_due(practice.area.id, now):
        if not _still_due(work, row, now):
            continue
        case = work.cases.row(row.case_id)
        key, done = f"chase-{row.chases}", done + 1
        if waiting_on(work, case):
            for agency in work.cases.agency_rows(case.id):
                ask_agency(work, case, agency, now, key=key)
                lead = speaker_for(work, case, agency.agency_id, Role.AGENCY_LEAD)
                if row.chases and agency.agrees_to_close is None and lead:
                    where = f"person:{lead.id}"
                    tell(work, "closure_asked", agency.id, where, now, key=f"{case.version}:{key}")
            above = {case.coordinator_id, (case.chair_id if row.chases > 1 else None) or case.coordinator_id}
            for person in sorted(above):
                tell(work, "closure_silent", case.id, f"person:{person}", now, key=f"{row.id}:{key}")
        if not waiting_on(work, case) or not practice.of(case).closure.all_agencies:
            ask_signers(work, practice, case, now, key=key)
        wait = CHASES_WD[min(row.chases, len(CHASES_WD) - 1)]
        row.chases += 1
        row.next_at = _morning(practice, case, now, wait)
    return done


def _rounds_that_were_never_kept(work: Work, practice: Practice, now: datetime) -> None:
    """A case that was proposed before rounds were kept gets one, so that it does not go quiet."""
    kept = select(ClosureRoundRow.id).where(
        ClosureRoundRow.case_id == CaseRow.id, col(ClosureRoundRow.ended) == ""
    )
    query = select(CaseRow).where(
        CaseRow.area == practice.area.id, CaseRow.state == CaseState.CLOSURE_PROPOSED.value, ~kept.exists()
    )
    for case in work.session.exec(query).all():
        round_of(work, practice, case, now)


def _people_to_invite(work: Work, practice: Practice, now: datetime) -> int:
    """Where the pathway invites the person to a meeting, somebody is asked to do so as soon as it is booked (S3-31)."""
    asked = 0
    for meeting, case in work.followups.reviews_ahead(practice.area.id, now):
        if practice.of(case).stage(meeting.stage).subject_attends == "invited":
            asked += ask_to_invite(work, practice, meeting, case, now)
    return asked


def _unbooked(work: Work, practice: Practice, now: datetime) -> int:
    """Reviews that come due soon and have no meeting: the coordinator hears, then the chair as well (T20)."""
    today, told = practice.today(now), 0
    query = select(CaseRow).where(
        CaseRow.area == practice.area.id,
        col(CaseRow.state).in_(REVIEWED),
        col(CaseRow.next_review).is_not(None),
        col(CaseRow.next_review) >= today,
    )
    for case in work.session.exec(query).all():
        assert case.next_review is not None
        days = practice.days(case.nation)
        steps = [chair for offset, chair in UNBOOKED if days.shift(case.next_review, offset) <= today]
        if not steps or _booked(work, case, now):
            continue
        people = {case.coordinator_id, (case.chair_id if steps[-1] else None) or case.coordinator_id}
        for person in sorted(people):
            key = f"{case.next_review}:{len(steps)}"
            tell(work, "review_unbooked", case.id, f"person:{person}", now, key=key)
            told += 1
    return told


def _booked(work: Work, case: CaseRow, now: datetime) -> bool:
    """Whether a meeting that looks at the plan again has been booked."""
    meetings = work.meetings.of_case(case.id)
    return any(
        each.state == "invited" and each.kind != "discussion" and each.starts_at and each.starts_at > now
        for each in meetings
    )


def _uninvited(work: Work, practice: Practice, now: datetime) -> int:
    """Two working days before: who was asked to invite the person and has not said, and the coordinator."""
    soon, told = practice.days().shift(practice.today(now), 2), 0
    for meeting, case in work.followups.reviews_ahead(practice.area.id, now):
        for row in work.followups.subject_invitations(case.id):
            waits = row.recorded_at is None or row.answer == "no_answer"
            if row.meeting_id != meeting.id or not waits or row.chased_at is not None:
                continue
            if practice.today(row.for_at) <= soon:
                row.chased_at = now
                for person in sorted({row.asked_id, case.coordinator_id}):
                    key = row.for_at.isoformat()
                    tell(work, "subject_chase", row.id, f"person:{person}", now, key=key)
                    told += 1
    return told


def _still_due(work: Work, row: DisputeRow | ClosureRoundRow, now: datetime) -> bool:
    """Two who look at once: the second waits, and finds it done."""
    work.session.refresh(row, with_for_update=True)
    return row.next_at is not None and row.next_at <= now


def _morning(practice: Practice, case: CaseRow, now: datetime, working_days: int) -> datetime:
    day = practice.days(case.nation).shift(practice.today(now), working_days)
    return instant(day, practice.area.zone)
