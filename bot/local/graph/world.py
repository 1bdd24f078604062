"""The stand-in for Graph's calendars: a tenant's mailboxes and rooms, the organiser's events, and its troubles."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.domain.spans import Span
from bot.local.graph.refusals import GraphRefuses

Json = dict[str, Any]

CALLS = 1_000
"""How many calls are remembered."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call as it was answered."""

    method: str
    path: str
    body: Json
    prefer: str
    status: int


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How the next call fails; `after` means that it was carried out all the same, `only` of which kind it is."""

    status: int
    retry_after: int | None
    after: bool
    only: str = ""


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
    sequence: int = 0
    asked_for_link: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    answered_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def guests(self) -> list[str]:
        """Whom it asks, by address."""
        return [each["emailAddress"]["address"] for each in self.said.get("attendees") or []]


class Keep:
    """Where events are kept over a restart; by itself, nowhere."""

    def all(self) -> dict[str, Event]:
        """The events that were kept, by id."""
        return {}

    def put(self, event: Event) -> None:
        """Keep an event as it is now."""

    def drop(self, event: Event) -> None:
        """Forget an event."""


class GraphWorld:
    """Everything the stand-in knows. All of it lives in one event loop."""

    def __init__(
        self,
        *,
        organiser: str,
        domains: Collection[str],
        rooms: Sequence[Venue] = (),
        token: str = "the stand-in's token",  # noqa: S107 - of an invented tenant
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        keep: Keep | None = None,
    ) -> None:
        """`domains` are the tenant's own: whoever has another address is foreign, and cannot be read.

        Set `mailboxes[address]` for each person. `link_after` reads of an event give no join link yet, None gives
        none ever; `lacks` are operations for which the app has no permission. `on_post` hears of every mail to a
        guest, `on_change` of every change of an event; `keep` holds the events over a restart.
        """
        self.address = "http://127.0.0.1"
        self.organiser, self.domains, self.rooms, self.token = organiser, set(domains), rooms, token
        self.clock = clock
        self.mailboxes: dict[str, list[Entry]] = {organiser: [], **{room.address: [] for room in rooms}}
        self.keep = keep or Keep()
        self.events = self.keep.all()
        self.told: list[tuple[str, str, str]] = []
        self.on_change: Callable[[str, Event], None] = lambda what, event: None
        self.on_post: Callable[[str, Event, str], None] = lambda what, event, guest: None
        self.link_after: int | None = 0
        self.lacks: set[str] = set()
        self.calls: list[Call] = []
        self.troubles: deque[Trouble] = deque()
        self.at_once = self.most_at_once = 0
        self.open_again: asyncio.Event | None = None

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
        self.changed(event)

    def changed(self, event: Event) -> None:
        """An event is not what it was: kept, and told to whoever listens."""
        self.keep.put(event)
        self.on_change("updated", event)

    def remove(self, event: Event) -> None:
        """An event is taken out of the calendar."""
        del self.events[event.id]
        self.keep.drop(event)
        self.on_change("deleted", event)

    def tell(self, event: Event, what: str, guests: Iterable[str] | None = None) -> None:
        """Graph mails these guests, or every one; kept as (what, event, address)."""
        for guest in event.guests if guests is None else guests:
            self.told.append((what, event.id, guest))
            self.on_post(what, event, guest)

    def find(self, id: str) -> Event:
        """An event by its steady id; refused where there is none."""
        if id not in self.events:
            raise GraphRefuses(
                404, "ErrorItemNotFound", why="The specified object was not found in the store."
            )
        return self.events[id]

    def note(self, call: Call) -> None:
        """Remember a call."""
        self.calls.append(call)
        del self.calls[:-CALLS]

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        retry_after: int | None = None,
        after: bool = False,
        only: str = "",
    ) -> None:
        """Answer the next calls with this status (429, 503, …); `only` those of one kind (create, schedule, …)."""
        trouble = Trouble(status=status, retry_after=retry_after, after=after, only=only)
        self.troubles.extend([trouble] * times)

    def fall_silent(self) -> None:
        """Take calls and give no answer, until `speak_again`."""
        self.open_again = asyncio.Event()

    def speak_again(self) -> None:
        """End a silence."""
        if self.open_again is not None:
            self.open_again.set()
            self.open_again = None


def _shown(answer: str) -> str:
    return {"accepted": "busy", "organizer": "busy", "declined": "free"}.get(answer, "tentative")
