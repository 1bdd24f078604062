"""What may be seen of asking the agencies who knows somebody; names and stories in the windows alone (IG-01, IG-05)."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class CheckCard:
    """What an agency's contact is asked, by reference; edited in place in their direct messages.

    `answer` is none, known or not_known; `open`: it may be given or changed; `over` says why not: closed or held.
    `research`: their agency is to say what it holds before the panel, and `returned` whether it has. `subjects`, as
    pairs of id and label, are those about whom: only where it is answered on a page.
    """

    id: str
    case_id: str
    ref: str
    pathway: str
    agency: str
    coordinator: str
    phone: str
    due: date
    answer: str
    answered_at: datetime | None
    by_mail: bool
    open: bool
    over: str
    research: bool
    returned: bool
    drill: bool
    subjects: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One question of the referral and its answer, by which somebody can be looked up."""

    label: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who is meant: the least by which an agency can look somebody up, and nothing of what happened (IG-05)."""

    card: CheckCard
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class KnownForm:
    """Since when and with what an agency supports the person, and whom to ask; as said before, if it was."""

    card: CheckCard
    since: str
    support: str
    worker: str


@dataclass(frozen=True, kw_only=True)
class SubjectForm:
    """What an agency holds about one of the people of a case, as returned before; `id` is who they are in it."""

    id: str
    label: str
    held: str
    facts: str
    risk_view: str
    measures: str
    flag: str


@dataclass(frozen=True, kw_only=True)
class ResearchForm:
    """A research return to be filled in: a part for each person of the case."""

    card: CheckCard
    subjects: tuple[SubjectForm, ...]


@dataclass(frozen=True, kw_only=True)
class ToAsk:
    """An agency that would be asked; `person` is empty where the register names nobody to ask."""

    agency_id: str
    agency: str
    person: str


@dataclass(frozen=True, kw_only=True)
class AskAgencies:
    """Who would be asked and until when, before anybody is; `missing` are expected types with no agency."""

    case_id: str
    ref: str
    agencies: tuple[ToAsk, ...]
    due: date
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """One agency asked: what it said, without any of what it knows."""

    id: str
    agency: str
    person: str
    answer: str
    due: date
    overdue: bool
    stopped: bool
    on_case: bool
    research: bool
    returned: bool


@dataclass(frozen=True, kw_only=True)
class MissingReplies:
    """What nobody has said yet about one case: agencies without a reply, expertise that nobody has spoken for."""

    case_id: str
    ref: str
    silent: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything is missing."""
        return bool(self.silent or self.lacking)


@dataclass(frozen=True, kw_only=True)
class WhoKnows:
    """How the asking stands, for the coordinator and the chair; `more` agencies could still be asked."""

    case_id: str
    ref: str
    lines: tuple[CheckLine, ...]
    missing: MissingReplies
    more: int
    chaseable: bool


@dataclass(frozen=True, kw_only=True)
class WaitingCheck:
    """A reply or a research return that is waited for, in somebody's one message of the day.

    `what` is answer or research; `agency` is whose.
    """

    id: str
    case_id: str
    ref: str
    what: str
    agency: str
    due: date
    overdue_by: int
    due_in: int


@dataclass(frozen=True, kw_only=True)
class Returns:
    """How one agency has answered over a time (S4-14): numbers of cases.

    `asked` is all; `waiting` those not due yet, `no_reply` those past their day; never counted as "not known".
    """

    agency_id: str
    agency: str
    type: str
    asked: int
    known: int
    not_known: int
    in_time: int
    late: int
    no_reply: int
    waiting: int
    research_asked: int
    research_returned: int

    @property
    def rate(self) -> float | None:
        """The part answered of the requests that were answered or are past their day, 0 to 1; None of none."""
        settled = self.asked - self.waiting
        return (self.known + self.not_known) / settled if settled else None
