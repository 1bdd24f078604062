"""Papers of a meeting: minutes with what became of them, the chair's pack, a list of actions, a list of contacts."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.views.bundle import Bundle
from bot.views.indicators import Trend
from bot.views.meeting import AgendaLine, Minutes


@dataclass(frozen=True, kw_only=True)
class MinutesPaper:
    """Minutes as they stand: `text` is Markdown word for word as sent, empty while they are a draft (`minutes`).

    `state` is draft, sent, change or approved; `due` the day by which they are to be approved (T15).
    """

    id: str
    minutes: Minutes
    text: str
    number: int
    state: str
    asked: str
    change: str
    sent_by: str
    sent_at: datetime | None
    answered_by: str
    answered_at: datetime | None
    approver: str
    due: date | None
    may_send: bool
    may_answer: bool


@dataclass(frozen=True, kw_only=True)
class MinutesNote:
    """What is said in messages about minutes: where they are and by when; no word of them."""

    id: str
    stage: str
    held: datetime
    state: str
    number: int
    approver: str
    due: date
    overdue_by: int
    """Working days; negative while there is time."""
    drill: bool


@dataclass(frozen=True, kw_only=True)
class ListedAction:
    """An action as a list names it; `ended` is its outcome in words, empty while it is open."""

    ref: str
    case: str
    category: str
    detail: str
    agency: str
    owner: str
    due: date
    review_on: date
    state: str
    ended: str
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class ActionList:
    """The actions of one case, or of the cases of one meeting; `about` names which."""

    about: str
    area: str
    day: date
    actions: tuple[ListedAction, ...]
    drill: bool


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Somebody to ring or write to."""

    agency: str
    name: str
    title: str
    roles: tuple[str, ...]
    email: str
    phone: str
    deputy: str


@dataclass(frozen=True, kw_only=True)
class ContactList:
    """Everybody active in the area's register (IG-15)."""

    area: str
    day: date
    contacts: tuple[Contact, ...]
    drill: bool


@dataclass(frozen=True, kw_only=True)
class PackAgency:
    """An agency that has not answered, cannot come or has sent word instead."""

    agency: str
    people: tuple[str, ...]
    information: str = ""


@dataclass(frozen=True, kw_only=True)
class PackCase:
    """A case as its chair meets it: what was agreed before and what came of it, whose views there are, what to ask."""

    ref: str
    number: int
    state: str
    rating: str
    due: date | None
    actions: tuple[ListedAction, ...]
    views_how: str
    views_at: datetime | None
    views: str
    why_not: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What a chair needs before and during a meeting (S3-27, S3-30, S3-32, S4-09)."""

    id: str
    area: str
    pathway: str
    stage: str
    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    chair: str
    minute_taker: str
    agenda: tuple[AgendaLine, ...]
    minutes_over: int
    counts_quorum: bool
    outlook: str
    coming: int
    needed: int
    lacking: tuple[str, ...]
    unanswered: tuple[PackAgency, ...]
    apologies: tuple[PackAgency, ...]
    cases: tuple[PackCase, ...]
    views_missing: tuple[str, ...]
    drill: bool


Content = MinutesPaper | ActionList | ContactList | Pack | Bundle | Trend


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper that somebody takes out of the record: what it holds, who takes it, when."""

    kind: str
    content: Content
    by: str
    at: datetime
    mark: str
    """A reference that may stand in a file's name."""
