"""Hold a meeting: start it, note who came for each agency, and go through the cases (S3-27 to S3-30, S4-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound, TooLate
from bot.domain.hearing import Record
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.states import MEETING, MeetingState
from bot.storage.codes import digest_of
from bot.storage.tables import AgendaItemRow, AttendanceRow, CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import refresh_home, show
from bot.usecases.present import THERE
from bot.usecases.quorum_watch import watch_room
from bot.usecases.views_first import heard_first

STATUSES = {
    "present": "Present",
    "deputy": "Deputy",
    "apologies": "Apologies",
    "apologies_information": "Apologies, information sent",
    "absent": "Did not come",
}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How one agency attends: a status, and who speaks for it where somebody does."""

    agency_id: str
    status: str
    person_id: str | None = None


def start(begin: Begin, practice: Practice, meeting_id: str, *, by: Person, now: datetime) -> str:
    """Begin the meeting: its card in the room now runs it. Pressed twice it has begun once. The meeting's id.

    TooLate while the pathway waits for the person's views, or why there are none (S2-18).
    """
    with begin() as work:
        meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
        if meeting.state == MeetingState.IN_PROGRESS:
            return meeting.id
        state = MEETING.after(meeting.state, "start")
        heard_first(work, practice, meeting)
        meeting.state = state
        meeting.started_at, meeting.version = now, meeting.version + 1
        _did(work, meeting, by, "meeting.started", now)
        show(work, "meeting_card", meeting.id, f"room:{meeting.pathway}", now)
        agenda = work.meetings.agenda(meeting.id)
        if len(agenda) == 1:
            agenda[0].started_at = now  # a meeting about one case is about it from the start
        for asked in work.meetings.invitations(meeting.id):  # nobody is left with a question that is closed
            show(work, "invitation_card", asked.id, f"person:{asked.person_id}", now)
        for item in agenda:
            refresh_home(work, work.cases.row(item.case_id).coordinator_id, now)
        return meeting.id


def record_attendance(
    begin: Begin, practice: Practice, meeting_id: str, marks: Sequence[Mark], *, by: Person, now: datetime
) -> list[str]:
    """Note each agency's attendance, over what was noted before.

    Gives the ids of the agencies that sent information instead of coming: it is written down next.
    """
    if not marks:
        raise Invalid({"attendance": "Say of at least one agency whether it is here."})
    with begin() as work:
        meeting = running(work, meeting_id, by, now)
        for mark in marks:
            _mark(work, meeting, mark, now)
        came = sum(mark.status in THERE for mark in marks)
        watch_room(work, practice, meeting, now)
        _did(work, meeting, by, "meeting.attendance", now, marked=len(marks), there=came)
        return [
            row.agency_id
            for row in work.meetings.attendance(meeting.id)
            if row.status == "apologies_information"
        ]


def record_information(
    begin: Begin,
    practice: Practice,
    meeting_id: str,
    information: dict[str, str],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Write down what agencies sent instead of coming, by agency id."""
    with begin() as work:
        meeting = running(work, meeting_id, by, now)
        rows = {row.agency_id: row for row in work.meetings.attendance(meeting.id)}
        for agency_id, text in information.items():
            if agency_id in rows:
                rows[agency_id].information = text.strip()
        told = {f"digest_{n}": digest_of(text) for n, text in enumerate(information.values())}
        _did(work, meeting, by, "meeting.information", now, **told)


def open_item(begin: Begin, practice: Practice, item_id: str, *, by: Person, now: datetime) -> str:
    """Come to a case on the agenda: its time runs, that of the case before it ends. The meeting's id."""
    with begin() as work:
        item, meeting, case = hearing(work, item_id, by, now)
        for each in work.meetings.agenda(meeting.id):
            if each.id != item.id and each.started_at is not None and each.ended_at is None:
                each.ended_at = now
        item.started_at = item.started_at or now
        item.ended_at = None
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="case.reached",
            thing=f"case:{case.id}",
            facts={"meeting": meeting.id},
            at=now,
        )
        show(work, "hold_card", meeting.id, f"room:{meeting.pathway}", now)
        return meeting.id


def running(work: Work, meeting_id: str, by: Person, now: datetime) -> MeetingRow:
    """The meeting, for whoever runs it while it runs; TooLate before it starts and after it has ended."""
    meeting = work.meetings.opened(meeting_id, by, "meeting.hold", now)
    if meeting.state != MeetingState.IN_PROGRESS:
        said = "has not started" if meeting.state in ("planned", "invited") else "is over"
        raise TooLate(f"This meeting {said}. Nothing was saved.")
    return meeting


def hearing(work: Work, item_id: str, by: Person, now: datetime) -> tuple[AgendaItemRow, MeetingRow, CaseRow]:
    """A case on the agenda of a running meeting, for whoever runs it."""
    item = work.meetings.item(item_id)
    meeting = running(work, item.meeting_id, by, now)
    return item, meeting, work.cases.row(item.case_id)


def record_of(work: Work, item: AgendaItemRow) -> Record:
    """What the meeting has captured about this case so far."""
    return Record(
        voice=work.cases.voice(item.case_id, item.meeting_id) is not None,
        prompts=frozenset(item.prompts),
        decisions=tuple(
            row.kind for row in work.cases.decisions(item.case_id) if row.meeting_id == item.meeting_id
        ),
        actions=sum(row.meeting_id == item.meeting_id for row in work.plans.of_case(item.case_id)),
        rating=item.rating,
        reviewed=work.followups.review_sheet(item.id) is not None,
    )


def _mark(work: Work, meeting: MeetingRow, mark: Mark, now: datetime) -> None:
    if mark.status not in STATUSES:
        raise Invalid({mark.agency_id: "Choose from the list."})
    person = mark.person_id if mark.status in THERE else None
    if person is not None:
        if person in work.meetings.thing(meeting).barred:
            raise NotFound("That person cannot take part in this meeting. Choose another.")
        work.register.row(person)
    rows = {row.agency_id: row for row in work.meetings.attendance(meeting.id)}
    row = rows.get(mark.agency_id)
    if row is None:
        agency = work.register.agency(mark.agency_id)
        row = AttendanceRow(
            id=new_id(), meeting_id=meeting.id, agency_id=agency.id, status=mark.status, at=now
        )
    row.status, row.person_id, row.at = mark.status, person, now
    work.session.add(row)
    work.session.flush()


def _did(work: Work, meeting: MeetingRow, by: Person, verb: str, now: datetime, **facts: str | int) -> None:
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor=by.id,
        verb=verb,
        thing=f"meeting:{meeting.id}",
        facts=facts,
        at=now,
    )
    show(work, "hold_card", meeting.id, f"room:{meeting.pathway}", now)
