"""A look at every live case by the working days left on its next clock, and what blocks it (design.md section 1)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.actions import ActionState
from bot.domain.area import Practice
from bot.domain.board import Band, Block, Due, Standing, in_order, soonest
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.quorum import Outlook
from bot.domain.states import CaseState, MeetingState
from bot.domain.workdays import LONDON
from bot.storage.breach_tables import BreachRow
from bot.storage.practice_shares import InfoShareRow
from bot.storage.tables import (
    ActionRow,
    AgendaItemRow,
    CaseAgencyRow,
    CaseClockRow,
    CaseRow,
    MeetingRow,
    PersonRow,
    ReferralRow,
    VoiceRow,
)
from bot.storage.transaction import Work
from bot.storage.working_together_tables import OnwardReferralRow
from bot.usecases.looks.quorum import expected
from bot.usecases.looks.referrals import lacks_its_second_form
from bot.views.board import Board, BoardBlock, BoardLine

PAGE = 12
"""Cases on a page."""

VIEWS_WANTED = 2
"""Working days before a meeting from which missing views are told."""

REVIEW_WANTED = 5
"""Working days before a review is due from which it is told that none is booked."""

BLOCKED, MINE = "blocked", "mine"


@dataclass(kw_only=True)
class _Known:
    """What the database holds of one case."""

    row: CaseRow
    referral: ReferralRow
    clocks: list[CaseClockRow] = field(default_factory=list)
    actions: list[ActionRow] = field(default_factory=list)
    meetings: list[MeetingRow] = field(default_factory=list)
    agencies: list[CaseAgencyRow] = field(default_factory=list)
    heard: bool = False
    unreceived: int = 0
    breaches: int = 0


def board(
    work: Work,
    practice: Practice,
    by: Person,
    now: datetime,
    *,
    pathway_id: str = "",
    shown: str = "",
    page: int = 0,
) -> Board:
    """A page of the live cases that this person may open, of one pathway or of all, the most pressing first.

    The number of questions put to the database does not grow with the cases, but for asking who may see each.
    """
    live = [state.value for state in CaseState if state is not CaseState.CLOSED]
    cases = [row for row in work.cases.visible_to(by, *live) if not pathway_id or row.pathway == pathway_id]
    known = _known(work, practice, cases, now)
    outlooks = _outlooks(work, practice, known.values())
    standing = {id: _standing(practice, each, outlooks, now) for id, each in known.items()}
    mine = {row.id for row in cases if row.coordinator_id == by.id}
    bands = Counter(each.band.value for each in standing.values())
    chosen = in_order(each for each in standing.values() if _is_shown(each, shown, mine))
    pages = max(1, -(-len(chosen) // PAGE))
    at = min(max(page, 0), pages - 1)
    on_page = chosen[at * PAGE : (at + 1) * PAGE]
    names = work.register.rows({known[each.case_id].row.coordinator_id for each in on_page})
    return Board(
        at=now,
        pathway=practice.pathways[pathway_id].title if pathway_id else "",
        pathway_id=pathway_id,
        shown=shown,
        bands={band.value: bands[band.value] for band in Band},
        blocked=sum(bool(each.blocks) for each in standing.values()),
        mine=len(mine),
        total=len(standing),
        lines=tuple(_line(practice, names, known[each.case_id], each) for each in on_page),
        page=at + 1,
        pages=pages,
        drill=practice.area.drill,
    )


def _is_shown(each: Standing, shown: str, mine: set[str]) -> bool:
    if shown == BLOCKED:
        return bool(each.blocks)
    if shown == MINE:
        return each.case_id in mine
    return not shown or each.band == shown


def _known(work: Work, practice: Practice, cases: list[CaseRow], now: datetime) -> dict[str, _Known]:
    ids = [row.id for row in cases]
    session = work.session

    referrals = work.referrals.rows([row.referral_id for row in cases])
    known = {row.id: _Known(row=row, referral=referrals[row.referral_id]) for row in cases}
    for clock in session.exec(select(CaseClockRow).where(col(CaseClockRow.case_id).in_(ids))):
        known[clock.case_id].clocks.append(clock)
    for action in session.exec(
        select(ActionRow).where(col(ActionRow.case_id).in_(ids), ActionRow.state != ActionState.CLOSED)
    ):
        known[action.case_id].actions.append(action)
    for agency in session.exec(select(CaseAgencyRow).where(col(CaseAgencyRow.case_id).in_(ids))):
        known[agency.case_id].agencies.append(agency)
    for case_id in session.exec(select(VoiceRow.case_id).where(col(VoiceRow.case_id).in_(ids))):
        known[case_id].heard = True
    waits = col(OnwardReferralRow.next_at).is_not(None)
    for case_id in session.exec(
        select(OnwardReferralRow.case_id).where(col(OnwardReferralRow.case_id).in_(ids), waits)
    ):
        known[case_id].unreceived += 1
    breaches = (
        select(InfoShareRow.case_id)
        .join(BreachRow, col(BreachRow.share_id) == col(InfoShareRow.id))
        .where(col(InfoShareRow.case_id).in_(ids), col(BreachRow.decided_at).is_(None))
    )
    for case_id in session.exec(breaches):
        known[case_id].breaches += 1
    booked = {row.id: row for row in work.meetings.upcoming(practice.area.id, now)}
    for item in session.exec(select(AgendaItemRow).where(col(AgendaItemRow.case_id).in_(ids))):
        if item.meeting_id in booked:
            known[item.case_id].meetings.append(booked[item.meeting_id])
    return known


@dataclass(frozen=True, kw_only=True)
class _Answers:
    at_risk: bool
    unanswered: int


def _outlooks(work: Work, practice: Practice, known: Iterable[_Known]) -> dict[str, _Answers]:
    meetings = {row.id: row for each in known for row in each.meetings}
    found = {}
    for id, row in meetings.items():
        if row.state != MeetingState.INVITED:
            continue
        seen = expected(work, practice, row)
        found[id] = _Answers(
            at_risk=seen.outlook is Outlook.AT_RISK,
            unanswered=sum(each.answer == "none" for each in seen.answers),
        )
    return found


def _standing(practice: Practice, known: _Known, outlooks: Mapping[str, _Answers], now: datetime) -> Standing:
    row, today = known.row, practice.today(now)
    pathway, days = practice.of(row), practice.days(row.nation)

    def due(what: str, on: date) -> Due:
        return Due(what=what, on=on, days=days.count(today, on))

    titles = {stage.id: stage.title for stage in pathway.stages}
    clocks = [
        due(titles.get(each.stage, each.stage), each.due_on) for each in known.clocks if each.met_at is None
    ]
    if row.next_review is not None:
        clocks.append(due("Review", row.next_review))
    clocks += [due(f"Action {each.ref}", each.due) for each in known.actions]
    counts = dict(_blocks(known, pathway, outlooks, today, lambda on: days.count(today, on)))
    return Standing(
        case_id=row.id,
        ref=row.ref,
        next=soonest(clocks),
        blocks={block: counts[block] for block in Block if counts.get(block)},
    )


def _blocks(
    known: _Known,
    pathway: Pathway,
    outlooks: Mapping[str, _Answers],
    today: date,
    left: Callable[[date], int],
) -> Iterable[tuple[Block, int]]:
    row = known.row
    booked = {meeting.stage for meeting in known.meetings}
    waiting = [clock for clock in known.clocks if clock.met_at is None]
    answers = [outlooks[each.id] for each in known.meetings if each.id in outlooks]
    near = any(
        each.starts_at and left(each.starts_at.astimezone(LONDON).date()) <= VIEWS_WANTED
        for each in known.meetings
    )
    reviews = {stage.id for stage in pathway.stages if stage.kind == "review"}
    yield Block.SECOND_FORM, int(lacks_its_second_form(pathway, known.referral, today))
    first = min(waiting, key=lambda clock: clock.due_at, default=None)
    yield Block.NO_MEETING, int(first is not None and first.stage not in booked)
    yield Block.QUORUM, sum(each.at_risk for each in answers)
    yield Block.UNANSWERED, sum(each.unanswered for each in answers)
    yield Block.NO_VIEWS, int(near and not known.heard)
    yield Block.TO_DECIDE, sum(_is_for_the_chair(each) for each in known.actions)
    yield Block.OVERDUE, sum(each.due < today for each in known.actions)
    yield Block.NOT_ACCEPTED, sum(each.state == ActionState.ASSIGNED for each in known.actions)
    soon = row.next_review is not None and left(row.next_review) <= REVIEW_WANTED
    yield Block.NO_REVIEW, int(soon and not booked & reviews)
    closing = row.state == CaseState.CLOSURE_PROPOSED
    silent = sum(each.agrees_to_close is None for each in known.agencies) if closing else 0
    yield Block.NO_RECEIPT, known.unreceived
    yield Block.BREACH, known.breaches
    yield Block.AGREEMENT, silent
    yield Block.TO_CLOSE, int(closing and not silent)


def _is_for_the_chair(action: ActionRow) -> bool:
    """Whether the next word is the chair's: on more time, or on an action that its owner cannot do."""
    return action.state == ActionState.DECLINED or action.asked_due is not None


def _line(practice: Practice, names: Mapping[str, PersonRow], known: _Known, standing: Standing) -> BoardLine:
    row, next = known.row, standing.next
    return BoardLine(
        id=row.id,
        ref=row.ref,
        pathway=practice.of(row).title,
        state=row.state,
        coordinator=names[row.coordinator_id].name,
        what=next.what if next else "",
        due_on=next.on if next else None,
        days_left=next.days if next else None,
        meeting_at=min((each.starts_at for each in known.meetings if each.starts_at), default=None),
        blocks=tuple(BoardBlock(kind=block.value, count=count) for block, count in standing.blocks.items()),
    )
