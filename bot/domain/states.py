"""States of referrals, cases and meetings, and which event may move which (model.md section 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import TooLate


class ReferralState(StrEnum):
    """Where a referral stands. Drafts live in a table of their own."""

    TRIAGE = "triage"
    NEEDS_INFO = "needs_info"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    REDIRECTED = "redirected"
    DUPLICATE = "duplicate"


class CaseState(StrEnum):
    """Where a case stands between acceptance and closure."""

    OPEN = "open"
    LISTED = "listed"
    HEARD = "heard"
    PLAN_ACTIVE = "plan_active"
    IN_REVIEW = "in_review"
    RELISTED = "relisted"
    CLOSURE_PROPOSED = "closure_proposed"
    CLOSED = "closed"


class MeetingState(StrEnum):
    """Where a meeting stands; `planned` has no time yet."""

    PLANNED = "planned"
    INVITED = "invited"
    IN_PROGRESS = "in_progress"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Machine:
    """A closed table of moves: event → {from state: to state}."""

    thing: str
    moves: Mapping[str, Mapping[str, str]]

    def after(self, state: str, event: str) -> str:
        """The state that `event` leads to from `state`; TooLate, in plain words, when it leads nowhere."""
        try:
            return self.moves[event][state]
        except KeyError:
            now = state.replace("_", " ")
            raise TooLate(f"That cannot be done: the {self.thing} is already “{now}”.") from None

    def allows(self, state: str, event: str) -> bool:
        """Whether `event` is possible from `state`."""
        return state in self.moves.get(event, {})


R, C, M = ReferralState, CaseState, MeetingState

REFERRAL = Machine(
    "referral",
    {
        "accept": {R.TRIAGE: R.ACCEPTED, R.NEEDS_INFO: R.ACCEPTED},
        "not_accept": {R.TRIAGE: R.NOT_ACCEPTED, R.NEEDS_INFO: R.NOT_ACCEPTED},
        "redirect": {R.TRIAGE: R.REDIRECTED, R.NEEDS_INFO: R.REDIRECTED},
        "ask": {R.TRIAGE: R.NEEDS_INFO, R.NEEDS_INFO: R.NEEDS_INFO},
        "answer": {R.NEEDS_INFO: R.TRIAGE},
        "challenge": {R.NOT_ACCEPTED: R.TRIAGE, R.REDIRECTED: R.TRIAGE},
    },
)

CASE = Machine(
    "case",
    {
        "hold_discussion": {s: s for s in (C.OPEN, C.LISTED, C.RELISTED, C.PLAN_ACTIVE)},
        "list": {
            C.OPEN: C.LISTED,
            C.RELISTED: C.LISTED,
            C.LISTED: C.LISTED,
            C.PLAN_ACTIVE: C.IN_REVIEW,
            C.IN_REVIEW: C.IN_REVIEW,
        },
        "unlist": {C.LISTED: C.OPEN, C.IN_REVIEW: C.PLAN_ACTIVE},
        "hear": {C.OPEN: C.HEARD, C.LISTED: C.HEARD, C.RELISTED: C.HEARD, C.IN_REVIEW: C.IN_REVIEW},
        "agree_plan": {C.HEARD: C.PLAN_ACTIVE, C.IN_REVIEW: C.PLAN_ACTIVE},
        "relist": {C.HEARD: C.RELISTED, C.IN_REVIEW: C.RELISTED, C.PLAN_ACTIVE: C.RELISTED},
        "propose_close": {
            C.PLAN_ACTIVE: C.CLOSURE_PROPOSED,
            C.IN_REVIEW: C.CLOSURE_PROPOSED,
            C.HEARD: C.CLOSURE_PROPOSED,
        },
        "object": {C.CLOSURE_PROPOSED: C.PLAN_ACTIVE},
        "close": {C.CLOSURE_PROPOSED: C.CLOSED},
    },
)

MEETING = Machine(
    "meeting",
    {
        "book": {M.PLANNED: M.INVITED},
        "move": {M.INVITED: M.INVITED},
        "start": {M.INVITED: M.IN_PROGRESS, M.PLANNED: M.IN_PROGRESS},
        "conclude": {M.IN_PROGRESS: M.CONCLUDED},
        "cancel": {M.PLANNED: M.CANCELLED, M.INVITED: M.CANCELLED},
    },
)

MINUTES = Machine("version of the minutes", {"approve": {"sent": "approved"}, "ask": {"sent": "change"}})
"""A version is sent for approval once; a change is another version (S2-16)."""
