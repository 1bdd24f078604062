"""What may be seen of a referral: in a channel, by its referrer, and, opened, by those who work on it."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class TriageCard:
    """A pointer for the triage team's channel: never a name, never a word of the story (IG-01)."""

    id: str
    ref: str
    pathway: str
    agency: str
    received_at: datetime
    due_at: datetime
    working_days_left: int
    state: str
    urgent: bool
    drill: bool
    waiting: bool
    decided_by: str = ""
    decided_at: datetime | None = None
    redirect: str = ""
    coordinator: str = ""


@dataclass(frozen=True, kw_only=True)
class ReferralNote:
    """What a referrer is told in a message: the reference and what happens next, no reason and no name."""

    id: str
    ref: str
    pathway: str
    next_steps: str
    due_at: datetime
    drill: bool
    redirect: str = ""
    has_second_stage: bool = False
    coordinator: str = ""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A decision as its referrer reads it, opened: the reason, who decided, how to challenge it."""

    id: str
    ref: str
    outcome: str
    reason: str
    decided_by: str
    decided_at: datetime
    redirect: str
    redirect_text: str
    how_to_challenge: str
    may_challenge: bool
    closed_at: datetime | None = None
    came_of_it: str = ""
    """What the referrer's agency should take into its own plan, once the case is closed (S5-07)."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One question and its answer, as it was given."""

    label: str
    answer: str
    unknown: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """Answers that belong together; never about two people who must be kept apart (IG-21)."""

    title: str
    lines: tuple[Line, ...]
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Details:
    """One page of a referral or case, opened by a person who may."""

    id: str
    ref: str
    pathway: str
    part: Part
    number: int
    of: int
    parts: tuple[str, ...]
    state: str
    may_decide: bool = False


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One question of the threshold and what the referral says to it: a suggestion, never a verdict."""

    id: str
    question: str
    suggested: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """Questions that belong together: `rule` is all, any, not or count (then `at_least` of them).

    `title` is the pathway's own word for them, "" for none.
    """

    rule: str
    criteria: tuple[Criterion, ...]
    at_least: int = 1
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One entry of a list to pick from."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier case that may be about the same person; `inside` the window for repeats, None where there is none."""

    id: str
    ref: str
    pathway: str
    state: str
    opened_at: datetime
    matched: tuple[str, ...]
    inside: bool | None


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """What the answers call attention to, with those answers to take along; it decides nothing (rule 6)."""

    text: str
    route: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """Everything the triage officer needs to decide: the tree's questions, the duties, where else it might go."""

    id: str
    ref: str
    pathway: str
    groups: tuple[Group, ...]
    overall: str
    duties: tuple[Line, ...]
    redirects: tuple[Choice, ...]
    coordinators: tuple[Choice, ...] = field(default=())
    earlier: tuple[Earlier, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    route: str = ""
    """The redirect that the answers point to, by id; "" for none."""


@dataclass(frozen=True, kw_only=True)
class DraftLine:
    """A draft as its writer's Home lists it: no name, no answer (a Home is a chat surface too)."""

    id: str
    pathway: str
    page: int
    of: int
    updated_at: datetime
    second_stage_of: str = ""


@dataclass(frozen=True, kw_only=True)
class ReferralLine:
    """A referral in a list."""

    id: str
    ref: str
    pathway: str
    state: str
    received_at: datetime
    due_on: date
    working_days_left: int
    urgent: bool
    has_decision: bool
    may_answer: bool
    may_complete: bool
