"""What may be seen of reviews: dates and references in messages, words where somebody opens them (S3-31, S2-40)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.views.indicators import Series
from bot.views.meeting import Pick


@dataclass(frozen=True, kw_only=True)
class SubjectToInvite:
    """That a professional is asked to invite the person to a review, as a message says it: pointers only (IG-10)."""

    id: str
    ref: str
    case_id: str
    stage: str
    starts_at: datetime
    answer: str
    drill: bool


@dataclass(frozen=True, kw_only=True)
class SubjectForm:
    """What *Inviting the person* is filled in with; `routes` is what the referral says of safe contact. Audited."""

    id: str
    ref: str
    stage: str
    starts_at: datetime
    routes: tuple[tuple[str, str], ...]
    hows: tuple[Pick, ...]
    answers: tuple[Pick, ...]
    how: str
    safe: str
    answer: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ActionThen:
    """How an action stands at the review."""

    ref: str
    category: str
    detail: str
    agency: str
    owner: str
    state: str
    due: date
    overdue: bool
    said: str


@dataclass(frozen=True, kw_only=True)
class RatedThen:
    """A rating that a meeting gave, and whether it was `up`, `same` or `down` since the one before, or `first`."""

    at: datetime
    stage: str
    rating: str
    trend: str


@dataclass(frozen=True, kw_only=True)
class ReviewSheet:
    """The review sheet of the case on the table: each action, the ratings so far, the person, new risks. Audited."""

    item: str
    case_id: str
    ref: str
    actions: tuple[ActionThen, ...]
    more: int
    ratings: tuple[RatedThen, ...]
    measures: tuple[Series, ...]
    fair: tuple[str, ...]
    """What is missing of a plan that is fair to both, where two people are kept apart (S5-28)."""
    rating_now: str
    trend_now: str
    person: str
    new_risks: str
    what: str


@dataclass(frozen=True, kw_only=True)
class DecisionDue:
    """A decision whose day has come, as a message says it: its kind and dates, nothing of what was decided."""

    id: str
    ref: str
    case_id: str
    kind: str
    decided_on: date
    due: date
    asks: int
    drill: bool


@dataclass(frozen=True, kw_only=True)
class LaterDecision:
    """A decision by which another may be replaced, or that may be replaced."""

    id: str
    kind: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DecisionForm:
    """What *Does it still stand?* shows and asks; opened, audited."""

    due: DecisionDue
    text: str
    reasons: str
    later: tuple[LaterDecision, ...]
    until: date
