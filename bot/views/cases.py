"""What may be seen of a case in a channel and in a list: pointers only (design.md rule 4)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.views.safe_contact import SafeCard


@dataclass(frozen=True, kw_only=True)
class ClockLine:
    """One stage's deadline: met, or how many working days are left (negative: missed by so many)."""

    stage: str
    due_on: date
    due_at: datetime
    met_at: datetime | None
    working_days_left: int
    met_late: bool
    by_the_hour: bool = False
    """Whether it is counted in clock hours, over nights and weekends (S5-36)."""


@dataclass(frozen=True, kw_only=True)
class CaseCard:
    """A case as its panel's channel shows it; edited in place for as long as the case lives."""

    id: str
    ref: str
    pathway: str
    state: str
    opened_at: datetime
    coordinator: str
    chair: str
    agencies: tuple[str, ...]
    clocks: tuple[ClockLine, ...]
    open_actions: int
    closed_actions: int
    overdue_actions: int
    next_review: date | None
    meeting_at: datetime | None
    drill: bool
    listable: bool
    many_cases: bool
    closable: bool
    closed: bool
    asked: bool = False
    """Whether agencies have been asked who knows the person."""


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """A case in a list, with what presses next."""

    id: str
    ref: str
    pathway: str
    state: str
    next_stage: str
    next_due: date | None
    working_days_left: int | None
    open_actions: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in a case's file: an action, a meeting, a decision, an answer."""

    head: str
    body: str = ""
    who: str = ""
    state: str = ""
    said: str = ""
    due: date | None = None
    at: datetime | None = None
    next_at: datetime | None = None
    opens: str = ""
    """The id of a shared item that opens by itself."""


@dataclass(frozen=True, kw_only=True)
class CasePart:
    """A part of the file: actions, meetings, voice, decisions, or a page of the referral."""

    kind: str
    entries: tuple[Entry, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a kind of part, or a page of the referral, begins in the file; `title` is the page's own, if it has one.

    `entries` is how many there are of the kind, over all of its parts.
    """

    kind: str
    number: int
    title: str = ""
    entries: int = 0


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Something that the reader may begin from the case's file: the verb to press, on the case unless `value` says."""

    verb: str
    text: str
    value: str = ""
    about: str = ""
    """Under which heading the button stands: `safety`, `person`, `agencies`, `record` or `closing`."""


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One part of a case, opened by somebody who may."""

    id: str
    ref: str
    state: str
    part: CasePart
    number: int
    of: int
    contents: tuple[Place, ...] = ()
    doings: tuple[Doing, ...] = ()
    safe: SafeCard | None = None
    """How to reach the person safely, on top of the first part (S5-17)."""


@dataclass(frozen=True, kw_only=True)
class LeadForm:
    """Who leads on a case now, and who could: ids and names of the register."""

    case_id: str
    ref: str
    lead: str
    chosen: str
    people: tuple[tuple[str, str], ...]
