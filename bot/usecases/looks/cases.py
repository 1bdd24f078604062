"""Looks at cases: the card in the panel's channel and the lists of App Home."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.people import Person
from bot.domain.states import CASE, CaseState
from bot.domain.workdays import Unit
from bot.storage.tables import CaseClockRow, CaseRow
from bot.storage.transaction import Work
from bot.views.cases import CaseCard, CaseLine, ClockLine

LISTABLE = (CaseState.OPEN, CaseState.LISTED, CaseState.RELISTED, CaseState.PLAN_ACTIVE, CaseState.IN_REVIEW)


def case_card(work: Work, practice: Practice, id: str, now: datetime) -> CaseCard:
    """The card of a case: reference, clocks, agencies, how many actions; never a name of anybody it is about."""
    row = work.cases.row(id)
    pathway = practice.of(row)
    actions = work.plans.of_case(id)
    today = practice.today(now)
    booked = [m for m in work.meetings.of_case(id) if m.state == "invited" and m.ends_at and m.ends_at > now]
    return CaseCard(
        id=row.id,
        ref=row.ref,
        pathway=pathway.title,
        state=row.state,
        opened_at=row.opened_at,
        coordinator=work.register.person(row.coordinator_id).name,
        chair=work.register.person(row.chair_id).name if row.chair_id else "",
        agencies=tuple(work.register.agency(agency).name for agency in work.cases.agencies(id)),
        clocks=clock_lines(work, practice, row, now),
        open_actions=sum(action.state != "closed" for action in actions),
        closed_actions=sum(action.state == "closed" for action in actions),
        overdue_actions=sum(action.state != "closed" and action.due < today for action in actions),
        next_review=row.next_review,
        meeting_at=min((m.starts_at for m in booked if m.starts_at), default=None),
        drill=row.drill,
        listable=row.state in LISTABLE,
        many_cases=any(stage.recurs is not None for stage in pathway.stages),
        closable=CASE.allows(row.state, "propose_close") and not any(a.state != "closed" for a in actions),
        closed=row.state == CaseState.CLOSED,
        asked=bool(work.involvement.of_case(id)),
    )


def clock_lines(work: Work, practice: Practice, row: CaseRow, now: datetime) -> tuple[ClockLine, ...]:
    """The case's deadlines in working days of its own nation, the earliest first."""
    pathway = practice.of(row)
    titles = {stage.id: stage.title for stage in pathway.stages}
    hourly = {stage.id for stage in pathway.stages if stage.due and stage.due.unit is Unit.HOURS}
    days, today = practice.days(row.nation), practice.today(now)
    return tuple(
        ClockLine(
            stage=titles.get(clock.stage, clock.stage),
            due_on=clock.due_on,
            due_at=clock.due_at,
            met_at=clock.met_at,
            working_days_left=days.count(today, clock.due_on),
            met_late=clock.met_at is not None and clock.met_at > clock.due_at,
            by_the_hour=clock.stage in hourly,
        )
        for clock in work.cases.clocks(row.id)
    )


def cases_for(work: Work, practice: Practice, by: Person, now: datetime) -> tuple[CaseLine, ...]:
    """Every live case that this person may open, the one with the nearest deadline first."""
    live = [state.value for state in CaseState if state is not CaseState.CLOSED]
    lines = [_line(work, practice, row, now) for row in work.cases.visible_to(by, *live)]
    return tuple(
        sorted(
            lines, key=lambda line: (line.working_days_left is None, line.working_days_left or 0, line.ref)
        )
    )


def _line(work: Work, practice: Practice, row: CaseRow, now: datetime) -> CaseLine:
    pathway = practice.of(row)
    titles = {stage.id: stage.title for stage in pathway.stages}
    pending: CaseClockRow | None = next((c for c in work.cases.clocks(row.id) if c.met_at is None), None)
    days = practice.days(row.nation)
    return CaseLine(
        id=row.id,
        ref=row.ref,
        pathway=pathway.title,
        state=row.state,
        next_stage=titles.get(pending.stage, pending.stage) if pending else "",
        next_due=pending.due_on if pending else row.next_review,
        working_days_left=days.count(practice.today(now), pending.due_on) if pending else None,
        open_actions=sum(action.state != "closed" for action in work.plans.of_case(row.id)),
    )
