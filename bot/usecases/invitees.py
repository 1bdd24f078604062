"""Ask a person to a meeting, ask them again at another time, or take it back: chat and calendar together.

The calendar entry is owed as one e-mail for each person (calendar.md section 3), or as one entry in the organiser's
calendar for all of them, whose owner then tells everybody (section 1). What it says is read from the record when it
leaves, so of several changes only the newest is sent.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.references import new_id
from bot.domain.slots import Option
from bot.domain.states import MeetingState
from bot.storage.outbox import Redrawing
from bot.storage.tables import CaseAgencyRow, InvitationRow, MeetingRow, PlacedRow
from bot.storage.transaction import Work
from bot.usecases.diaries import Bench
from bot.usecases.owed import refresh_home, show


def seats_for(
    meeting: MeetingRow, option: Option, benches: Mapping[str, Bench]
) -> list[tuple[str, str, bool]]:
    """Whom to ask: (person, agency, as deputy). Nobody free: the first representative, who can send somebody."""
    found: list[tuple[str, str, bool]] = []
    for id, each in benches.items():
        if seat := option.attending.get(id):
            found.append((seat.person, id, seat.as_deputy))
        elif each.everybody:
            found.append((each.everybody[0].id, id, not each.representatives))
    return found


def invite(
    work: Work,
    meeting: MeetingRow,
    person_id: str,
    agency_id: str,
    *,
    required: bool,
    as_deputy: bool,
    now: datetime,
    speaks: bool = True,
) -> InvitationRow:
    """Ask this person; asked before, their answer is wiped, since it was to something else.

    Without `speaks` they come for the minutes alone, and their agency is not asked by it.
    """
    row = work.meetings.invitation(meeting.id, person_id)
    if row is None:
        row = InvitationRow(id=new_id(), meeting_id=meeting.id, person_id=person_id, agency_id=agency_id)
        work.session.add(row)
    row.required, row.as_deputy, row.speaks, row.withdrawn = required, as_deputy, speaks, False
    row.answer, row.answered_at, row.said_at, row.way = "none", None, None, ""
    row.sequence, row.asked_at = meeting.sequence, now
    work.session.flush()
    put_in_calendar(work, meeting, person_id, "request", now)
    show(work, "invitation_card", row.id, f"person:{person_id}", now)
    refresh_home(work, person_id, now)
    return row


def redraw_cards(work: Work, meeting: MeetingRow, now: datetime) -> None:
    """What a meeting is about has changed: the cards in people's chats say so. Nobody gets another letter for it."""
    for row in work.meetings.invitations(meeting.id):
        where = f"person:{row.person_id}"
        placed = work.session.get(PlacedRow, f"invitation_card:{row.id}:{where}")
        if placed is not None and placed.platform != "mail":
            show(work, "invitation_card", row.id, where, now)


def withdraw(work: Work, meeting: MeetingRow, row: InvitationRow, now: datetime) -> None:
    """Take an invitation back: the person's calendar entry is cancelled, and their card says so."""
    row.withdrawn = True
    work.session.flush()
    put_in_calendar(work, meeting, row.person_id, "cancel", now)
    show(work, "invitation_card", row.id, f"person:{row.person_id}", now)
    refresh_home(work, row.person_id, now)


def put_in_calendar(work: Work, meeting: MeetingRow, person_id: str, method: str, now: datetime) -> None:
    """Owe what brings this person's calendar up to date: their own message, or the organiser's entry for all."""
    if meeting.calendar:
        owe_entry(work, meeting, now)
    else:
        mail(work, meeting, person_id, method, now)


def owe_entry(work: Work, meeting: MeetingRow, now: datetime) -> None:
    """Owe one change of the entry in the organiser's calendar, however much of it is to change."""
    entry = Redrawing(
        errand="entry",
        about={"meeting": meeting.id},
        lane="post",
        destination=f"entry:{meeting.id}",
        collapse=entry_key(meeting.id),
    )
    work.outbox.redraw([entry], at=now)


def entry_key(meeting_id: str) -> str:
    """Under which what is owed to the organiser's calendar collapses."""
    return f"entry:{meeting_id}"


def mail(work: Work, meeting: MeetingRow, person_id: str, method: str, now: datetime) -> None:
    """Owe one calendar message; once for each person, method and sequence, and only the newest leaves."""
    work.outbox.put(
        f"invite:{meeting.id}:{meeting.sequence}:{person_id}:{method}",
        "invite",
        {"meeting": meeting.id, "person": person_id, "method": method, "sequence": meeting.sequence},
        at=now,
        destination=f"mail:{person_id}",
        collapse=f"invite:{meeting.id}:{person_id}",
    )


def bring_in(work: Work, case_id: str, agencies: Iterable[str], now: datetime) -> None:
    """The agencies asked to a case's meeting work on the case from now on (S3-29)."""
    known = set(work.cases.agencies(case_id))
    for agency_id in dict.fromkeys(agencies):
        if agency_id not in known:
            work.session.add(CaseAgencyRow(id=new_id(), case_id=case_id, agency_id=agency_id, since=now))
    work.session.flush()


def call_in(
    work: Work,
    meeting: MeetingRow,
    seats: list[tuple[str, str, bool]],
    required: tuple[str, ...],
    now: datetime,
) -> None:
    """Ask these people, the chair and the minute-taker; whoever was asked before and is not now gets a cancellation."""
    wanted = {person: (agency, deputy) for person, agency, deputy in seats}
    if meeting.chair_id and meeting.chair_id not in wanted:
        wanted[meeting.chair_id] = (work.register.row(meeting.chair_id).agency_id, False)
    taker = meeting.minute_taker_id if meeting.minute_taker_id not in wanted else None
    for row in work.meetings.invitations(meeting.id):
        if row.person_id not in wanted and row.person_id != taker:
            withdraw(work, meeting, row, now)
    for person, (agency, deputy) in wanted.items():
        must = agency in required or person == meeting.chair_id
        invite(work, meeting, person, agency, required=must, as_deputy=deputy, now=now)
    if taker:
        ask_for_minutes(work, meeting, taker, now)


def ask_for_minutes(work: Work, meeting: MeetingRow, person_id: str, now: datetime) -> None:
    """Ask this person to take the minutes; they need not come, and speak for nobody."""
    agency = work.register.row(person_id).agency_id
    invite(work, meeting, person_id, agency, required=False, as_deputy=False, speaks=False, now=now)


def agencies_asked(work: Work, meeting: MeetingRow) -> list[str]:
    """The agencies (ids) for which somebody is asked, each once."""
    speaking = [row.agency_id for row in work.meetings.invitations(meeting.id) if row.speaks]
    return list(dict.fromkeys(speaking))


def stands(row: InvitationRow, meeting: MeetingRow, now: datetime) -> bool:
    """Whether an invitation may still be answered: not withdrawn, and the meeting neither begun nor past its time."""
    return goes_on(meeting, now) and not row.withdrawn


def goes_on(meeting: MeetingRow, now: datetime) -> bool:
    """Whether answers to a meeting's invitations still matter: booked, neither begun nor past its time."""
    over = meeting.ends_at is not None and meeting.ends_at <= now
    return meeting.state == MeetingState.INVITED and not over
