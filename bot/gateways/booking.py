"""What one meeting of the organiser's calendar may hold: the closed set of invitations, and nothing of a case else."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.gateways.invitations import ANSWER_HERE, summary_of

Reply = Literal["accepted", "tentative", "declined"]


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody who is invited, by address alone: the calendar would show a name to whoever opens the entry."""

    address: str
    required: bool


@dataclass(frozen=True, kw_only=True)
class Booking:
    """A meeting as it is to stand in the organiser's calendar.

    `key` is the meeting's for life: one event is made for it, however often it is asked. `kind` is a key of
    SUMMARIES, `reference` a case's or empty; `place` is a room of the register and `room` its address, where it can
    be booked; `rooms` are the names of all there are. With `online` it is a meeting in Teams or in Meet, whichever
    goes with the calendar. Raises ValueError for anything outside those.
    """

    key: str
    kind: str
    start: datetime
    end: datetime
    guests: tuple[Guest, ...]
    reference: str = ""
    place: str = ""
    room: str = ""
    rooms: frozenset[str] = frozenset()
    online: bool = True

    def __post_init__(self) -> None:
        if not self.key:
            raise ValueError("a booking needs a key, or it may be made twice")
        if self.start.tzinfo is None or self.end.tzinfo is None or self.start >= self.end:
            raise ValueError("a booking needs times with a zone, and an end after its start")
        summary_of(self.kind, self.reference)

    @property
    def subject(self) -> str:
        """A word of the closed set and the reference."""
        return summary_of(self.kind, self.reference)

    @property
    def sentence(self) -> str:
        """All that the entry says."""
        return ANSWER_HERE

    def moves(self, stands: "Booked") -> bool:
        """Whether the event stands at another time."""
        return (stands.start, stands.end) != (self.start, self.end)

    def is_elsewhere(self, stands: "Booked") -> bool:
        """Whether the event stands in another place: in no room any more, only where it is in one of ours.

        A calendar may write of itself that a meeting is online.
        """
        return stands.place != self.place and (bool(self.place) or stands.place in self.rooms)

    def asks_others(self, stands: "Booked") -> bool:
        """Whether the event asks other people."""
        asked = {each.address.casefold() for each in stands.answers}
        return asked != {guest.address.casefold() for guest in self.guests}

    @property
    def known(self) -> tuple[str, ...]:
        """For the gate: what says nothing about the case, namely all but the subject and the place."""
        return (
            self.sentence,
            self.key,
            *(guest.address for guest in self.guests),
            *filter(None, [self.room]),
        )

    def spared(self, format: Collection[str]) -> tuple[str, ...]:
        """For the gate: the words of a calendar's format, but for one that is what the place is called."""
        return tuple(word for word in format if word != self.place.strip().casefold())


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one guest said; `reply` is None until they do, and `at` where the calendar keeps no time of it."""

    address: str
    reply: Reply | None
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Booked:
    """An event as the calendar has it. `link` leads into the online meeting, "" until there is one: a secret."""

    id: str
    start: datetime
    end: datetime
    link: str
    cancelled: bool
    answers: tuple[Answer, ...]
    place: str = field(default="", repr=False)
    """Where it says it is. Anybody may have written that: it is compared with what we wrote, never kept or told."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """A room that can be booked by its address; `seats` is None where nobody has said."""

    address: str
    name: str
    seats: int | None
    wheelchair: bool | None
