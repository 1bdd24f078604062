"""Who reads along in a room of Microsoft Teams: compared before each post with who may, and the chair told (IG-08).

Whoever is added to a channel there reads what was said before they came. So a room in which somebody reads along who
should not is closed until a person has looked; somebody who is kept from one case closes it for that case alone.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, NotAllowed, NotFound
from bot.domain.people import Person, Role
from bot.domain.teams import Reader, Stopped, Unexpected
from bot.storage.register import person_of
from bot.storage.transaction import Begin, Work
from bot.usecases.looks.rooms import room_of
from bot.usecases.owed import tell

ROOMS = {"triage": "room.triage", "board": "room.board"}
"""What access calls the reading of a room; every other room is a panel's."""


def unexpected(
    work: Work, practice: Practice, room: str, id: str, tenant: str, readers: Collection[Reader]
) -> tuple[Unexpected, ...]:
    """Those of the readers who may not read about this in that room; `id` is what the post is about.

    A reader is known by their account in the conversation's tenant, or else by an address of the register, as at
    first contact.
    """
    thing, verb = _thing(work, practice, id), ROOMS.get(room, "room.panel")
    found: list[Unexpected] = []
    for reader in readers:
        person = _registered(work, practice, tenant, reader)
        if person is None:
            found.append(Unexpected(name=reader.name, why="unknown"))
        elif person.id in thing.barred:
            found.append(Unexpected(name=person.name, why="barred"))
        elif not may(person, verb, thing):
            found.append(Unexpected(name=person.name, why="no_part"))
    return tuple(found)


def close_room(
    begin: Begin,
    practice: Practice,
    room: str,
    conversation: str,
    id: str,
    found: Collection[Unexpected],
    now: datetime,
) -> None:
    """Write down who reads along, and tell the chair of what was to be posted; without a chair, the coordinators."""
    with begin() as work:
        strangers = [each for each in found if each.why != "barred"]
        chairs = _chairs(work, practice, id)
        if strangers:
            work.teams.stop(conversation, Stopped.ROSTER_DIFFERS, unexpected=strangers)
            _tell(work, "roster_differs", conversation, chairs, now)
        else:
            _tell(work, "kept_from_case", f"{room}~{id}", chairs, now, once=True)
        work.audit.write(
            stream="rooms",
            actor="convenor",
            verb="room.closed" if strangers else "room.withheld",
            thing=f"room:{room}",
            facts={"unexpected": len(found)},
            at=now,
        )


def shared(begin: Begin, practice: Practice, conversation: str, now: datetime) -> None:
    """A channel was shared with others, or no longer is: nothing is posted there until somebody has looked."""
    room = room_of(practice, conversation)
    if room is None:
        return
    with begin() as work:
        if not work.teams.stop(conversation, Stopped.SHARED):
            return
        _tell(work, "roster_differs", conversation, _coordinators(work, practice), now)
        work.audit.write(
            stream="rooms",
            actor="convenor",
            verb="room.closed",
            thing=f"room:{room}",
            facts={"shared": True},
            at=now,
        )


def open_again(begin: Begin, practice: Practice, room: str, *, by: Person, now: datetime) -> int:
    """A coordinator or a chair has looked who reads there: the room is open, and what was held back is owed again.

    How many messages that are. Each is compared again before it is posted. NotAllowed for anybody else.
    """
    with begin() as work:
        if not may(by, "room.confirm", Thing(area=practice.area.id)):
            raise NotAllowed(
                "Only a coordinator or a chair can open a channel again. Nothing has changed; this was recorded.",
                Denial(stream="rooms", actor=by.id, verb="room.confirm", thing=f"room:{room}", at=now),
            )
        work.teams.resume(practice.area.teams_rooms.get(room, ""))
        revived = work.outbox.try_again_to(f"room:{room}", "teams", at=now)
        work.audit.write(
            stream="rooms",
            actor=by.id,
            verb="room.confirm",
            thing=f"room:{room}",
            facts={"owed": revived},
            at=now,
        )
        return revived


def _thing(work: Work, practice: Practice, id: str) -> Thing:
    """What a post is about, whichever kind it is; of something else nobody is kept away."""
    kinds: tuple[tuple[Callable[[str], Any], Callable[[Any], Thing]], ...] = (
        (work.cases.row, work.cases.thing),
        (work.referrals.row, work.referrals.thing),
        (work.meetings.row, work.meetings.thing),
        (work.plans.row, work.plans.thing),
    )
    for row, thing in kinds:
        try:
            return thing(row(id))
        except NotFound:
            continue
    return Thing(area=practice.area.id)


def _registered(work: Work, practice: Practice, tenant: str, reader: Reader) -> Person | None:
    if (known := work.teams.known(tenant, reader.account)) is not None:
        return known
    rows = (work.register.by_email(practice.area.id, address) for address in reader.addresses)
    return next((person_of(row) for row in rows if row is not None), None)


def _chairs(work: Work, practice: Practice, id: str) -> list[str]:
    chair = _thing(work, practice, id).chair_id
    return [chair] if chair else _coordinators(work, practice)


def _coordinators(work: Work, practice: Practice) -> list[str]:
    return [each.id for each in work.register.people(practice.area.id, Role.COORDINATOR)]


def _tell(
    work: Work, message: str, id: str, people: Collection[str], now: datetime, *, once: bool = False
) -> None:
    for person in people:
        tell(work, message, id, f"person:{person}", now, key="" if once else now.isoformat())
