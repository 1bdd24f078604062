"""Looks at rooms of Microsoft Teams that are closed, or are kept from something, because of who reads there."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.teams import Stopped
from bot.storage.transaction import Work
from bot.views.rooms import RoomNote, WithheldNote

NAMED = 10
"""Readers named in a message; the others are counted."""

WHY = {"unknown": "is not in the register", "no_part": "has no part in this channel"}
TITLES = {"triage": "triage", "board": "board"}


def room_note(work: Work, practice: Practice, id: str, now: datetime) -> RoomNote | None:
    """`id` is the conversation's; None when it is open again, or is no room's any more."""
    row = work.teams.conversation(id)
    room = room_of(practice, id)
    if row is None or room is None or row.stopped not in (Stopped.ROSTER_DIFFERS, Stopped.SHARED):
        return None
    readers = tuple((each["name"], WHY[each["why"]]) for each in row.unexpected)
    return RoomNote(
        room=room,
        title=_title(practice, room),
        shared=row.stopped == Stopped.SHARED,
        readers=readers[:NAMED],
        more=len(readers[NAMED:]),
        drill=practice.area.drill,
    )


def withheld_note(work: Work, practice: Practice, id: str, now: datetime) -> WithheldNote | None:
    """`id` is the room and what was to be posted there, parted by a tilde; None for anything else."""
    room, _, about = id.partition("~")
    if not about:
        return None
    return WithheldNote(
        room=room, title=_title(practice, room), refs=_refs(work, about), drill=practice.area.drill
    )


def room_of(practice: Practice, conversation: str) -> str | None:
    """The room that the area file puts in this conversation."""
    rooms = practice.area.teams_rooms
    return next((room for room, where in rooms.items() if where == conversation), None)


def _title(practice: Practice, room: str) -> str:
    pathway = practice.pathways.get(room)
    return pathway.title if pathway else TITLES.get(room, room)


def _refs(work: Work, about: str) -> tuple[str, ...]:
    for row in (work.cases.row, work.referrals.row, work.plans.row):
        try:
            return (row(about).ref,)
        except NotFound:
            continue
    return tuple(work.cases.row(item.case_id).ref for item in work.meetings.agenda(about))
