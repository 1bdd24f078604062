"""The stand-in for Graph's calendars: a tenant's mailboxes and rooms, the organiser's events, and its troubles."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.domain.spans import Span
from bot.local.graph.refusals import GraphRefuses
from bot.local.troubles import Troubled

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call as it was answered."""

    method: str
    path: str
    body: Json
    prefer: str
    status: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What somebody put into their own calendar; `status` is Graph's word (busy, oof, tentative, free, …)."""

    span: Span
    status: str = "busy"
    subject: str = ""
    place: str = ""
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Venue:
    """A room of the tenant."""

    address: str
    name: str
    seats: int | None = None
    wheelchair: bool | None = None


@dataclass(kw_only=True)
class Event:
    """A meeting that the organiser owns; `said` is what was asked for, answers are by the guest's address."""

    id: str
    said: Json
    span: Span
    link: str = ""
    asked_for_link: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    answered_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def guests(self) -> list[str]:
        """Whom it asks, by address."""
        return [each["emailAddress"]["address"] for each in self.said.get("attendees") or []]


class GraphWorld(Troubled[Call]):
    """Everything the stand-in knows. All of it lives in one event loop."""

    def __init__(
        self,
        *,
        organiser: str,
        domains: Collection[str],
        rooms: Sequence[Venue] = (),
        token: str = "the stand-in's token",  # noqa: S107 - of an invented tenant
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`domains` are the tenant's own: whoever has another address is foreign, and cannot be read.

        Set `mailboxes[address]` for each person. `link_after` reads of an event give no join link yet, None gives
        none ever; `lacks` are operations for which the app has no permission.
        """
        super().__init__()
        self.address = "http://127.0.0.1"
        self.organiser, self.domains, self.rooms, self.token = organiser, set(domains), rooms, token
        self.clock = clock
        self.mailboxes: dict[str, list[Entry]] = {organiser: [], **{room.address: [] for room in rooms}}
        self.events: dict[str, Event] = {}
        self.told: list[tuple[str, str, str]] = []
        self.link_after: int | None = 0
        self.lacks: set[str] = set()
        self.at_once = self.most_at_once = 0

    def person(self, address: str, *entries: Entry) -> None:
        """Somebody of the tenant, and what is in their calendar."""
        self.mailboxes[address.casefold()] = list(entries)

    def taken(self, address: str) -> list[Entry]:
        """What a diary shows: the owner's entries and the meetings they were asked to."""
        asked = [
            Entry(span=event.span, status=_shown(event.answers.get(address.casefold(), "none")), private=True)
            for event in self.events.values()
            if address.casefold() in [guest.casefold() for guest in event.guests]
        ]
        return [*self.mailboxes[address.casefold()], *(each for each in asked if each.status != "free")]

    def reply(self, event_id: str, address: str, response: str) -> None:
        """A guest answers: accepted, tentativelyAccepted or declined."""
        event = self.events[event_id]
        event.answers[address.casefold()], event.answered_at[address.casefold()] = response, self.clock()

    def tell(self, event: Event, what: str) -> None:
        """Graph mails every guest; kept as (what, event, address)."""
        self.told += [(what, event.id, guest) for guest in event.guests]

    def find(self, id: str) -> Event:
        """An event by its steady id; refused where there is none."""
        if id not in self.events:
            raise GraphRefuses(
                404, "ErrorItemNotFound", why="The specified object was not found in the store."
            )
        return self.events[id]


def _shown(answer: str) -> str:
    return {"accepted": "busy", "organizer": "busy", "declined": "free"}.get(answer, "tentative")
