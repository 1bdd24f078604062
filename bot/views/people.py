"""What may be seen of the people of a case and of the risk to them: in a dialog of one's own, opened and audited."""

from dataclasses import dataclass
from datetime import date

from bot.views.meeting import Pick


@dataclass(frozen=True, kw_only=True)
class SafeForm:
    """What the form of it is filled in with: each route's id, label, and yes, no or unknown."""

    case_id: str
    ref: str
    routes: tuple[tuple[str, str, str], ...]
    number: str
    times: str
    words: str
    never: str
    subject_id: str = ""
    whose: str = ""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One thing that the person wants to come of it, and how far it was met when last asked; empty before."""

    id: str
    number: int
    text: str
    met: str = ""
    word: str = ""


@dataclass(frozen=True, kw_only=True)
class WishForm:
    """What the form about wanted outcomes is filled in with."""

    case_id: str
    ref: str
    moment: str
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, kw_only=True)
class SubjectLine:
    """One of the people, without any address; `ties` are sentences."""

    id: str
    role: str
    role_label: str
    number: int
    name: str
    born: str = ""
    more: str = ""
    has_address: bool = False
    ties: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SubjectSheet:
    """The people of a case, for whoever puts them right."""

    case_id: str
    ref: str
    subjects: tuple[SubjectLine, ...]
    people: tuple[Pick, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SubjectForm:
    """One of the people as the form is filled in; without `line` somebody new. An address is never filled in."""

    case_id: str
    ref: str
    line: SubjectLine | None


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The addresses that were opened, each with whose it is."""

    ref: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ToolPage:
    """One page of an assessment: questions with the answers so far, or the last one, where somebody judges."""

    id: str
    ref: str
    title: str
    notice: str
    page: int
    of: int
    questions: tuple[tuple[str, str, str, str], ...]
    """Id, label, hint, answer."""
    counted: str = ""
    """What the tool counts, in words; on the last page only."""
    judgement: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountForm:
    """What the person last said of themselves, to begin the next version with."""

    case_id: str
    ref: str
    matters: str = ""
    works: str = ""
    own_risk: str = ""
    strengths: str = ""
    network: str = ""
    capacity: str = ""
    advocacy: str = ""
    advocacy_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RiskForm:
    """One risk as it was last rated; without `risk` a new one. `whom` are all to whom it may be a risk."""

    case_id: str
    ref: str
    risk: str
    number: int
    known: tuple[Pick, ...]
    whom: tuple[Pick, ...]
    agencies: tuple[Pick, ...]
    description: str = ""
    to_whom: str = ""
    likelihood: str = ""
    impact: str = ""
    rating: str = ""
    agency: str = ""
    strengths: str = ""


@dataclass(frozen=True, kw_only=True)
class EnoughForm:
    """Whether the plan is good enough, person by person: id, who, yes or no or nothing, why."""

    item: str
    ref: str
    people: tuple[tuple[str, str, str, str], ...]
