"""Where a meeting is held: online, in a room of the area, or in whichever is free (issue 4, slot finding).

A place is never typed: a home, a school or a refuge cannot be named, since no list has it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.area import Area, MeetingRoom, Practice
from bot.domain.diary import Diary, Reading
from bot.domain.slots import Room, Source, Venue
from bot.domain.spans import Span, merged
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Work
from bot.views.meeting import Pick

ONLINE, ANY_ROOM = "online", "any_room"
"""In the place of a room's name; no room is called so."""


def places(area: Area) -> tuple[Pick, ...]:
    """What can be chosen; nothing where the area has no rooms, and every meeting is online."""
    if not area.venues:
        return ()
    anywhere = [Pick(id=ANY_ROOM, label="Any room that is free")] if len(area.venues) > 1 else []
    rooms = [Pick(id=room.name, label=_told(room)) for room in area.venues]
    return (Pick(id=ONLINE, label="Online"), *anywhere, *rooms)


def rooms_for(area: Area, where: str) -> tuple[MeetingRoom, ...]:
    """The rooms that would do; none for a meeting online, or in a room that is there no longer."""
    return tuple(room for room in area.venues if where in (ANY_ROOM, room.name))


def diary_name(room: MeetingRoom) -> str:
    """Under which a room's diary is kept beside those of people, whose ids have no colon."""
    return f"room:{room.address.lower()}"


def with_diaries(area: Area, rooms: Iterable[MeetingRoom]) -> tuple[MeetingRoom, ...]:
    """Those whose own diaries can be read, by the area's word."""
    return tuple(room for room in rooms if area.diary_of(room.address))


def venue(
    work: Work, practice: Practice, meeting: MeetingRow, where: str, window: Span, heads: int, now: datetime
) -> Venue | None:
    """The rooms in question and when they are taken; None for a meeting online.

    By their own diaries where these can be read, and without that nobody knows; by our own meetings always.
    """
    if where == ONLINE:
        return None
    area = practice.area
    rooms = rooms_for(area, where)
    readings = work.diaries.readings(diary_name(room) for room in with_diaries(area, rooms))
    ours = work.meetings.in_rooms(meeting.area, window.start, window.end, but=meeting.id)
    return Venue(
        rooms=tuple(
            _room(
                area, room, readings, [Span(a, b) for place, a, b in ours if place == room.name], window, now
            )
            for room in rooms
        ),
        heads=heads,
    )


def _room(
    area: Area,
    room: MeetingRoom,
    readings: Mapping[str, Reading],
    ours: Iterable[Span],
    window: Span,
    now: datetime,
) -> Room:
    if not area.diary_of(room.address):
        return Room(id=room.name, seats=room.seats, source=Source.OWN_PATTERN, busy=merged(ours))
    reading = readings.get(diary_name(room))
    if reading is None or not reading.holds(window, now) or not isinstance(reading.diary, Diary):
        return Room(id=room.name, seats=room.seats, source=Source.UNKNOWN)
    taken = (*ours, *reading.diary.busy, *reading.diary.tentative)  # whoever asked first has it
    return Room(id=room.name, seats=room.seats, source=Source.DIARY_READ, busy=merged(taken))


def _told(room: MeetingRoom) -> str:
    access = [word for has, word in ((room.wheelchair, "wheelchair"), (room.step_free, "step-free")) if has]
    return f"{room.name} ({', '.join([f'{room.seats} seats', *access])})"
