"""Put cases on a panel's agenda, take them off, and put them in order (S3-03, S3-27, S3-33)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.agenda import moved
from bot.domain.area import Practice
from bot.domain.errors import NotFound, TooLate
from bot.domain.pathway import Pathway, Stage
from bot.domain.people import Person, Role
from bot.domain.recurrence import next_panel
from bot.domain.references import new_id
from bot.domain.slots import judged
from bot.domain.spans import Span
from bot.domain.states import CASE, CaseState, MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import AgendaItemRow, CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.diaries import Wish, question
from bot.usecases.invitees import bring_in, invite, seats_for, withdraw
from bot.usecases.owed import refresh_home, show

UNHELD = (MeetingState.PLANNED, MeetingState.INVITED)

PANEL_NOTICE = timedelta(days=1)
"""A case cannot be put on a panel that begins within a day of it: nobody could prepare."""


def list_on_next_panel(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> MeetingRow:
    """List the case on the next standing panel, which is called at its own date if nobody has yet (S3-03).

    Listed there already, it stays where it is. NotFound when the pathway has no standing panel.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "meeting.convene", now)
        pathway = practice.pathways[case.pathway]
        stage = standing_panel(pathway)
        if stage is None:
            raise NotFound(f"{pathway.title} has no standing panel. Use “Find a time” instead.")
        for each in work.meetings.of_case(case.id):
            if each.stage == stage.id and each.state == MeetingState.INVITED and is_ahead(each, now):
                return each
        meeting = _next(work, practice, pathway, stage, by, now)
        put_on_agenda(work, practice, meeting, case, by, now)
        return meeting


def list_case(
    begin: Begin, practice: Practice, meeting_id: str, case_id: str, *, by: Person, now: datetime
) -> None:
    """Put a case on the agenda of a meeting that is booked and has not begun; twice is once."""
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        case = work.cases.opened(case_id, by, "meeting.convene", now)
        if case.pathway != meeting.pathway:
            raise NotFound("That case is on another pathway. Choose a meeting of its own.")
        if work.meetings.item_of(meeting.id, case.id) is None:
            put_on_agenda(work, practice, meeting, case, by, now)


def unlist(begin: Begin, practice: Practice, item_id: str, *, by: Person, now: datetime) -> str:
    """Take a case off the agenda before the meeting starts; it goes back to where it was. Its reference."""
    with begin() as work:
        item = work.meetings.item(item_id)
        meeting = work.meetings.opened(item.meeting_id, by, "meeting.hold", now)
        before_start(meeting)
        case = work.cases.row(item.case_id)
        take_off(work, meeting, item, case, by, now)
        show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
        return case.ref


def reorder(begin: Begin, practice: Practice, item_id: str, step: int, *, by: Person, now: datetime) -> str:
    """Move a case up (-1) or down (+1) the agenda before the meeting starts. The meeting's id."""
    with begin() as work:
        item = work.meetings.item(item_id)
        meeting = work.meetings.opened(item.meeting_id, by, "meeting.hold", now)
        before_start(meeting)
        rows = {row.id: row for row in work.meetings.agenda(meeting.id)}
        for position, id in enumerate(moved(list(rows), item_id, step), start=1):
            rows[id].position = position
        show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
        return meeting.id


def standing_panel(pathway: Pathway) -> Stage | None:
    """The pathway's stage that meets by the calendar, None where every meeting is called for itself."""
    return next((stage for stage in pathway.stages if stage.recurs is not None), None)


def panel_span(practice: Practice, pathway: Pathway, stage: Stage, now: datetime) -> Span:
    """When a standing panel meets next by its rule; a bank holiday moves it to the next working day."""
    if stage.recurs is None:
        raise NotFound(f"{stage.title} has no date of its own.")
    days, zone = practice.pathway_days(pathway), ZoneInfo(practice.area.zone)
    return next_panel(stage.recurs, now, stage.length, days, zone, notice=PANEL_NOTICE)


def is_ahead(meeting: MeetingRow, now: datetime) -> bool:
    """Whether the meeting is still to begin."""
    return meeting.starts_at is not None and meeting.starts_at > now


def to_change(work: Work, meeting_id: str, by: Person, now: datetime) -> MeetingRow:
    """The meeting, for somebody who may book, move or cancel it: who called it, its chair, a coordinator.

    Somebody who is only asked to it answers the invitation, and changes nothing for everybody else.
    """
    called_it = work.meetings.row(meeting_id).created_by == by.id
    verb = "meeting.convene" if called_it else "meeting.hold"
    return work.meetings.opened(meeting_id, by, verb, now)


def fit_chair(work: Work, practice: Practice, meeting: MeetingRow) -> str | None:
    """Who chairs: the one named, unless barred from a case on the agenda; then a deputy, coordinator or other chair.

    None when everybody who could is barred: the coordinator has to name somebody.
    """
    barred = work.meetings.thing(meeting).barred
    named = work.register.row(meeting.chair_id) if meeting.chair_id else None
    cases = [work.cases.row(item.case_id) for item in work.meetings.agenda(meeting.id)]
    people = work.register.people(practice.area.id, Role.CHAIR)
    order = [
        named.id if named else None,
        named.deputy_id if named else None,
        *(case.coordinator_id for case in cases),
        *(person.id for person in people),
    ]
    return next((id for id in order if id and id not in barred), None)


def before_start(meeting: MeetingRow) -> None:
    """TooLate once the meeting has begun, ended or been cancelled."""
    if meeting.state not in UNHELD:
        raise TooLate("The agenda can only be changed before the meeting starts.")


def put_on_agenda(
    work: Work, practice: Practice, meeting: MeetingRow, case: CaseRow, by: Person, now: datetime
) -> AgendaItemRow:
    """The case joins the agenda's end; the agencies asked join the case; nobody barred from it stays asked."""
    before_start(meeting)
    stage = practice.pathways[meeting.pathway].stage(meeting.stage)
    event = "hold_discussion" if stage.kind == "discussion" else "list"
    case.state = CASE.after(case.state, event)
    case.version += 1
    agenda = work.meetings.agenda(meeting.id)
    item = work.meetings.item_of(meeting.id, case.id)
    if item is None:
        item = AgendaItemRow(
            id=new_id(),
            meeting_id=meeting.id,
            case_id=case.id,
            position=len(agenda) + 1,
            minutes=stage.minutes_per_case or stage.length,
        )
        work.session.add(item)
        work.session.flush()
    _let_go_of_barred(work, practice, meeting, case, now)
    bring_in(work, case.id, [each.agency_id for each in work.meetings.invitations(meeting.id)], now)
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb="case.listed",
        thing=f"case:{case.id}",
        facts={"meeting": meeting.id, "stage": stage.id},
        at=now,
    )
    show(work, "case_card", case.id, f"room:{case.pathway}", now)
    show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
    refresh_home(work, case.coordinator_id, now)
    return item


def take_off(
    work: Work, meeting: MeetingRow, item: AgendaItemRow, case: CaseRow, by: Person, now: datetime
) -> None:
    """The case leaves the agenda and is free to be listed again."""
    work.session.delete(item)
    work.session.flush()
    for position, each in enumerate(work.meetings.agenda(meeting.id), start=1):
        each.position = position
    set_free(work, meeting, case, by, now)


def set_free(work: Work, meeting: MeetingRow, case: CaseRow, by: Person, now: datetime) -> None:
    """The case will not be heard at this meeting: it stands where it stood before it was listed."""
    if meeting.kind != "discussion" and CASE.allows(case.state, "unlist"):
        case.state = CASE.after(case.state, "unlist")
        case.version += 1
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb="case.unlisted",
        thing=f"case:{case.id}",
        facts={"meeting": meeting.id},
        at=now,
    )
    show(work, "case_card", case.id, f"room:{case.pathway}", now)
    refresh_home(work, case.coordinator_id, now)


def waiting_for_panel(work: Work, by: Person, pathway_id: str) -> list[CaseRow]:
    """Cases of the pathway that this person may open and that no meeting ahead will hear."""
    rows = work.cases.visible_to(by, CaseState.OPEN, CaseState.RELISTED)
    return [row for row in rows if row.pathway == pathway_id]


def _let_go_of_barred(
    work: Work, practice: Practice, meeting: MeetingRow, case: CaseRow, now: datetime
) -> None:
    """Somebody who must not see this case is asked no longer; their agency sends another (IG-22)."""
    barred = work.cases.thing(case).barred
    for row in work.meetings.invitations(meeting.id):
        if row.person_id not in barred:
            continue
        meeting.sequence += 1
        withdraw(work, meeting, row, now)
        if row.person_id != meeting.chair_id:
            _instead(work, practice, meeting, row.agency_id, row.required, now)
    if meeting.chair_id in barred:
        meeting.chair_id = fit_chair(work, practice, meeting)
        if meeting.chair_id and work.meetings.invitation(meeting.id, meeting.chair_id) is None:
            agency = work.register.row(meeting.chair_id).agency_id
            invite(work, meeting, meeting.chair_id, agency, required=True, as_deputy=False, now=now)


def _instead(
    work: Work, practice: Practice, meeting: MeetingRow, agency_id: str, required: bool, now: datetime
) -> None:
    if meeting.starts_at is None or meeting.ends_at is None:
        return
    day = practice.today(meeting.starts_at)
    wish = Wish(required=(agency_id,), optional=(), minutes=meeting.minutes_long, first=day, last=day)
    asked, benches = question(work, practice, meeting, wish, now)
    option = judged(asked, meeting.starts_at)
    for person, agency, as_deputy in seats_for(meeting, option, benches):
        invite(work, meeting, person, agency, required=required, as_deputy=as_deputy, now=now)


def _next(
    work: Work, practice: Practice, pathway: Pathway, stage: Stage, by: Person, now: datetime
) -> MeetingRow:
    """The next panel of that stage: the one already booked, or the one its rule names, called now."""
    for each in work.meetings.upcoming(practice.area.id, now, stage.id):
        if (
            each.pathway == pathway.id
            and each.state == MeetingState.INVITED
            and each.starts_at
            and each.starts_at >= now + PANEL_NOTICE
        ):
            return each
    span = panel_span(practice, pathway, stage, now)
    # Two who list at the same moment call one panel: the second insert is refused and asks again.
    name = f"{practice.area.id}/{pathway.id}/{stage.id}/{practice.today(span.start)}"
    uid = f"{digest_of(name)[7:39]}@convenor"
    if (known := work.meetings.by_uid(uid)) and known.state == MeetingState.INVITED:
        return known
    meeting = MeetingRow(
        id=new_id(),
        area=practice.area.id,
        pathway=pathway.id,
        stage=stage.id,
        kind=stage.kind,
        state=MeetingState.INVITED.value,
        starts_at=span.start,
        ends_at=span.end,
        minutes_long=stage.length,
        chair_id=chair_for(work, practice, stage, by),
        # A panel that was cancelled keeps its name in people's calendars; its second coming has one of its own.
        uid=uid if known is None else f"{new_id()}@convenor",
        created_by=by.id,
        created_at=now,
        drill=practice.area.drill,
    )
    work.session.add(meeting)
    work.session.flush()
    _call(work, practice, pathway, meeting, now)
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor=by.id,
        verb="meeting.booked",
        thing=f"meeting:{meeting.id}",
        facts={"starts": span.start, "stage": stage.id, "sequence": 0},
        at=now,
    )
    return meeting


def chair_for(work: Work, practice: Practice, stage: Stage, by: Person) -> str:
    """Who chairs a panel that no case has named a chair for: by the stage's owner, else whoever calls it."""
    if stage.owner == "coordinator" and by.has(Role.COORDINATOR):
        return by.id
    role = Role(stage.owner) if stage.owner in set(Role) else Role.CHAIR
    people = work.register.people(practice.area.id, role)
    return people[0].id if people else by.id


def standing_invitees(work: Work, practice: Practice, pathway: Pathway) -> tuple[list[str], list[str]]:
    """The agencies that the pathway invites, by id: those required, those optional."""
    agencies = work.register.agencies(practice.area.id)
    must = {each.agency_type for each in pathway.invite if each.required}
    may = {each.agency_type for each in pathway.invite} - must
    return [a.id for a in agencies if a.type in must], [a.id for a in agencies if a.type in may]


def _call(work: Work, practice: Practice, pathway: Pathway, meeting: MeetingRow, now: datetime) -> None:
    required, optional = standing_invitees(work, practice, pathway)
    if meeting.starts_at is None:
        return
    day = practice.today(meeting.starts_at)
    wish = Wish(
        required=tuple(required),
        optional=tuple(optional),
        minutes=meeting.minutes_long,
        first=day,
        last=day,
    )
    asked, benches = question(work, practice, meeting, wish, now)
    option = judged(asked, meeting.starts_at)
    call_in(work, meeting, seats_for(meeting, option, benches), wish.required, now)


def call_in(
    work: Work,
    meeting: MeetingRow,
    seats: list[tuple[str, str, bool]],
    required: tuple[str, ...],
    now: datetime,
) -> None:
    """Ask these people and the chair; whoever was asked before and no longer is gets a cancellation."""
    wanted = {person: (agency, deputy) for person, agency, deputy in seats}
    if meeting.chair_id and meeting.chair_id not in wanted:
        wanted[meeting.chair_id] = (work.register.row(meeting.chair_id).agency_id, False)
    for row in work.meetings.invitations(meeting.id):
        if row.person_id not in wanted:
            withdraw(work, meeting, row, now)
    for person, (agency, deputy) in wanted.items():
        must = agency in required or person == meeting.chair_id
        invite(work, meeting, person, agency, required=must, as_deputy=deputy, now=now)
