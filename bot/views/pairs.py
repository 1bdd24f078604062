"""Two people of one case who both have needs, and whether one plan is fair to both (S5-28). Opened, audited."""

from dataclasses import dataclass
from datetime import datetime

from bot.views.meeting import Pick


@dataclass(frozen=True, kw_only=True)
class PairPerson:
    """One of the two: by role and number, never by name, because both stand on this page."""

    id: str
    called: str
    advocacy: str
    advocacy_words: str
    actions: tuple[str, ...]
    """References of open actions that serve them, alone or with the other."""


@dataclass(frozen=True, kw_only=True)
class PairAction:
    """An action and whom it serves: one of the two by id, `both`, or "" where nobody has said."""

    id: str
    ref: str
    category: str
    open: bool
    serves: str
    serves_words: str


@dataclass(frozen=True, kw_only=True)
class PairPlan:
    """The plan as it serves each of the two; `warnings` are sentences for people to act on."""

    why: str
    least: str
    who: str
    at: datetime
    people: tuple[PairPerson, ...]
    actions: tuple[PairAction, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PairForm:
    """What is asked: whom it is about, where no flag stands; else the plan. `choices` are whom an action can serve."""

    case_id: str
    ref: str
    subjects: tuple[Pick, ...]
    plan: PairPlan | None
    advocacies: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...]
