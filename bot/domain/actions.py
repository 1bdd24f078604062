"""An agreed action: its states, its answers, and what each answer leads to (model.md section 3, T14 to T17)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain.errors import Invalid, TooLate


class ActionState(StrEnum):
    """`assigned` waits for the owner's word; `blocked` waits for the chair's; `closed` is terminal."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a closed action ended: "things changed" and "the agency did not" are two different endings."""

    DONE = "done"
    CIRCUMSTANCES_CHANGED = "not_possible_circumstances_changed"
    NOT_DONE = "not_done_by_agency"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn_by_meeting"


STATE_WORDS = {
    ActionState.ASSIGNED: "Waiting to be accepted",
    ActionState.ACCEPTED: "Accepted",
    ActionState.DECLINED: "Cannot do: chair to decide",
    ActionState.CLOSED: "Closed",
}

OUTCOME_WORDS = {
    Outcome.DONE: "Done",
    Outcome.CIRCUMSTANCES_CHANGED: "Not possible: circumstances changed",
    Outcome.NOT_DONE: "Not done by the agency",
    Outcome.SUPERSEDED: "Replaced by another action",
    Outcome.WITHDRAWN: "Withdrawn by the meeting",
}


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action of a case's plan, with an agency and a named owner (design.md rule 8, S1-17)."""

    id: str
    ref: str
    case_id: str
    category: str
    agency_id: str
    owner_id: str
    due: date
    review_on: date
    state: ActionState = ActionState.ASSIGNED
    outcome: Outcome | None = None
    asked_due: date | None = None
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether somebody still owes something: only an ending with a name on it is not open."""
        return self.state is not ActionState.CLOSED

    def overdue(self, today: date) -> bool:
        """Computed, never stored (model.md section 3)."""
        return self.open and self.due < today

    def _changed(self, **fields: object) -> "Action":
        if not self.open:
            said = OUTCOME_WORDS[self.outcome or Outcome.DONE].lower()
            raise TooLate(f"{self.ref} is already closed ({said}). Nothing has changed.")
        return replace(self, version=self.version + 1, **fields)  # type: ignore[arg-type]

    def accept(self) -> "Action":
        """The owner takes it on; TooLate when it was accepted before or is closed."""
        if self.state is ActionState.ACCEPTED:
            raise TooLate(f"{self.ref} was already accepted. Nothing has changed.")
        return self._changed(state=ActionState.ACCEPTED)

    def done(self) -> "Action":
        """Finished; accepting first is not needed."""
        return self._changed(state=ActionState.CLOSED, outcome=Outcome.DONE, asked_due=None)

    def cannot(self, because: Outcome) -> "Action":
        """It will not happen. "Circumstances changed" closes it; "the agency did not" goes to the chair first."""
        if because is Outcome.CIRCUMSTANCES_CHANGED:
            return self._changed(state=ActionState.CLOSED, outcome=because, asked_due=None)
        return self._changed(state=ActionState.DECLINED, asked_due=None)

    def end(self, outcome: Outcome) -> "Action":
        """The chair ends it with an outcome and a reason."""
        return self._changed(state=ActionState.CLOSED, outcome=outcome, asked_due=None)

    def more_time(self, until: date, today: date, *, working_days: int, limit: int) -> "Action":
        """A later date. Up to `limit` working days at once is the owner's to take; beyond it waits for the chair.

        Raises Invalid (field `until`) when the date is not after both today and the present due date.
        """
        if until <= today or until <= self.due:
            raise Invalid({"until": "Choose a date after today and after the present due date."})
        if working_days > limit:
            return self._changed(asked_due=until)
        return self._changed(due=until, asked_due=None, state=ActionState.ACCEPTED)

    def grant(self) -> "Action":
        """The chair agrees to the longer extension that was asked for."""
        if self.asked_due is None:
            raise TooLate(f"No extension is waiting on {self.ref}. Nothing has changed.")
        return self._changed(due=self.asked_due, asked_due=None, state=ActionState.ACCEPTED)

    def refuse_time(self) -> "Action":
        """The chair keeps the present date."""
        if self.asked_due is None:
            raise TooLate(f"No extension is waiting on {self.ref}. Nothing has changed.")
        return self._changed(asked_due=None)

    def pass_on(self, owner_id: str, agency_id: str) -> "Action":
        """A new owner, who has yet to accept; the deadline stands."""
        if owner_id == self.owner_id:
            raise Invalid({"owner": "That person already has this action. Choose somebody else."})
        return self._changed(
            owner_id=owner_id, agency_id=agency_id, state=ActionState.ASSIGNED, asked_due=None
        )
