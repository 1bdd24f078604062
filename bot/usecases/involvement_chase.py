"""Agencies that are silent are asked again, in their one message of the day, and those above them hear of it (T09).

The agency's contact first, then their deputy and the agency's lead, then the coordinator, who goes on hearing of it
until the agency answers or a person decides to wait no longer. No reply stays no reply (design.md rules 7 and 8).
"""

from collections.abc import Iterator
from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.involvement import due_on, ladder
from bot.domain.nudges import day_out, moment_out
from bot.domain.people import Person
from bot.domain.recipients import recipients
from bot.domain.states import CaseState
from bot.storage.involvement import is_silent
from bot.storage.involvement_tables import InvolvementCheckRow
from bot.storage.tables import CaseRow, NudgeRow
from bot.storage.transaction import Begin, Work
from bot.usecases.involvement import ASKING, contact_for, held_on, show_check
from bot.usecases.looks.involvement import next_meeting, research_wanted
from bot.usecases.owed import tell
from bot.usecases.roster import Roster
from bot.views.involvement import WaitingCheck

KINDS = ("involvement:", "research:")
"""How a nudge about an agency's answer, or its research return, begins its name; the check's id follows."""


def remind(work: Work, practice: Practice, now: datetime) -> int:
    """Plan today's reminders; how many are new. Harmless when asked twice on one day.

    The day until which an answer is wanted moves forward with a meeting that was booked since, and the contact is
    another one where theirs has left. A week offline costs one reminder.
    """
    roster, today, new = Roster(work, practice), practice.today(now), 0
    for row, case in work.involvement.open_checks(practice.area.id):
        _bring_up_to_date(work, practice, row, case, roster, now)
        for what, since, due in _waited_for(work, practice, row, case, now):
            climb = ladder(due, practice.days(case.nation)).climb(since, today)
            holders = roster.of_check(row.agency_id, row.person_id, case, today)
            for step in climb.now:
                for each in recipients(step.to, holders)[0]:
                    nudge = NudgeRow(
                        id=f"nudge:{what}:{row.id}:{due}:{step.name}:{each.person_id}",
                        referral_id=case.referral_id,
                        due=due,
                        rung=f"{what}:{row.id}:{step.name}",
                        to_role=each.role,
                        person_id=each.person_id,
                        day=today,
                        state="planned",
                        why=each.why,
                        at=now,
                    )
                    new += work.nudges.add(nudge)
    return new


def chase_case(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> int:
    """Ask the silent agencies of a case again now, each at most once a day and in working hours; how many."""
    with begin() as work:
        case = work.cases.opened(case_id, by, ASKING, now)
        return _chase(work, practice, case, by, now)


def chase_meeting(begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime) -> int:
    """The same for every case on a meeting's agenda that this person may ask about."""
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        cases = [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]
        mine = [case for case in cases if may(by, ASKING, work.cases.thing(case))]
        return sum(_chase(work, practice, case, by, now) for case in mine)


def moved_on(work: Work, row: NudgeRow) -> str:
    """Why a planned reminder is needless by now; "" while it holds."""
    what, check_id, _ = row.rung.split(":", 2)
    check = work.involvement.check(check_id)
    if work.cases.row(check.case_id).state == CaseState.CLOSED:
        return "the case was closed"
    if check.stopped_at is not None:
        return "not waited for any more"
    done = not is_silent(check) if what == "involvement" else bool(work.involvement.returns(check.id))
    if done:
        return "answered meanwhile"
    mine = row.to_role != "owner" or row.person_id == check.person_id
    return "" if mine else "somebody else is asked"


def waiting_check(work: Work, practice: Practice, row: NudgeRow, now: datetime) -> WaitingCheck:
    """A reminder as its reader sees it: the agency, the reference, how long it has waited."""
    what, check_id, _ = row.rung.split(":", 2)
    check = work.involvement.check(check_id)
    case = work.cases.row(check.case_id)
    left = practice.days(case.nation).count(practice.today(now), row.due)
    return WaitingCheck(
        id=check.id,
        case_id=case.id,
        ref=case.ref,
        what="answer" if what == "involvement" else "research",
        agency=work.register.agency(check.agency_id).name,
        due=row.due,
        overdue_by=max(0, -left),
        due_in=max(0, left),
    )


def _waited_for(
    work: Work, practice: Practice, row: InvolvementCheckRow, case: CaseRow, now: datetime
) -> Iterator[tuple[str, date, date]]:
    """What is waited for from this agency: its kind, since when, and until when."""
    if is_silent(row):
        yield "involvement", practice.today(row.asked_at), row.due_on
        return
    pathway = practice.of(case)
    panel = next_meeting(work, case.id, now, panel=True)
    if panel is None or panel.starts_at is None or row.answered_at is None:
        return
    if research_wanted(work, pathway, row) and not work.involvement.returns(row.id):
        since, days = practice.today(row.answered_at), practice.days(case.nation)
        before = days.shift(practice.today(panel.starts_at), -pathway.involvement.before_meeting_wd)
        yield "research", since, max(since, before)


def _bring_up_to_date(
    work: Work,
    practice: Practice,
    row: InvolvementCheckRow,
    case: CaseRow,
    roster: Roster,
    now: datetime,
) -> None:
    if not is_silent(row):
        return
    rule, days = practice.of(case).involvement, practice.days(case.nation)
    sooner = due_on(rule, practice.today(row.asked_at), days, held_on(work, practice, case.id, now))
    barred = work.cases.thing(case).barred
    gone = row.person_id is None or row.person_id not in roster.people or row.person_id in barred
    person = contact_for(work, practice, case, row.agency_id, now) if gone else row.person_id
    if sooner < row.due_on or person != row.person_id:
        row.due_on, row.person_id = min(sooner, row.due_on), person
        work.session.flush()
        show_check(work, row, now)


def _chase(work: Work, practice: Practice, case: CaseRow, by: Person, now: datetime) -> int:
    today, area = practice.today(now), practice.area
    day = day_out(now, practice.days(), area.zone, area.opens, area.shuts)
    when = moment_out(day, now, area.zone, area.opens)
    chased = []
    for row in work.involvement.of_case(case.id):
        if not is_silent(row) or row.stopped_at is not None or row.person_id is None:
            continue
        if case.state == CaseState.CLOSED or row.chased_on == today or _nudged(work, row, today):
            continue
        row.chased_on = today
        tell(work, "involvement_chase", row.id, f"person:{row.person_id}", when, key=today.isoformat())
        chased.append(row.agency_id)
    if chased:
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="involvement.chased",
            thing=f"case:{case.id}",
            facts={"agencies": chased},
            at=now,
        )
    return len(chased)


def _nudged(work: Work, row: InvolvementCheckRow, today: date) -> bool:
    """Whether the contact has had a reminder of this today, or is about to: one message a day is enough."""
    query = select(NudgeRow.id).where(
        NudgeRow.person_id == row.person_id,
        NudgeRow.day == today,
        col(NudgeRow.state).in_(("planned", "sent")),
        col(NudgeRow.rung).startswith(f"involvement:{row.id}:"),
    )
    return work.session.exec(query).first() is not None
