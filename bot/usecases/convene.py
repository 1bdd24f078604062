"""Find a time: who must come, what their diaries say, and which times are on offer (design.md section 4, step 4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.forms import chosen
from bot.domain.pathway import Pathway, Stage
from bot.domain.people import Person, type_said
from bot.domain.references import new_id
from bot.domain.slots import Option, Question, find
from bot.domain.states import CaseState, MeetingState
from bot.domain.workdays import WorkingDays
from bot.storage.tables import AgendaItemRow, CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chairs import chair_of, fit_chair, to_change
from bot.usecases.diaries import LONGEST_WINDOW, Sought, Wish, question, sought
from bot.usecases.offering import Names, keep, wish_in
from bot.usecases.panels import panel_span, standing_invitees, standing_panel
from bot.usecases.polls import draw_up, sought_otherwise
from bot.usecases.venues import ONLINE, places
from bot.views.meeting import Offer, Pick, TimeForm

LONGEST = 480
"""Minutes a meeting may last."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the *Find a time* form says. Exactly one of case, meeting (to move it) and pathway names the meeting.

    `where` is ONLINE, ANY_ROOM or the name of one of the area's rooms.
    """

    stage: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    minutes: int
    first: date
    last: date
    case_id: str = ""
    meeting_id: str = ""
    pathway_id: str = ""
    where: str = ONLINE


def begin_finding(
    begin: Begin,
    practice: Practice,
    *,
    case_id: str = "",
    meeting_id: str = "",
    pathway_id: str = "",
    stage_id: str = "",
    by: Person,
    now: datetime,
) -> TimeForm:
    """What the form is filled in with: the pathway's invitees, the case's agencies, the stage's length and clock.

    TooLate for a case that has been closed: nobody's diary is read for it.
    """
    with begin() as work:
        meeting = to_change(work, meeting_id, by, now) if meeting_id else None
        case = _case(work, case_id, meeting, by, now)
        pathway = (
            practice.of(case)
            if case and meeting is None
            else practice.pathways[meeting.pathway if meeting else pathway_id]
        )
        if meeting is None and case is None:
            convenes(practice, by, now)
        stage = pathway.stage(stage_id or (meeting.stage if meeting else _next_stage(work, pathway, case)))
        sought = _sought_before(work, meeting)
        required, optional = (
            (list(sought.required), list(sought.optional))
            if sought
            else _who(work, practice, pathway, case, meeting)
        )
        deadline = earliest(work, stage, _cases(work, meeting, case))
        days = practice.pathway_days(pathway)
        first = _first_day(practice.today(now), deadline, days)
        last = max(days.shift(first, 10), days.shift(deadline, 5) if deadline else first)
        names = [Pick(id=a.id, label=a.name) for a in work.register.agencies(practice.area.id)]
        return TimeForm(
            pathway=pathway.title,
            ref=case.ref if case else "",
            case_id=case.id if case else "",
            meeting_id=meeting.id if meeting else "",
            stage=stage.id,
            stages=tuple(Pick(id=each.id, label=each.title) for each in pathway.stages),
            agencies=tuple(names),
            required=tuple(required),
            optional=tuple(optional),
            minutes=sought.minutes if sought else meeting.minutes_long if meeting else stage.length,
            first=first,
            last=min(max(last, sought.last) if sought else last, first + timedelta(days=LONGEST_WINDOW)),
            deadline=deadline,
            next_panel=_next_panel(practice, pathway, now) if case and not meeting else None,
            moving=meeting is not None and meeting.state == MeetingState.INVITED,
            places=places(practice.area),
            where=_where_before(practice, meeting, sought),
            nobody_for=_unfilled(work, practice, pathway),
        )


def whose_diaries(
    begin: Begin, practice: Practice, wanted: Wanted, *, source: str, by: Person, now: datetime
) -> Sought:
    """Whose diaries to look into before `find_times` is asked the same; the meeting is planned. Raises the same."""
    with begin() as work:
        meeting = _meeting(work, practice, wanted, source, by, now)
        _check(practice, wanted, now)
        return sought(work, practice, meeting, _wish(wanted, None))


def find_times(
    begin: Begin, practice: Practice, wanted: Wanted, *, source: str, by: Person, now: datetime
) -> Offer:
    """Search, and keep what was found so that a button can name it; nothing is booked and nobody is told.

    Asked twice with one `source` it searches again for the same meeting. Raises Invalid beside the field.
    """
    with begin() as work:
        meeting = _meeting(work, practice, wanted, source, by, now)
        pathway = practice.pathways[meeting.pathway]
        case = _first_case(work, meeting)
        _check(practice, wanted, now)
        stage = pathway.stage(meeting.stage)
        cases = _cases(work, meeting, case)
        wish = _wish(wanted, earliest(work, stage, cases))
        sought_otherwise(work, practice, meeting, wish, now)
        asked, _ = question(work, practice, meeting, wish, now)
        _fits_in(asked)
        answer = find(asked)
        found = answer.options or answer.nearest
        kept = keep(work, meeting, wish, found, now)
        names = Names(work, practice)
        ways = [names.give_way(each) for each in (answer.concession, *answer.also) if each is not None]
        work.audit.write(
            stream=f"meeting:{meeting.id}",
            actor=by.id,
            verb="meeting.times_sought",
            thing=f"meeting:{meeting.id}",
            facts={"found": len(answer.options), "nearest": len(answer.nearest), "stage": meeting.stage},
            at=now,
        )
        return Offer(
            meeting_id=meeting.id,
            stage=pathway.stage(meeting.stage).title,
            ref=case.ref if case else "",
            minutes=wish.minutes,
            deadline=wish.deadline,
            options=tuple(
                replace(
                    names.offered(row.id, option),
                    late=late_for(work, stage, cases, practice.today(option.start)),
                    still=_still(asked.accepted, option),
                )
                for row, option in zip(kept, found, strict=True)
            ),
            nothing_fits=answer.nothing_fits,
            give_way=ways[0] if ways else None,
            also=tuple(ways[1:]),
            not_known=tuple(names.person(id) for id in answer.not_known),
            known_from=names.known_from(asked),
            moving=meeting.state == MeetingState.INVITED,
            asking=draw_up(work, practice, meeting, wish, asked, by, now),
        )


def convenes(practice: Practice, by: Person, now: datetime) -> None:
    """NotAllowed for whoever may not call a panel of the area; audited."""
    if not may(by, "meeting.convene", Thing(area=practice.area.id)):
        raise NotAllowed(
            "A panel is called by its coordinator. Nothing has changed; your attempt has been recorded.",
            Denial(
                stream=f"area:{practice.area.id}", actor=by.id, verb="meeting.convene", thing="panel", at=now
            ),
        )


def deadline_for(work: Work, stage: Stage, case: CaseRow | None) -> date | None:
    """The last good day: the stage's clock while it runs for this case, or the day its review is due."""
    if case is None:
        return None
    if stage.kind == "review":
        return case.next_review
    waiting = (clock for clock in work.cases.clocks(case.id) if clock.met_at is None)
    return next((clock.due_on for clock in waiting if clock.stage == stage.id), None)


def earliest(work: Work, stage: Stage, cases: Iterable[CaseRow]) -> date | None:
    """The last day that is good for every case: the earliest of their deadlines; None where none has one."""
    found = [deadline_for(work, stage, case) for case in cases]
    return min((each for each in found if each is not None), default=None)


def late_for(work: Work, stage: Stage, cases: Iterable[CaseRow], day: date) -> tuple[str, ...]:
    """References of the cases whose deadline a meeting on that day would miss."""
    due = {case.ref: deadline_for(work, stage, case) for case in cases}
    return tuple(sorted(ref for ref, last in due.items() if last is not None and last < day))


def _still(accepted: frozenset[str], option: Option) -> tuple[int, int] | None:
    return (len(accepted & set(option.attending)), len(accepted)) if accepted else None


def _cases(work: Work, meeting: MeetingRow | None, case: CaseRow | None) -> list[CaseRow]:
    """Every case that the meeting is about: those on its agenda, else the one that it is looked for."""
    on_agenda = work.meetings.agenda(meeting.id) if meeting else []
    return [work.cases.row(item.case_id) for item in on_agenda] or ([case] if case else [])


def _case(work: Work, case_id: str, meeting: MeetingRow | None, by: Person, now: datetime) -> CaseRow | None:
    if case_id:
        case = work.cases.opened(case_id, by, "meeting.convene", now)
        if case.state == CaseState.CLOSED:
            raise TooLate(
                "This case has been closed, so no meeting about it can be arranged. Nothing has changed."
            )
        return case
    return _first_case(work, meeting) if meeting else None


def _first_day(today: date, deadline: date | None, days: WorkingDays) -> date:
    """From when to look unless somebody says otherwise: the next working day, today only when the clock presses."""
    tomorrow = days.shift(today, 1)
    return today if deadline is not None and deadline <= tomorrow else tomorrow


def _first_case(work: Work, meeting: MeetingRow) -> CaseRow | None:
    """The case whose clock presses most: the first on the agenda for now."""
    rows = [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]
    return min(rows, key=lambda row: row.clock_start, default=None)


def _next_stage(work: Work, pathway: Pathway, case: CaseRow | None) -> str:
    """The stage that comes next for a case: a review once there is a plan, else the first clock not met."""
    if case is None:
        return next(stage.id for stage in pathway.stages if stage.kind == "panel")
    planned = case.state in (CaseState.PLAN_ACTIVE, CaseState.IN_REVIEW)
    if planned and (review := next((s.id for s in pathway.stages if s.kind == "review"), None)):
        return review
    waiting = {clock.stage for clock in work.cases.clocks(case.id) if clock.met_at is None}
    for stage in pathway.stages:
        if stage.id in waiting:
            return stage.id
    return next(stage.id for stage in pathway.stages if stage.kind == "panel")


def _sought_before(work: Work, meeting: MeetingRow | None) -> Wish | None:
    """What was asked for in the latest search for this meeting."""
    kept = work.meetings.options(meeting.id) if meeting else []
    return wish_in(kept[0].detail, None) if kept else None


def _next_panel(practice: Practice, pathway: Pathway, now: datetime) -> date | None:
    """When the pathway's standing panel meets next, None where it has none."""
    stage = standing_panel(pathway)
    return None if stage is None else panel_span(practice, pathway, stage, now).start.date()


def _unfilled(work: Work, practice: Practice, pathway: Pathway) -> tuple[str, ...]:
    """Required types of agency that no agency of the register is: said, never passed over in silence (rule 7)."""
    held = {agency.type for agency in work.register.agencies(practice.area.id)}
    return tuple(
        type_said(each.agency_type)
        for each in pathway.invite
        if each.required and each.agency_type not in held
    )


def _who(
    work: Work, practice: Practice, pathway: Pathway, case: CaseRow | None, meeting: MeetingRow | None
) -> tuple[list[str], list[str]]:
    if meeting is not None and (asked := work.meetings.invitations(meeting.id)):
        chairs = {meeting.chair_id}
        required = [each.agency_id for each in asked if each.required and each.person_id not in chairs]
        optional = [each.agency_id for each in asked if each.speaks and not each.required]
        return list(dict.fromkeys(required)), [id for id in dict.fromkeys(optional) if id not in required]
    required, optional = standing_invitees(work, practice, pathway)
    proposed = _proposed(work, pathway, case) if case else []
    required = [*required, *(id for id in proposed if id not in required)]
    optional = [id for id in optional if id not in required]
    known = work.cases.agencies(case.id) if case else []
    return required, [*optional, *(id for id in known if id not in (*required, *optional))]


def _proposed(work: Work, pathway: Pathway, case: CaseRow) -> list[str]:
    """The agencies of the register that the referrer said should come; none where they did not know (P5)."""
    said = chosen(work.referrals.row(case.referral_id).answers.get(pathway.attendees))
    here = {agency.id for agency in work.register.agencies(case.area)}
    return [id for id in said if id in here]


def _meeting(
    work: Work, practice: Practice, wanted: Wanted, source: str, by: Person, now: datetime
) -> MeetingRow:
    """The meeting that times are sought for: the one to move, the one sought for before, or a new plan."""
    if wanted.meeting_id:
        meeting = to_change(work, wanted.meeting_id, by, now)
        if meeting.state not in (MeetingState.PLANNED, MeetingState.INVITED):
            raise TooLate("This meeting has begun, ended or been cancelled. It cannot be moved.")
        return meeting
    if known := work.inbox.answer_to(source):
        return work.meetings.row(known)
    case = _case(work, wanted.case_id, None, by, now)
    if case is None:
        convenes(practice, by, now)
    pathway = practice.of(case) if case else practice.pathways[wanted.pathway_id]
    if wanted.stage not in {stage.id for stage in pathway.stages}:
        raise Invalid({"stage": "Choose what kind of meeting this is."})
    stage = pathway.stage(wanted.stage)
    if case is not None:
        for each in work.meetings.of_case(case.id):
            if each.state == MeetingState.PLANNED and each.stage == stage.id and each.panel_on is None:
                return each
    meeting = _plan(work, practice, pathway, stage, case, by, now)
    work.inbox.remember(source, meeting.id, at=now)
    return meeting


def _plan(
    work: Work,
    practice: Practice,
    pathway: Pathway,
    stage: Stage,
    case: CaseRow | None,
    by: Person,
    now: datetime,
) -> MeetingRow:
    meeting = MeetingRow(
        id=new_id(),
        area=practice.area.id,
        pathway=pathway.id,
        stage=stage.id,
        kind=stage.kind,
        state=MeetingState.PLANNED.value,
        minutes_long=stage.length,
        chair_id=chair_of(work, practice, stage, case, by),
        uid=f"{new_id()}@convenor",
        calendar=practice.organiser,
        created_by=by.id,
        created_at=now,
        drill=practice.area.drill,
    )
    work.session.add(meeting)
    work.session.flush()
    if case is not None:
        minutes = stage.minutes_per_case or stage.length
        work.session.add(
            AgendaItemRow(id=new_id(), meeting_id=meeting.id, case_id=case.id, position=1, minutes=minutes)
        )
        work.session.flush()
        meeting.chair_id = fit_chair(work, practice, meeting)
    return meeting


def _wish(wanted: Wanted, deadline: date | None) -> Wish:
    return Wish(
        required=wanted.required,
        optional=tuple(id for id in wanted.optional if id not in wanted.required),
        minutes=wanted.minutes,
        first=wanted.first,
        last=wanted.last,
        deadline=deadline,
        where=wanted.where,
    )


def _where_before(practice: Practice, meeting: MeetingRow | None, sought: Wish | None) -> str:
    """Where the latest search, or the meeting itself, would have it; online where that is no longer a room."""
    where = sought.where if sought else meeting.place if meeting else ONLINE
    return where if where in {place.id for place in places(practice.area)} else ONLINE


def _fits_in(asked: Question) -> None:
    """Invalid, beside the field, when no room in question seats everybody who is to be asked."""
    if asked.venue is not None and not asked.venue.seating:
        most = max((room.seats for room in asked.venue.rooms), default=0)
        heads = asked.venue.heads
        raise Invalid(
            {
                "where": f"{heads} people would be asked, and that seats {most}. Choose a larger room, or online."
            }
        )


def _check(practice: Practice, wanted: Wanted, now: datetime) -> None:
    found, today = {}, practice.today(now)
    if wanted.where not in {ONLINE, *(place.id for place in places(practice.area))}:
        found["where"] = "Choose a place from the list."
    if not wanted.required:
        found["required"] = "Choose at least one agency that must come."
    if not 15 <= wanted.minutes <= LONGEST:
        found["minutes"] = f"Give the length in minutes, from 15 to {LONGEST}."
    if wanted.first < today:
        found["first"] = "Choose today or a later date."
    if wanted.last < wanted.first:
        found["last"] = "The last day must be the first day or later."
    elif (wanted.last - wanted.first).days > LONGEST_WINDOW:
        found["last"] = f"Look at most {LONGEST_WINDOW} days ahead at a time."
    if found:
        raise Invalid(found)
