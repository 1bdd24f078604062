"""What may be seen of actions in chat: pointers, dates, and the names of professionals (design.md rule 4).

Only `OpenedAction` holds more, and it is opened in a modal by somebody who may.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.views.chronology import Standing
from bot.views.involvement import WaitingCheck
from bot.views.safe_contact import SafeCard


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What happens next about an open action: on which day, and who hears (design.md rule 8)."""

    on: date
    people: tuple[str, ...]
    escalated: bool
    decides: bool
    """Whether it reminds the chair of a decision."""


@dataclass(frozen=True, kw_only=True)
class ActionLine:
    """One action as every list and message shows it.

    `overdue_by` and `due_in` are working days, 0 where that does not apply. `seen` is what a button about it
    carries: the action's id, and the version that was shown.
    """

    id: str
    seen: str
    ref: str
    case_ref: str
    category: str
    agency: str
    owner: str
    due: date
    state: str
    state_words: str
    open: bool
    overdue_by: int
    due_in: int
    asked_due: date | None
    with_chair: bool
    may_snooze: bool
    next_step: NextStep | None
    closed_on: date | None
    drill: bool


@dataclass(frozen=True, kw_only=True)
class ActionList:
    """A page of a case's plan: what is open first, the most pressing on top; `page` is counted from 1.

    `viewers` are the people who have something to answer in this case, by id. A view of one person's own has what is
    theirs in `mine` and `to_decide`, and `more` counts what had no room there.
    """

    case_id: str
    ref: str
    lines: tuple[ActionLine, ...]
    page: int
    pages: int
    open: int
    closed: int
    overdue: int
    drill: bool
    viewers: tuple[str, ...] = ()
    mine: tuple[ActionLine, ...] = ()
    to_decide: tuple[ActionLine, ...] = ()
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class OwnActions:
    """A page of what one person owes, decides and stands in for."""

    lines: tuple[ActionLine, ...]
    to_decide: tuple[ActionLine, ...]
    page: int
    pages: int
    total: int
    leave: tuple[tuple[str, date, date], ...]
    """(id, first day, last day) of leave that is not over."""


@dataclass(frozen=True, kw_only=True)
class OpenedAction:
    """An action with what was written about it (sensitivity 3), and what the reader may do with it."""

    line: ActionLine
    detail: str
    said: str
    review_on: date
    nudges: tuple["NudgeLine", ...]
    may_answer: bool
    may_decide: bool
    may_reopen: bool
    safe: SafeCard | None = None
    """How to reach the person safely, where this is about getting in touch with them (S5-17)."""
    purpose: str = ""
    """What it is for: a risk, a wanted outcome, by number (S2-35)."""


@dataclass(frozen=True, kw_only=True)
class NudgeLine:
    """One nudge of an action's ledger: `state` is planned, sent, failed or skipped, `why` says why.

    `way` is how what was sent arrived: slack, teams or mail; empty where that was not kept.
    """

    day: date
    who: str
    state: str
    way: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AnswerForm:
    """What a form about one action is filled in with; `people` are (id, label)."""

    line: ActionLine
    today: date
    limit_wd: int
    suggested: date
    people: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class DigestItem:
    """One thing in a person's grouped message. `role` is as what they hear; `heard` says so, empty for an owner."""

    role: str
    heard: str
    action: ActionLine | None = None
    referral: "WaitingReferral | None" = None
    clock: "CaseDeadline | None" = None
    invitation: "WaitingInvitation | None" = None
    check: WaitingCheck | None = None
    measure: Standing | None = None


@dataclass(frozen=True, kw_only=True)
class WaitingReferral:
    """A referral that waits for triage; working days as in `ActionLine`."""

    id: str
    ref: str
    pathway: str
    due: date
    overdue_by: int
    due_in: int


@dataclass(frozen=True, kw_only=True)
class WaitingInvitation:
    """An invitation that its reader has not answered; `due` is the meeting's day, `due_in` its working days away.

    `ref` is what it is called in a list: the meeting's stage.
    """

    id: str
    ref: str
    pathway: str
    starts_at: datetime
    ends_at: datetime
    refs: tuple[str, ...]
    agency: str
    deputy: str
    due: date
    overdue_by: int
    due_in: int


@dataclass(frozen=True, kw_only=True)
class CaseDeadline:
    """A stage of a case that has not been held yet; working days as in `ActionLine`."""

    case_id: str
    ref: str
    stage: str
    due: date
    overdue_by: int
    due_in: int


@dataclass(frozen=True, kw_only=True)
class Digest:
    """The one grouped message of a person's working day: the gravest and oldest first."""

    name: str
    day: date
    items: tuple[DigestItem, ...]
    overdue: int
    drill: bool


@dataclass(frozen=True, kw_only=True)
class ActionNote:
    """A message about one action: what happened, by whom, and what can be done about it."""

    line: ActionLine
    by: str
    at: datetime | None
    for_chair: bool
