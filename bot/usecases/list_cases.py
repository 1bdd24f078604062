"""Put cases on a panel's agenda, take them off, and put them in order (S3-03, S3-27, S3-33)."""

from datetime import date, datetime

from bot.domain.agenda import moved
from bot.domain.area import Practice
from bot.domain.errors import Invalid, ListClosed, NotFound, TooLate
from bot.domain.people import Person
from bot.domain.recurrence import list_closes_on
from bot.domain.references import new_id
from bot.domain.slots import judged
from bot.domain.states import CASE, CaseState, MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import AgendaItemRow, CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.agendas import send_agenda
from bot.usecases.chairs import fit_chair
from bot.usecases.diaries import Wish, question
from bot.usecases.invitees import (
    agencies_asked,
    ask_for_minutes,
    bring_in,
    invite,
    redraw_cards,
    seats_for,
    withdraw,
)
from bot.usecases.owed import refresh_home, show
from bot.usecases.panels import PANEL_NOTICE, call_panel, panels_ahead, standing_panel
from bot.views.meeting import Closed

UNHELD = (MeetingState.PLANNED, MeetingState.INVITED)

SHORTEST_REASON = 10
"""Characters without which a reason says nothing."""


def list_on_next_panel(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> MeetingRow:
    """List the case on the next standing panel that it is in time for, called if nobody has yet (S3-03, T08).

    Listed on one already, it stays there. NotFound when the pathway has no standing panel.
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
        ahead = panels_ahead(work, practice, pathway, stage, by, now)
        meeting = next((each for each in ahead if not is_late(practice, each, case)), None)
        if meeting is None:
            raise NotFound("No panel is to come that this case is in time for. Use “Find a time” instead.")
        # Two who list at once: the second waits, and finds it called.
        work.session.refresh(meeting, with_for_update=True)
        call_panel(work, practice, pathway, meeting, by.id, now)
        put_on_agenda(work, practice, meeting, case, by, now)
        return meeting


def passed_over(
    work: Work, practice: Practice, case_id: str, meeting_id: str, now: datetime
) -> Closed | None:
    """The panel before the one that the case was listed on, where the case was too late for it; None otherwise."""
    case, listed = work.cases.row(case_id), work.meetings.row(meeting_id)
    for each in work.meetings.upcoming(practice.area.id, now, listed.stage):
        if each.pathway != listed.pathway or each.state != MeetingState.INVITED or each.starts_at is None:
            continue
        if each.starts_at < now + PANEL_NOTICE:
            continue
        if each.id == listed.id:
            return None
        if is_late(practice, each, case):
            return _closed(practice, each, case)
    return None


def closed_list(
    begin: Begin, practice: Practice, meeting_id: str, case_id: str, *, by: Person, now: datetime
) -> Closed:
    """What to know before a case is listed on a panel whose list has closed, for whoever may decide that."""
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        before_start(meeting)
        return _closed(practice, meeting, work.cases.opened(case_id, by, "meeting.convene", now))


def list_late(
    begin: Begin,
    practice: Practice,
    meeting_id: str,
    case_id: str,
    reason: str,
    *,
    by: Person,
    now: datetime,
) -> MeetingRow:
    """List a case on a panel although its list has closed: the chair or coordinator decides, and says why (T08).

    It leaves a later panel of the same kind that it was listed on. Invalid (field `reason`) without a reason.
    """
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        case = work.cases.opened(case_id, by, "meeting.convene", now)
        if len(reason.strip()) < SHORTEST_REASON:
            raise Invalid({"reason": "Say in a few words why this case cannot wait for the next panel."})
        _same_pathway(meeting, case)
        before_start(meeting)
        if work.meetings.item_of(meeting.id, case.id) is None:
            for other in work.meetings.of_case(case.id):
                item = work.meetings.item_of(other.id, case.id)
                if item and other.stage == meeting.stage and other.state in UNHELD and is_ahead(other, now):
                    take_off(work, other, item, case, by, now)
                    show(work, "meeting_card", other.id, f"room:{other.pathway}", now)
            item = put_on_agenda(work, practice, meeting, case, by, now)
            item.late_reason = reason.strip()
            work.audit.write(
                stream=case.ref,
                actor=by.id,
                verb="case.listed_late",
                thing=f"case:{case.id}",
                facts={"meeting": meeting.id, "digest": digest_of(reason.strip())},
                at=now,
            )
        return meeting


def list_case(
    begin: Begin, practice: Practice, meeting_id: str, case_id: str, *, by: Person, now: datetime
) -> None:
    """Put a case on the agenda of a meeting that is booked and has not begun; twice is once.

    ListClosed for a case that came after the meeting's cut-off: that takes a reason, by `list_late`.
    """
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        case = work.cases.opened(case_id, by, "meeting.convene", now)
        _same_pathway(meeting, case)
        if work.meetings.item_of(meeting.id, case.id) is None:
            if is_late(practice, meeting, case):
                raise ListClosed(
                    f"{case.ref} came after the list for this panel had closed. Nothing was changed."
                )
            put_on_agenda(work, practice, meeting, case, by, now)


def is_late(practice: Practice, meeting: MeetingRow, case: CaseRow) -> bool:
    """Whether the case's clock began after the meeting's list had closed (T08)."""
    closes = _closes(practice, meeting)
    return closes is not None and practice.today(case.clock_start) > closes


def _closes(practice: Practice, meeting: MeetingRow) -> date | None:
    pathway = practice.pathways[meeting.pathway]
    if meeting.starts_at is None:
        return None
    held = practice.today(meeting.starts_at)
    return list_closes_on(pathway.stage(meeting.stage), held, practice.pathway_days(pathway))


def _closed(practice: Practice, meeting: MeetingRow, case: CaseRow) -> Closed:
    assert meeting.starts_at is not None
    return Closed(
        meeting_id=meeting.id,
        case_id=case.id,
        ref=case.ref,
        starts_at=meeting.starts_at,
        closed_on=_closes(practice, meeting),
    )


def _same_pathway(meeting: MeetingRow, case: CaseRow) -> None:
    if case.pathway != meeting.pathway:
        raise NotFound("That case is on another pathway. Choose a meeting of its own.")


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


def is_ahead(meeting: MeetingRow, now: datetime) -> bool:
    """Whether the meeting is still to begin."""
    return meeting.starts_at is not None and meeting.starts_at > now


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
    redraw_cards(work, meeting, now)
    bring_in(work, case.id, agencies_asked(work, meeting), now)
    if meeting.agenda_sent_at is not None:
        send_agenda(work, meeting, now, key=item.id)
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
    redraw_cards(work, meeting, now)
    set_free(work, meeting, case, by, now)


def set_free(work: Work, meeting: MeetingRow, case: CaseRow, by: Person, now: datetime) -> None:
    """The case will not be heard at this meeting: it stands where it stood before it was listed.

    Its clock runs on, and no longer says for which day after its end it had been booked.
    """
    for clock in work.cases.clocks(case.id):
        if clock.stage == meeting.stage and clock.met_at is None:
            clock.late_reason = None
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
        if row.speaks and row.person_id != meeting.chair_id:
            _instead(work, practice, meeting, row.agency_id, row.required, now)
    if meeting.chair_id in barred:
        meeting.chair_id = fit_chair(work, practice, meeting)
        if meeting.chair_id and work.meetings.invitation(meeting.id, meeting.chair_id) is None:
            agency = work.register.row(meeting.chair_id).agency_id
            invite(work, meeting, meeting.chair_id, agency, required=True, as_deputy=False, now=now)
    if meeting.minute_taker_id in barred:
        meeting.minute_taker_id = _who_else_for_minutes(work, practice, meeting, now)
        taker = meeting.minute_taker_id
        asked = {row.person_id for row in work.meetings.invitations(meeting.id)}
        if taker and taker not in asked:
            ask_for_minutes(work, meeting, taker, now)


def _who_else_for_minutes(work: Work, practice: Practice, meeting: MeetingRow, now: datetime) -> str | None:
    if meeting.starts_at is None or meeting.ends_at is None:
        return None
    day = practice.today(meeting.starts_at)
    wish = Wish(required=(), optional=(), minutes=meeting.minutes_long, first=day, last=day)
    asked, _ = question(work, practice, meeting, wish, now)
    return judged(asked, meeting.starts_at).minutes


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
