"""What may be seen of a dispute: reference, tier and date anywhere, its words only by those involved (S2-45, S5-10)."""

from dataclasses import dataclass
from datetime import datetime

from bot.views.meeting import Pick


@dataclass(frozen=True, kw_only=True)
class DisputeCard:
    """A dispute as its room and its messages show it: pointers only (design.md rule 4). `tier` counts from 1."""

    id: str
    ref: str
    case_id: str
    tier: int
    tiers: int
    title: str
    due_at: datetime
    state: str
    overdue: bool
    drill: bool


@dataclass(frozen=True, kw_only=True)
class DisputeAsked:
    """A dispute as a page behind a link shows it to somebody involved: pointers, and whom to ring about its words.

    `owns` when the reader answers for the tier where it is, `last` when there is no tier above it.
    """

    card: DisputeCard
    raised_by: str
    phone: str
    owns: bool
    last: bool
    raised: bool


@dataclass(frozen=True, kw_only=True)
class DisputeForm:
    """What *Raise a concern* is filled in with; `title` and `due_at` are those of the tier it would begin at."""

    case_id: str
    ref: str
    agencies: tuple[Pick, ...]
    title: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class DisputeStep:
    """Somebody who was brought in at a tier."""

    tier: int
    title: str
    name: str
    owns: bool
    due_at: datetime
    left: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """One answer, as it was given."""

    name: str
    tier: int
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DisputeFile:
    """The whole of a dispute, opened by somebody involved; audited. `may_settle`: it is this reader's to settle."""

    card: DisputeCard
    kind: str
    against: str
    raised_by: str
    raised_at: datetime
    issue: str
    safeguards: str
    steps: tuple[DisputeStep, ...]
    said: tuple[Said, ...]
    result: str
    learning: str
    ended_by: str
    ended_at: datetime | None
    may_settle: bool
    last_tier: bool
