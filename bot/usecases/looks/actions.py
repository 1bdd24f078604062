"""Looks at actions: the list of a case, an owner's message and own list, and what happens next about each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.actions import ActionState
from bot.domain.area import Practice
from bot.domain.recipients import recipients
from bot.storage.plans import action_of
from bot.storage.tables import ActionRow, CaseRow, PersonRow
from bot.storage.transaction import Work
from bot.usecases.leave import leave_of
from bot.usecases.plan_changes import decider, ladder_of
from bot.usecases.roster import Roster
from bot.views.actions import ActionLine, ActionList, ActionNote, NextStep, OwnActions

PER_PAGE = 10
"""Actions to a page: with their buttons, about thirty of the fifty blocks that a message may hold."""


OF_ONES_OWN = 4
"""Actions with their answers in a list of one's own: a card has room for so many beside the page itself."""


def action_list(work: Work, practice: Practice, case_id: str, now: datetime) -> ActionList:
    """The first page of a case's action list, for the panel's channel; the other pages open for whoever asks."""
    case, today = work.cases.row(case_id), practice.today(now)
    waiting = [action_of(row) for row in work.plans.of_case(case_id)]
    waiting = sorted((each for each in waiting if each.open), key=lambda each: each.due)
    away = work.register.away(today, practice.area.zone)
    viewers = [decider(case, each) for each in waiting if each.with_chair]
    for each in waiting:
        deputy = work.register.row(each.owner_id).deputy_id if each.owner_id in away else None
        viewers += [each.owner_id, *([deputy] if deputy else [])]
    return replace(list_page(work, practice, case_id, 1, now), viewers=tuple(dict.fromkeys(viewers)))


def own_list(work: Work, practice: Practice, case_id: str, person_id: str, now: datetime) -> ActionList:
    """The same as one person sees it: what they have to answer or decide in this case stands on top, to be pressed."""
    case, today, roster = work.cases.row(case_id), practice.today(now), Roster(work, practice)
    owners = {person_id, *_stood_in_for(work, practice, person_id, today)}
    rows = sorted(work.plans.of_case(case_id), key=lambda row: (row.due, row.number))
    open_ = [(row, action_of(row)) for row in rows if row.state != "closed"]
    decides = [row for row, each in open_ if each.with_chair and decider(case, each) == person_id]
    mine = [row for row, each in open_ if row.owner_id in owners]
    return replace(
        action_list(work, practice, case_id, now),
        to_decide=tuple(line(work, practice, row, now, roster) for row in decides[:OF_ONES_OWN]),
        mine=tuple(line(work, practice, row, now, roster) for row in mine[:OF_ONES_OWN]),
        more=len(decides[OF_ONES_OWN:]) + len(mine[OF_ONES_OWN:]),
    )


def list_page(work: Work, practice: Practice, case_id: str, page: int, now: datetime) -> ActionList:
    """One page of a case's actions, from 1: open ones first by deadline, then closed ones, the latest first."""
    case = work.cases.row(case_id)
    rows = work.plans.of_case(case_id)
    still = sorted((row for row in rows if row.state != "closed"), key=lambda row: (row.due, row.number))
    closed = sorted((row for row in rows if row.state == "closed"), key=_closed_at, reverse=True)
    shown, page, pages = paged([*still, *closed], page)
    today, roster = practice.today(now), Roster(work, practice)
    return ActionList(
        case_id=case_id,
        ref=case.ref,
        lines=tuple(line(work, practice, row, now, roster) for row in shown),
        page=page,
        pages=pages,
        open=len(still),
        closed=len(closed),
        overdue=sum(row.due < today for row in still),
        drill=case.drill,
    )


def action_message(work: Work, practice: Practice, id: str, now: datetime) -> ActionLine:
    """An action as its owner's own message shows it."""
    return line(work, practice, work.plans.row(id), now, Roster(work, practice))


def action_note(work: Work, practice: Practice, id: str, now: datetime) -> ActionNote:
    """An action with the last thing that was done to it, for a message to its owner."""
    row = work.plans.row(id)
    event = work.plans.last_event(id)
    actors = work.register.rows([event.actor]) if event else {}
    return ActionNote(
        line=line(work, practice, row, now, Roster(work, practice)),
        by=next((person.name for person in actors.values()), "Somebody"),
        at=event.at if event else None,
        for_chair=False,
    )


def extension_note(work: Work, practice: Practice, id: str, now: datetime) -> ActionNote | None:
    """The same for whoever decides on more time; None when that has been decided, or is no longer asked."""
    return _awaited(work, practice, id, now) if work.plans.row(id).asked_due else None


def declined_note(work: Work, practice: Practice, id: str, now: datetime) -> ActionNote | None:
    """The same for whoever decides on a "cannot do"; None when that has been decided meanwhile."""
    return _awaited(work, practice, id, now) if work.plans.row(id).state == ActionState.DECLINED else None


def _awaited(work: Work, practice: Practice, id: str, now: datetime) -> ActionNote | None:
    if not work.plans.action(id).with_chair:
        return None
    note = action_note(work, practice, id, now)
    return ActionNote(line=note.line, by=note.by, at=note.at, for_chair=True)


def own_actions(work: Work, practice: Practice, person_id: str, now: datetime, page: int = 1) -> OwnActions:
    """What a person owes, and whatever somebody on leave owes whose deputy they are; what they have to decide."""
    today = practice.today(now)
    owners = [person_id, *_stood_in_for(work, practice, person_id, today)]
    rows = [row for owner in owners for row in work.plans.open_of_owner(owner)]
    shown, page, pages = paged(sorted(rows, key=lambda row: (row.due, row.case_id, row.number)), page)
    roster = Roster(work, practice)
    return OwnActions(
        lines=tuple(line(work, practice, row, now, roster) for row in shown),
        to_decide=tuple(
            line(work, practice, row, now, roster) for row in _to_decide(work, person_id)[:PER_PAGE]
        ),
        page=page,
        pages=pages,
        total=len(rows),
        leave=tuple((each.id, each.first, each.last) for each in leave_of(work, practice, person_id, now)),
    )


def line(
    work: Work,
    practice: Practice,
    row: ActionRow,
    now: datetime,
    roster: Roster | None = None,
    *,
    beyond: bool = False,
) -> ActionLine:
    """An action as every list shows it: pointers only. `beyond`: its next step is the one after those on their way."""
    action, case = action_of(row), work.cases.row(row.case_id)
    days, today = practice.days(case.nation), practice.today(now)
    labels = {choice.id: choice.label for choice in practice.of(case).actions.categories}
    left = days.count(today, action.due) if action.open else 0
    return ActionLine(
        id=row.id,
        seen=f"{row.id}.{row.version}",
        ref=row.ref,
        case_ref=case.ref,
        category=labels.get(row.category, row.category),
        agency=work.register.agency(row.agency_id).name,
        owner=work.register.row(row.owner_id).name,
        due=row.due,
        state=row.state,
        state_words=action.words,
        open=action.open,
        overdue_by=max(1, -left) if action.overdue(today) else 0,
        due_in=max(0, left),
        asked_due=row.asked_due,
        with_chair=action.with_chair,
        may_snooze=action.open and not action.snoozed_once and action.state != "declined",
        next_step=next_step_of(work, practice, row, now, roster, beyond=beyond),
        closed_on=practice.today(row.closed_at) if row.closed_at else None,
        drill=case.drill,
    )


def next_step_of(
    work: Work,
    practice: Practice,
    row: ActionRow,
    now: datetime,
    roster: Roster | None = None,
    *,
    beyond: bool = False,
) -> NextStep | None:
    """What happens next about an action, when, and to whom; None only for a closed one (design.md rule 8)."""
    action = action_of(row)
    if not action.open:
        return None
    roster, today = roster or Roster(work, practice), practice.today(now)
    planned = [each for each in work.nudges.planned_for(row.id) if each.day >= today and each.person_id]
    if planned and not beyond:
        first = [each for each in planned if each.day == planned[0].day]
        return NextStep(
            on=first[0].day,
            people=tuple(roster.name(each.person_id) for each in first if each.person_id),
            escalated=any(each.to_role != "owner" for each in first),
            decides=first[0].rung.startswith("decide"),
        )
    case = work.cases.row(row.case_id)
    step = ladder_of(practice, case, action).next_step(action.nudged_on)
    on = max(step.day, today)
    told, _ = recipients(step.to, roster.of_action(row, case, on))
    return NextStep(
        on=on,
        people=tuple(roster.name(each.person_id) for each in told),
        escalated=step.escalated,
        decides=step.name.startswith("decide"),
    )


def paged(rows: Sequence[ActionRow], page: int) -> tuple[Sequence[ActionRow], int, int]:
    """The rows of a page, its number and how many pages there are; a page too far is the last one."""
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(max(page, 1), pages)
    return rows[(page - 1) * PER_PAGE : page * PER_PAGE], page, pages


def _closed_at(row: ActionRow) -> tuple[datetime, int]:
    return row.closed_at or row.created_at, row.number


def _stood_in_for(work: Work, practice: Practice, person_id: str, today: date) -> list[str]:
    query = select(PersonRow.id).where(PersonRow.deputy_id == person_id, PersonRow.area == practice.area.id)
    zone = practice.area.zone
    return [id for id in work.session.exec(query) if work.register.on_leave(id, today, zone)]


def _to_decide(work: Work, person_id: str) -> list[ActionRow]:
    """Actions on which this very person's word is awaited, the longest waiting first."""
    query = (
        select(ActionRow, CaseRow)
        .join(CaseRow, col(ActionRow.case_id) == col(CaseRow.id))
        .where(
            (col(CaseRow.chair_id) == person_id) | (col(CaseRow.coordinator_id) == person_id),
            CaseRow.state != "closed",
            col(ActionRow.asked_on).is_not(None),
        )
        .order_by(col(ActionRow.asked_on), col(ActionRow.ref))
    )
    return [
        row
        for row, case in work.session.exec(query)
        if action_of(row).with_chair and decider(case, action_of(row)) == person_id
    ]
