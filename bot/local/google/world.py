"""The stand-in for Google's calendars: a Workspace's diaries, the organiser's events, who is told of changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.domain.spans import Span
from bot.local.google.issuer import Issuer
from bot.local.google.notices import Notices
from bot.local.google.refusals import GoogleRefuses
from bot.local.troubles import Troubled

Json = dict[str, Any]

ACCOUNT = "convenor@exampleshire-meetings.iam.gserviceaccount.com"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call as it was answered; `scopes` are those of its token."""

    method: str
    path: str
    query: dict[str, str]
    body: Json
    scopes: frozenset[str]
    status: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What somebody put into their own calendar; a transparent one takes none of their time."""

    span: Span
    transparent: bool = False


@dataclass(kw_only=True)
class Event:
    """A meeting that the organiser owns; `said` is what was asked for, answers are by the guest's address."""

    id: str
    said: Json
    span: Span
    changed: int
    has_meet: bool = False
    looks: int = 0
    cancelled: bool = False
    sequence: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def guests(self) -> list[str]:
        """Whom it asks, by address."""
        return [each["email"] for each in self.said.get("attendees") or []]


class GoogleWorld(Troubled[Call]):
    """Everything the stand-in knows. All of it lives in one event loop."""

    def __init__(
        self,
        *,
        organiser: str,
        account: str = ACCOUNT,
        issuer: Issuer | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`account` is the service account that may act for the organiser.

        Set `diaries[address]` for each person whose time the organiser may see: others are not found, as in life.
        `link_after` reads of an event give no link to Meet yet, None gives none ever; `lacks` are operations that are
        refused for want of a scope. Set `address` once the port is known.
        """
        super().__init__()
        self.address = "http://127.0.0.1"
        self.organiser, self.clock = organiser, clock
        self.diaries: dict[str, list[Entry]] = {organiser.casefold(): []}
        self.issuer = issuer or Issuer(account, users=self.diaries)
        self.events: dict[str, Event] = {}
        self.told: list[tuple[str, str, str]] = []
        self.notices = Notices(clock)
        self.link_after: int | None = 0
        self.lacks: set[str] = set()
        self.serial = 0
        self.forgotten = 0

    def person(self, address: str, *entries: Entry) -> None:
        """Somebody whose diary the organiser may see, and what is in it."""
        self.diaries[address.casefold()] = list(entries)

    def taken(self, address: str) -> list[Span]:
        """When somebody is taken: by entries of their own, and by meetings that they own or have not declined."""
        person = address.casefold()
        mine = [entry.span for entry in self.diaries[person] if not entry.transparent]
        asked = [
            event.span
            for event in self.events.values()
            if not event.cancelled
            and (
                person == self.organiser.casefold()
                or (
                    person in [guest.casefold() for guest in event.guests]
                    and event.answers.get(person) != "declined"
                )
            )
        ]
        return [*mine, *asked]

    def shown_in_week(self, address: str, start: datetime, end: datetime) -> list[dict[str, str]]:
        """Somebody's own entries, as their calendar on the page shows them: Google tells nobody what they are."""
        return [
            {
                "uid": f"{address}:{entry.span.start.isoformat()}",
                "summary": "Busy",
                "start": entry.span.start.isoformat(),
                "end": entry.span.end.isoformat(),
            }
            for entry in self.diaries.get(address.casefold(), [])
            if entry.span.start < end and start < entry.span.end
        ]

    def reply(self, event_id: str, address: str, response: str, comment: str = "") -> None:
        """A guest answers: accepted, tentative or declined, and may say why."""
        event = self.events[event_id]
        event.answers[address.casefold()], event.comments[address.casefold()] = response, comment
        self.touch(event)

    def withdraw(self, event_id: str) -> None:
        """Somebody takes the event out of the organiser's calendar by hand."""
        event = self.events[event_id]
        event.cancelled = True
        self.touch(event)

    def forget(self) -> None:
        """Every token of a list that was given so far is too old from now on."""
        self.forgotten = self.serial + 1
        self.serial += 1

    def touch(self, event: Event) -> None:
        """The event has changed: whoever lists from an earlier token sees it, whoever watches is told."""
        self.serial += 1
        event.changed = self.serial
        self.notices.changed()

    def tell(self, event: Event, what: str) -> None:
        """Google mails every guest; kept as (what, event, address)."""
        self.told += [(what, event.id, guest) for guest in event.guests]

    def find(self, id: str) -> Event:
        """An event by its id; refused where there never was one."""
        if id not in self.events:
            raise GoogleRefuses(404, "notFound", why="Not Found")
        return self.events[id]

    async def close(self) -> None:
        """End what waits, so that the program can stop."""
        self.speak_again()
        await self.notices.close()
