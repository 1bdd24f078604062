"""A meeting's entry in the organiser's own calendar: what it should say, and what became of asking for it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.area import Practice
from bot.domain.states import MeetingState
from bot.storage.transaction import Begin, Work
from bot.usecases.chairs import coordinator_of
from bot.usecases.invitees import mail
from bot.usecases.looks.meeting import names_on_agenda, refs_of
from bot.usecases.owed import tell

BEGUN = "begun"
"""In the place of an entry's id, once a calendar was asked for one and has not been heard to say which it is."""


@dataclass(frozen=True, kw_only=True)
class EntryPlan:
    """What the record wants the entry to be. `entry_id` is None before anybody asked for it, or BEGUN.

    `place` is a room's name, `room` its address where it can be booked in the same calendars, and `rooms` are the names
    of all there are. `guests` are (address, required); `names` are those that must not be in it.
    """

    meeting_id: str
    calendar: str
    entry_id: str | None
    cancelled: bool
    stage: str
    kind: str
    start: datetime
    end: datetime
    reference: str
    place: str
    room: str
    rooms: frozenset[str]
    guests: tuple[tuple[str, bool], ...]
    names: tuple[str, ...]


def entry_plan(work: Work, practice: Practice, meeting_id: str) -> EntryPlan | None:
    """The entry as it should be now; None where there is none to be: no time yet, or invitations go by e-mail."""
    meeting = work.meetings.row(meeting_id)
    if not meeting.calendar or meeting.starts_at is None or meeting.ends_at is None:
        return None
    asked = work.meetings.invitations(meeting_id)
    people = work.register.rows(row.person_id for row in asked)
    refs = refs_of(work, meeting)
    room = practice.area.venue(meeting.place)
    bookable = room is not None and practice.area.diary_of(room.address) == meeting.calendar
    return EntryPlan(
        meeting_id=meeting_id,
        calendar=meeting.calendar,
        entry_id=meeting.entry_id,
        cancelled=meeting.state == MeetingState.CANCELLED,
        stage=meeting.stage,
        kind=meeting.kind,
        start=meeting.starts_at,
        end=meeting.ends_at,
        reference=refs[0] if len(refs) == 1 else "",
        place=meeting.place,
        room=room.address if room is not None and bookable else "",
        rooms=frozenset(each.name for each in practice.area.venues),
        guests=tuple((people[row.person_id].email, row.required) for row in asked),
        names=names_on_agenda(work, practice, meeting),
    )


def begin_entry(begin: Begin, meeting_id: str) -> None:
    """Write down that an entry is about to be asked for: from now on there may be one, whatever is heard of it."""
    with begin() as work:
        meeting = work.meetings.row(meeting_id)
        meeting.entry_id = meeting.entry_id or BEGUN


def keep_entry(work: Work, meeting_id: str, entry_id: str) -> None:
    """Write down which entry it is; it is as the record wants it."""
    meeting = work.meetings.row(meeting_id)
    meeting.entry_id, meeting.entry_doubt = entry_id, ""


def entry_failed(work: Work, meeting_id: str, now: datetime) -> None:
    """The calendar will not do it. With no entry yet, everybody is invited by e-mail instead; the coordinator hears it.

    An entry that stands cannot be changed by e-mail of ours: it is the organiser's, so somebody has to do it by hand.
    """
    meeting = work.meetings.row(meeting_id)
    stands = meeting.entry_id not in (None, BEGUN)
    if not stands and meeting.state != MeetingState.CANCELLED:
        meeting.calendar = ""
        work.session.flush()
        for row in work.meetings.invitations(meeting_id):
            mail(work, meeting, row.person_id, "request", now)
    message = "entry_stuck" if stands else "entry_by_mail"
    key = f"{meeting.sequence}.{meeting.version}"
    tell(work, message, meeting_id, f"person:{coordinator_of(work, meeting)}", now, key=key)
    work.audit.write(
        stream=f"meeting:{meeting_id}",
        actor="calendar",
        verb="entry.failed",
        thing=f"meeting:{meeting_id}",
        facts={"stands": stands, "sequence": meeting.sequence},
        at=now,
    )
