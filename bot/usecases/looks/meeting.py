"""Looks at meetings: their card, a person's invitation, the meeting in progress, a proposal to close."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.agenda import Listed, minutes_over, timetable
from bot.domain.area import Practice
from bot.domain.hearing import lacking
from bot.domain.pathway import Pathway
from bot.domain.people import type_said
from bot.domain.recurrence import agenda_out_on, list_closes_on
from bot.domain.risk import RATING_WORDS
from bot.domain.states import CaseState, MeetingState
from bot.storage.tables import AgendaItemRow, MeetingRow
from bot.storage.transaction import Work
from bot.usecases.close import unsigned
from bot.usecases.hold import record_of
from bot.usecases.invitees import agencies_asked, stands
from bot.usecases.looks.involvement import missing_on, missing_replies
from bot.usecases.looks.quorum import expected
from bot.usecases.minutes_due import due_on
from bot.usecases.present import counts_quorum, quorum_now
from bot.usecases.views_first import unheard
from bot.views.meeting import (
    AgencyAttendance,
    AgendaForAgency,
    AgendaLine,
    AgendaSoon,
    CaseProgress,
    ClosureAgency,
    ClosureAsk,
    ClosureCard,
    HoldCard,
    InvitationCard,
    MeetingCard,
    Pick,
)

ENOUGH = "plan_adequate"
"""The prompt by which a pathway asks for it person by person (S4-06)."""


def meeting_card(work: Work, practice: Practice, id: str, now: datetime) -> MeetingCard | None:
    """The meeting as its room sees it; nothing for one that has no time yet."""
    row = work.meetings.row(id)
    if row.starts_at is None or row.ends_at is None:
        return None
    pathway = practice.pathways[row.pathway]
    seen = expected(work, practice, row)
    agenda = agenda_lines(work, pathway, row)
    return MeetingCard(
        id=row.id,
        pathway=pathway.title,
        stage=pathway.stage(row.stage).title,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        chair=work.register.person(row.chair_id).name if row.chair_id else "",
        minutes=work.register.person(row.minute_taker_id).name if row.minute_taker_id else "",
        minutes_answer=_answer_of(work, row, row.minute_taker_id),
        answers=seen.answers,
        outlook=seen.outlook.value,
        coming=seen.standing.counted,
        needed=seen.standing.needed if counts_quorum(row) else 0,
        lacking=type_words(seen.standing.lacking) if counts_quorum(row) else (),
        agenda=agenda,
        minutes_over=minutes_over([line.minutes for line in agenda], row.minutes_long),
        cancelled_why=row.cancelled_why or "",
        moved=row.moves > 0,
        drill=row.drill,
        unheard=tuple(Pick(id=case.id, label=case.ref) for case in unheard(work, practice, row)),
    )


def invitation_card(work: Work, practice: Practice, id: str, now: datetime) -> InvitationCard | None:
    """A person's own invitation, with their answer."""
    row = work.meetings.invitation_row(id)
    meeting = work.meetings.row(row.meeting_id)
    pathway = practice.pathways[meeting.pathway]
    deputy = work.register.row(row.person_id).deputy_id
    return InvitationCard(
        id=row.id,
        meeting_id=meeting.id,
        stage=pathway.stage(meeting.stage).title,
        pathway=pathway.title,
        refs=refs_of(work, meeting),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        chair=work.register.person(meeting.chair_id).name if meeting.chair_id else "",
        agency=work.register.agency(row.agency_id).name,
        speaks=row.speaks,
        state=meeting.state,
        answer=row.answer,
        way=row.way,
        withdrawn=row.withdrawn,
        as_deputy=row.as_deputy,
        deputy=work.register.person(deputy).name if deputy else "",
        moved=meeting.moves > 0,
        cancelled_why=meeting.cancelled_why or "",
        open=stands(row, meeting, now),
        drill=meeting.drill,
        priority=pathway.stage(meeting.stage).priority,
    )


def agenda_out(work: Work, practice: Practice, id: str, now: datetime) -> AgendaForAgency | None:
    """The agenda as whoever holds this invitation gets it: the cases that their agency works on, by reference.

    Nothing for somebody who is not asked any more, or who must not know of a case on it.
    """
    row = work.meetings.invitation_row(id)
    meeting = work.meetings.row(row.meeting_id)
    barred = work.meetings.thing(meeting).barred
    if (
        not stands(row, meeting, now)
        or row.person_id in barred
        or not meeting.starts_at
        or not meeting.ends_at
    ):
        return None
    pathway = practice.pathways[meeting.pathway]
    listed = [line for line in agenda_lines(work, pathway, meeting) if line.ref]
    own = tuple(line for line in listed if row.agency_id in work.cases.agencies(line.case_id))
    owed = [
        action.ref
        for line in own
        for action in work.plans.of_case(line.case_id)
        if action.agency_id == row.agency_id and action.state != "closed"
    ]
    return AgendaForAgency(
        id=row.id,
        stage=pathway.stage(meeting.stage).title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        agency=work.register.agency(row.agency_id).name,
        cases=own,
        others=len(listed) - len(own),
        owed=tuple(owed),
        drill=meeting.drill,
    )


def agenda_soon(work: Work, practice: Practice, id: str, now: datetime) -> AgendaSoon | None:
    """What is on a panel's agenda before it goes out; nothing once it has, or the panel is off."""
    row = work.meetings.row(id)
    pathway = practice.pathways[row.pathway]
    stage = pathway.stage(row.stage)
    if row.starts_at is None or row.state != MeetingState.INVITED or row.agenda_sent_at is not None:
        return None
    held, days = practice.today(row.starts_at), practice.pathway_days(pathway)
    out = agenda_out_on(stage, held, days)
    if out is None:
        return None
    waiting = work.cases.how_many(row.area, row.pathway, CaseState.OPEN, CaseState.RELISTED)
    return AgendaSoon(
        id=row.id,
        stage=stage.title,
        state=row.state,
        starts_at=row.starts_at,
        out=out,
        closes=list_closes_on(stage, held, days),
        refs=refs_of(work, row),
        waiting=waiting,
        drill=row.drill,
        missing=missing_on(work, practice, [item.case_id for item in work.meetings.agenda(row.id)]),
    )


def hold_card(work: Work, practice: Practice, id: str, now: datetime) -> HoldCard | None:
    """The meeting in progress, or how it ended; nothing before it starts."""
    row = work.meetings.row(id)
    if row.started_at is None:
        return None
    pathway = practice.pathways[row.pathway]
    quorum, newest = quorum_now(work, practice, row), work.minutes.newest(row.id)
    cases = progress(work, pathway, row)
    return HoldCard(
        id=row.id,
        pathway=pathway.title,
        stage=pathway.stage(row.stage).title,
        kind=row.kind,
        state=row.state,
        started_at=row.started_at,
        ends_at=row.ends_at,
        concluded_at=row.concluded_at,
        chair=work.register.person(row.chair_id).name if row.chair_id else "",
        agenda=agenda_lines(work, pathway, row),
        attendance=attendance(work, row),
        counts_quorum=counts_quorum(row),
        quorate=quorum.quorate,
        present=quorum.counted,
        needed=quorum.needed,
        lacking=type_words(quorum.lacking),
        cases=cases,
        current=next(
            (
                replace(case, missing=missing_replies(work, practice, work.cases.row(case.case_id)))
                for case in cases
                if case.state == "now"
            ),
            None,
        ),
        overridden=bool(row.override_reason),
        drill=row.drill,
        minutes=newest.state if newest else "draft",
        minutes_due=due_on(practice, row),
        asks_enough=any(prompt.id == ENOUGH for prompt in pathway.prompts),
    )


def closure_card(work: Work, practice: Practice, id: str, now: datetime) -> ClosureCard:
    """A proposal to close a case, and each agency's word on it."""
    case = work.cases.row(id)
    pathway = practice.of(case)
    agencies = tuple(
        ClosureAgency(agency=work.register.agency(row.agency_id).name, agrees=row.agrees_to_close)
        for row in work.cases.agency_rows(case.id)
    )
    proposed = [row for row in work.cases.decisions(id) if row.kind == "closure_proposed"]
    rule = pathway.closure
    proposal = work.followups.closure_round(id)
    left = unsigned(rule, proposal)
    return ClosureCard(
        id=case.id,
        ref=case.ref,
        pathway=pathway.title,
        state=case.state,
        proposed_by=work.register.person(proposed[-1].by_id).name if proposed else "",
        all_agencies=rule.all_agencies,
        authoriser=" and ".join(pathway.roles[role].title for role in rule.signatures),
        agencies=agencies,
        ready=case.state == CaseState.CLOSURE_PROPOSED
        and (not rule.all_agencies or all(each.agrees for each in agencies)),
        closed_by=work.register.person(case.closed_by).name if case.closed_by else "",
        closed_at=case.closed_at,
        drill=case.drill,
        answer_by=proposal.answer_by if proposal else None,
        signed=tuple(
            f"{work.register.person(person).name}, {pathway.roles[role].title}"
            for role, person in (proposal.signed if proposal else ())
        ),
        unsigned=tuple(pathway.roles[role].title for role in left),
    )


def closure_standing(work: Work, practice: Practice, id: str, now: datetime) -> ClosureCard | None:
    """The same while the proposal stands; nothing once it is over."""
    card = closure_card(work, practice, id, now)
    return card if card.state == CaseState.CLOSURE_PROPOSED else None


def closure_ask(work: Work, practice: Practice, id: str, now: datetime) -> ClosureAsk | None:
    """A proposal as one agency is asked about it; nothing once it is over."""
    row = work.followups.works_on(id)
    case = work.cases.row(row.case_id)
    proposal = work.followups.closure_round(case.id)
    if proposal is None or case.state != CaseState.CLOSURE_PROPOSED:
        return None
    pathway = practice.of(case)
    return ClosureAsk(
        id=row.id,
        case_id=case.id,
        ref=case.ref,
        pathway=pathway.title,
        agency=work.register.agency(row.agency_id).name,
        agrees=row.agrees_to_close,
        all_agencies=pathway.closure.all_agencies,
        answer_by=proposal.answer_by,
        open=row.agrees_to_close is None,
        drill=case.drill,
    )


def agenda_lines(work: Work, pathway: Pathway, meeting: MeetingRow) -> tuple[AgendaLine, ...]:
    """The agenda with its times: the pathway's parts around the cases of a panel, or the one case alone."""
    items = {item.id: item for item in work.meetings.agenda(meeting.id)}
    start = meeting.started_at or meeting.starts_at
    if start is None:
        return ()
    cases = work.cases.rows([item.case_id for item in items.values()])
    parts = pathway.agenda if pathway.stage(meeting.stage).many_cases else ()
    listed = [Listed(id=item.id, minutes=item.minutes) for item in items.values()]
    return tuple(
        AgendaLine(
            starts_at=line.starts,
            minutes=line.minutes,
            title=line.title,
            ref=cases[items[line.listed].case_id].ref if line.listed else "",
            item=line.listed or "",
            case_id=items[line.listed].case_id if line.listed else "",
        )
        for line in timetable(parts, listed, start)
    )


def attendance(work: Work, meeting: MeetingRow) -> tuple[AgencyAttendance, ...]:
    """Every agency asked, or that came unasked, with what is recorded of it so far."""
    marked = {row.agency_id: row for row in work.meetings.attendance(meeting.id)}
    asked = dict.fromkeys(agencies_asked(work, meeting))
    lines = []
    for id in dict.fromkeys((*asked, *marked)):
        row = marked.get(id)
        person = work.register.person(row.person_id).name if row and row.person_id else ""
        lines.append(
            AgencyAttendance(
                agency_id=id,
                agency=work.register.agency(id).name,
                status=row.status if row else "",
                person=person,
            )
        )
    return tuple(sorted(lines, key=lambda line: line.agency))


def progress(work: Work, pathway: Pathway, meeting: MeetingRow) -> tuple[CaseProgress, ...]:
    """How far each case on the agenda has got."""
    items = work.meetings.agenda(meeting.id)
    cases = work.cases.rows([item.case_id for item in items])
    return tuple(
        _progress(work, pathway, meeting, item, cases[item.case_id].ref, number)
        for number, item in enumerate(items, start=1)
    )


def _answer_of(work: Work, meeting: MeetingRow, person_id: str | None) -> str:
    """What somebody answered who comes for the minutes alone; "" for anybody else, whose answer is their agency's."""
    row = work.meetings.invitation(meeting.id, person_id) if person_id else None
    return row.answer if row is not None and not row.speaks and not row.withdrawn else ""


def refs_of(work: Work, meeting: MeetingRow) -> tuple[str, ...]:
    """The references on the agenda, in its order."""
    items = work.meetings.agenda(meeting.id)
    cases = work.cases.rows([item.case_id for item in items])
    return tuple(cases[item.case_id].ref for item in items)


def names_on_agenda(work: Work, practice: Practice, meeting: MeetingRow) -> tuple[str, ...]:
    """The names of the people whom the cases are about: for the gate that keeps them in, never to be shown."""
    found: list[str] = []
    for item in work.meetings.agenda(meeting.id):
        case = work.cases.row(item.case_id)
        answers = work.referrals.row(case.referral_id).answers
        for field in practice.of(case).fields:
            named = field.id == "name" or field.id.endswith("_name")
            if named and int(field.sensitivity) >= 2 and isinstance(answers.get(field.id), str):
                found.append(str(answers[field.id]))
    return tuple(found)


def type_words(types: Iterable[str]) -> tuple[str, ...]:
    """Types of agency as people say them."""
    return tuple(map(type_said, types))


def _progress(
    work: Work, pathway: Pathway, meeting: MeetingRow, item: AgendaItemRow, ref: str, number: int
) -> CaseProgress:
    record = record_of(work, item)
    return CaseProgress(
        item=item.id,
        case_id=item.case_id,
        ref=ref,
        number=number,
        minutes=item.minutes,
        started_at=item.started_at,
        ended_at=item.ended_at,
        voice=record.voice,
        prompts_done=len(record.prompts),
        prompts=len(pathway.prompts),
        decisions=len(record.decisions),
        actions=record.actions,
        rating=RATING_WORDS.get(record.rating or "", ""),
        lacking=tuple(lack.value for lack in lacking(meeting.kind, pathway.prompts, record)),
    )
