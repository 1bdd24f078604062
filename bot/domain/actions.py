"""An agreed action: its states, its answers, and what each answer leads to (model.md section 3, T14 to T17)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain.errors import Invalid, TooLate
from bot.domain.nudges import Days, Ladder, Rung


class ActionState(StrEnum):
    """`assigned` waits for the owner's word; `declined` waits for the chair's; `closed` is terminal."""

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

OWNERS_REASONS = (Outcome.CIRCUMSTANCES_CHANGED, Outcome.NOT_DONE)
"""Why an owner cannot: the first closes the action, the second asks the chair."""

CHAIRS_ENDINGS = (Outcome.WITHDRAWN, Outcome.SUPERSEDED, Outcome.NOT_DONE)
"""How the chair or the coordinator may end an action, always with a reason."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One action of a case's plan, with an agency and a named owner (design.md rule 8, S1-17).

    `asked_on`: since when the chair's word is awaited, on more time (`asked_due`) or on a "cannot".
    `nudged_on`: the local date up to which the ladder has been climbed.
    """

    id: str
    ref: str
    case_id: str
    category: str
    agency_id: str
    owner_id: str
    due: date
    review_on: date
    assigned_on: date
    nudged_on: date
    state: ActionState = ActionState.ASSIGNED
    outcome: Outcome | None = None
    asked_due: date | None = None
    asked_on: date | None = None
    snoozed_until: date | None = None
    snoozed_once: bool = False
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether somebody still owes something: only an ending with a name on it is not open."""
        return self.state is not ActionState.CLOSED

    @property
    def with_chair(self) -> bool:
        """Whether the chair's word is awaited: on more time, or on a "cannot"."""
        return self.state is ActionState.DECLINED or (self.open and self.asked_due is not None)

    @property
    def words(self) -> str:
        """The state as people say it."""
        if self.outcome is not None:
            return OUTCOME_WORDS[self.outcome]
        if self.asked_due is not None:
            return "More time asked for: chair to decide"
        return STATE_WORDS[self.state]

    def overdue(self, today: date) -> bool:
        """Computed, never stored (model.md section 3)."""
        return self.open and self.due < today

    def ladder(self, rungs: Sequence[Rung], days: Days, accept_within: int = 1) -> Ladder:
        """The steps that this action will be nudged by, as it stands now (T14, T17)."""
        return Ladder(
            due=self.due,
            rungs=rungs,
            days=days,
            asked=self.assigned_on if self.state is ActionState.ASSIGNED else None,
            accept_within=accept_within,
            decide=self.asked_on if self.with_chair else None,
            declined=self.state is ActionState.DECLINED,
            snoozed_until=self.snoozed_until,
        )

    def must_be_open(self) -> None:
        """TooLate when it is closed: nothing more can be answered."""
        if not self.open:
            raise TooLate(f"{self.ref} is already closed ({self.words.lower()}). Nothing has changed.")

    def _changed(self, **fields: object) -> "Action":
        self.must_be_open()
        return replace(self, version=self.version + 1, **fields)  # type: ignore[arg-type]

    def _with_deadline(self, due: date, today: date, **fields: object) -> "Action":
        """A new deadline begins the ladder again; what was reached under the old one is not raked up."""
        return self._changed(
            due=due,
            asked_due=None,
            asked_on=None,
            snoozed_until=None,
            snoozed_once=False,
            nudged_on=max(self.nudged_on, today),
            **fields,
        )

    def accept(self) -> "Action":
        """The owner takes it on; TooLate when it was accepted before or is closed."""
        if self.state is ActionState.ACCEPTED:
            raise TooLate(f"{self.ref} was already accepted. Nothing has changed.")
        asked_on = None if self.state is ActionState.DECLINED else self.asked_on
        return self._changed(state=ActionState.ACCEPTED, asked_on=asked_on)

    def done(self) -> "Action":
        """Finished; accepting first is not needed."""
        return self._closed(Outcome.DONE)

    def cannot(self, because: Outcome, today: date) -> "Action":
        """It will not happen. "Circumstances changed" closes it; "the agency did not" goes to the chair first."""
        if because is Outcome.CIRCUMSTANCES_CHANGED:
            return self._closed(because)
        if because is not Outcome.NOT_DONE:
            raise Invalid({"because": "Choose why it cannot be done."})
        if self.state is ActionState.DECLINED:
            raise TooLate(f"The chair has already been asked about {self.ref}. Nothing has changed.")
        return self._changed(state=ActionState.DECLINED, asked_due=None, asked_on=today, snoozed_until=None)

    def end(self, outcome: Outcome) -> "Action":
        """The chair ends it with an outcome; Invalid (field `outcome`) for one that is the owner's to give."""
        if outcome not in CHAIRS_ENDINGS:
            raise Invalid({"outcome": "Choose how the action ends."})
        return self._closed(outcome)

    def _closed(self, outcome: Outcome) -> "Action":
        return self._changed(
            state=ActionState.CLOSED, outcome=outcome, asked_due=None, asked_on=None, snoozed_until=None
        )

    def more_time(self, until: date, today: date, *, working_days: int, limit: int) -> "Action":
        """A later date. Up to `limit` working days at once is the owner's to take; beyond it waits for the chair.

        Raises Invalid (field `until`) when the date is not after both today and the present due date.
        """
        if until <= today or until <= self.due:
            raise Invalid({"until": "Choose a date after today and after the present due date."})
        if working_days > limit:
            state = ActionState.ACCEPTED if self.state is ActionState.DECLINED else self.state
            return self._changed(asked_due=until, asked_on=today, state=state)
        return self._with_deadline(until, today, state=ActionState.ACCEPTED)

    def grant(self, today: date) -> "Action":
        """The chair agrees to the longer extension that was asked for."""
        return self._with_deadline(self._asked(), today, state=ActionState.ACCEPTED)

    def refuse_time(self) -> "Action":
        """The chair keeps the present date."""
        self._asked()
        return self._changed(asked_due=None, asked_on=None)

    def _asked(self) -> date:
        if not self.open or self.asked_due is None:
            raise TooLate(f"No request for more time is waiting on {self.ref}. Nothing has changed.")
        return self.asked_due

    def insist(self, today: date) -> "Action":
        """The chair does not take the "cannot": the owner is asked once more."""
        if self.state is not ActionState.DECLINED:
            raise TooLate(f"No “cannot do” is waiting on {self.ref}. Nothing has changed.")
        return self._changed(
            state=ActionState.ASSIGNED, assigned_on=today, asked_on=None, nudged_on=max(self.nudged_on, today)
        )

    def pass_on(self, owner_id: str, agency_id: str, today: date) -> "Action":
        """A new owner, who has yet to accept; the deadline stands."""
        if owner_id == self.owner_id:
            raise Invalid({"owner": "That person already has this action. Choose somebody else."})
        return self._with_deadline(
            self.due,
            today,
            owner_id=owner_id,
            agency_id=agency_id,
            assigned_on=today,
            state=ActionState.ASSIGNED,
        )

    def snooze(self, until: date) -> "Action":
        """Hold the owner's reminders until that day, once for each deadline; the deadline does not move."""
        if self.snoozed_once:
            raise TooLate(
                f"{self.ref} was put off once already; that can be done once for each deadline."
                " You can ask for more time instead."
            )
        if self.state is ActionState.DECLINED:
            raise TooLate(f"{self.ref} is with the chair, so nobody is reminding you of it.")
        return self._changed(snoozed_until=until, snoozed_once=True)

    def reopen(self, today: date) -> "Action":
        """It was closed by mistake: open again with its owner and its deadline."""
        if self.open:
            raise TooLate(f"{self.ref} is open. Nothing has changed.")
        return replace(
            self,
            state=ActionState.ACCEPTED,
            outcome=None,
            nudged_on=max(self.nudged_on, today),
            version=self.version + 1,
        )
