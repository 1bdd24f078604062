"""The chair rules on an action: more time or not, "cannot" or not, and its ending (model.md section 3).

Each ruling has a name on it and is told to the owner; none is made by the program (design.md rule 6).
"""

from datetime import datetime

from bot.domain.actions import Outcome
from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.people import Person
from bot.storage.transaction import Begin
from bot.usecases.answer import reason_in
from bot.usecases.owed import tell
from bot.usecases.plan_changes import CHAIRS_VERB, Answered, Change, change, heard, unmoved


def grant(
    begin: Begin,
    practice: Practice,
    action_id: str,
    *,
    seen: int | None = None,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """Agree to the time that was asked for. TooLate when the request is no longer the one that was shown."""
    with begin() as work:
        if known := heard(work, source):
            return known
        row = work.plans.opened(action_id, by, CHAIRS_VERB, now)
        unmoved(row, seen)
        today = practice.today(now)
        facts = {"from": row.due, "to": row.asked_due}
        what = Change(verb="action.granted", by=by, now=now, source=source, facts=facts)
        answered = change(work, practice, row, lambda action: action.grant(today), what)
        tell(work, "extension_granted", row.id, f"person:{row.owner_id}", now, key=str(answered.version))
        return answered


def keep_date(
    begin: Begin,
    practice: Practice,
    action_id: str,
    *,
    seen: int | None = None,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """Keep the present date; the owner is told. TooLate when no such request is waiting any more."""
    with begin() as work:
        if known := heard(work, source):
            return known
        row = work.plans.opened(action_id, by, CHAIRS_VERB, now)
        unmoved(row, seen)
        what = Change(
            verb="action.refused",
            by=by,
            now=now,
            source=source,
            facts={"asked": row.asked_due, "kept": row.due},
        )
        answered = change(work, practice, row, lambda action: action.refuse_time(), what)
        tell(work, "extension_refused", row.id, f"person:{row.owner_id}", now, key=str(answered.version))
        return answered


def insist(
    begin: Begin,
    practice: Practice,
    action_id: str,
    why: str,
    *,
    seen: int | None = None,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """Not take a "cannot": the owner is asked once more, with the chair's reason. Invalid (field `why`)."""
    reason = reason_in(why, "why", "Say in a sentence why it is still needed: the owner reads it.")
    with begin() as work:
        if known := heard(work, source):
            return known
        row = work.plans.opened(action_id, by, CHAIRS_VERB, now)
        unmoved(row, seen)
        today = practice.today(now)
        what = Change(verb="action.insisted", by=by, now=now, source=source, why=reason)
        answered = change(work, practice, row, lambda action: action.insist(today), what)
        tell(work, "action_insisted", row.id, f"person:{row.owner_id}", now, key=str(answered.version))
        return answered


def end(
    begin: Begin,
    practice: Practice,
    action_id: str,
    outcome: str,
    why: str,
    *,
    seen: int | None = None,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """End an action as withdrawn, superseded or not done by the agency, with a reason; its owner is told.

    Raises Invalid by field (`outcome`, `why`).
    """
    reason = reason_in(why, "why", "Give the reason in a sentence: it goes into the record.")
    if outcome not in set(Outcome):
        raise Invalid({"outcome": "Choose how the action ends."})
    with begin() as work:
        if known := heard(work, source):
            return known
        row = work.plans.opened(action_id, by, CHAIRS_VERB, now)
        unmoved(row, seen)
        what = Change(
            verb="action.ended", by=by, now=now, source=source, why=reason, facts={"outcome": outcome}
        )
        answered = change(work, practice, row, lambda action: action.end(Outcome(outcome)), what)
        tell(work, "action_ended", row.id, f"person:{row.owner_id}", now, key=str(answered.version))
        return answered
