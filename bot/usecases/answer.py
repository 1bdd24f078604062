"""An owner answers an action: accept, done, cannot, more time, pass on; and opens it again (model.md T14 to T17)."""

from datetime import date, datetime

from bot.domain.access import may
from bot.domain.actions import Outcome
from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.people import Person, Role
from bot.storage.codes import Code
from bot.storage.tables import ActionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import tell
from bot.usecases.plan_changes import (
    CHAIRS_VERB,
    OWNERS_VERB,
    Answered,
    Change,
    change,
    decider,
    heard,
    to_answer,
)

SHORTEST_REASON = 5  # characters


def accept(
    begin: Begin, practice: Practice, action_id: str, *, by: Person, now: datetime, source: str = ""
) -> Answered:
    """The owner, their deputy or agency lead takes the action on. TooLate when that was done before."""
    with begin() as work:
        if known := heard(work, source):
            return known
        row = to_answer(work, action_id, by, now)
        what = Change(verb="action.accepted", by=by, now=now, source=source)
        return change(work, practice, row, lambda action: action.accept(), what)


def done(
    begin: Begin,
    practice: Practice,
    action_id: str,
    evidence: str = "",
    *,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """It is done; `evidence` is an optional note (sensitivity 3). TooLate when it was closed before."""
    with begin() as work:
        if known := heard(work, source):
            return known
        row = to_answer(work, action_id, by, now)
        what = Change(verb="action.done", by=by, now=now, source=source, why=evidence.strip())
        return change(work, practice, row, lambda action: action.done(), what)


def cannot(
    begin: Begin,
    practice: Practice,
    action_id: str,
    because: str,
    why: str,
    *,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """It cannot be done, and why. Changed circumstances close it; an agency that cannot leaves it to the chair.

    Raises Invalid by field (`because`, `why`).
    """
    outcome = _outcome(because, "because", "Choose why it cannot be done.")
    reason = reason_in(why, "why", "Say in a sentence why: the chair reads it, and so may an inspector.")
    with begin() as work:
        if known := heard(work, source):
            return known
        row = to_answer(work, action_id, by, now)
        today = practice.today(now)
        what = Change(
            verb="action.cannot", by=by, now=now, source=source, why=reason, facts={"because": outcome.value}
        )
        answered = change(work, practice, row, lambda action: action.cannot(outcome, today), what)
        told = "action_declined" if answered.with_chair else "action_impossible"
        _to_chair(work, row, told, answered, by, now)
        return answered


def more_time(
    begin: Begin,
    practice: Practice,
    action_id: str,
    until: date | None,
    why: str,
    *,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """A later date with a reason. Within the pathway's limit it is taken, beyond it the chair is asked.

    The limit is counted in working days from the present due date. Raises Invalid by field (`until`, `why`).
    """
    problems = {} if until else {"until": "Choose the new date."}
    if len(why.strip()) < SHORTEST_REASON:
        problems["why"] = "Say in a sentence what the time is needed for."
    if problems or until is None:
        raise Invalid(problems)
    with begin() as work:
        if known := heard(work, source):
            return known
        row = to_answer(work, action_id, by, now)
        case = work.cases.row(row.case_id)
        days, today = practice.days(case.nation), practice.today(now)
        if not days.is_working(until):
            raise Invalid({"until": "Nobody works on that day. Choose a working day."})
        limit = practice.of(case).actions.extension_limit_wd
        length = days.count(row.due, until)
        facts: dict[str, Code] = {"from": row.due, "to": until, "working_days": length}
        verb = "action.more_time" if length > limit else "action.extended"
        what = Change(verb=verb, by=by, now=now, source=source, why=why.strip(), facts=facts)
        answered = change(
            work,
            practice,
            row,
            lambda action: action.more_time(until, today, working_days=length, limit=limit),
            what,
        )
        if answered.with_chair:
            _to_chair(work, row, "extension_asked", answered, by, now)
        return answered


def pass_on(
    begin: Begin,
    practice: Practice,
    action_id: str,
    to_id: str,
    why: str = "",
    *,
    by: Person,
    now: datetime,
    source: str = "",
) -> Answered:
    """Give it to somebody of one's own agency, or to another agency's representative, who has yet to accept.

    The chair and the coordinator may give it to anybody on the case. The deadline stands. Raises Invalid (field
    `owner`).
    """
    if not to_id:
        raise Invalid({"owner": "Choose who should take it."})
    with begin() as work:
        if known := heard(work, source):
            return known
        row = to_answer(work, action_id, by, now, or_decide=True)
        heir = work.register.person(to_id)
        if heir.id not in {person.id for person in takers(work, practice, row, by)}:
            raise Invalid({"owner": "That person cannot take this action. Choose somebody else."})
        today, owner_id = practice.today(now), row.owner_id
        facts = {"from": owner_id, "to": heir.id, "agency": heir.agency_id}
        what = Change(verb="action.passed_on", by=by, now=now, source=source, why=why.strip(), facts=facts)
        answered = change(
            work, practice, row, lambda action: action.pass_on(heir.id, heir.agency_id, today), what
        )
        work.cases.add_agencies(row.case_id, [heir.agency_id], now)
        if by.id != owner_id:
            tell(work, "action_taken_over", row.id, f"person:{owner_id}", now, key=str(answered.version))
        return answered


def takers(work: Work, practice: Practice, row: ActionRow, by: Person) -> list[Person]:
    """Who can take an action on from its owner, by name: never somebody who is barred from the case."""
    thing = work.plans.thing(row)
    decides = may(by, CHAIRS_VERB, thing)
    return [
        person
        for person in work.register.people(practice.area.id)
        if person.id not in thing.barred
        and person.id != row.owner_id
        and (
            decides or person.agency_id == row.agency_id or person.has(Role.REPRESENTATIVE, Role.AGENCY_LEAD)
        )
    ]


def reopen(
    begin: Begin, practice: Practice, action_id: str, *, by: Person, now: datetime, source: str = ""
) -> Answered:
    """Undo a "Done" pressed by mistake: the owner's side on the same day, the chair while the case is open."""
    with begin() as work:
        if known := heard(work, source):
            return known
        row = to_answer(work, action_id, by, now, or_decide=True)
        today = practice.today(now)
        if work.cases.row(row.case_id).state == "closed":
            raise TooLate(f"The case of {row.ref} is closed, so its actions stay as they ended.")
        thing = work.plans.thing(row)
        chairs = may(by, CHAIRS_VERB, thing)
        if not chairs and row.closed_at is not None and practice.today(row.closed_at) != today:
            raise TooLate(
                f"{row.ref} was closed on an earlier day, so only the chair or the coordinator can open it again."
            )
        what = Change(verb="action.reopened", by=by, now=now, source=source)
        answered = change(work, practice, row, lambda action: action.reopen(today), what)
        if not may(by, OWNERS_VERB, thing):
            tell(work, "action_reopened", row.id, f"person:{row.owner_id}", now, key=str(answered.version))
        return answered


def reason_in(text: str, field: str, problem: str) -> str:
    """The reason without its margins; Invalid beside `field` when there is none to speak of."""
    if len(text.strip()) < SHORTEST_REASON:
        raise Invalid({field: problem})
    return text.strip()


def _outcome(word: str, field: str, problem: str) -> Outcome:
    try:
        return Outcome(word)
    except ValueError:
        raise Invalid({field: problem}) from None


def _to_chair(
    work: Work, row: ActionRow, message: str, answered: Answered, by: Person, now: datetime
) -> None:
    """Tell whoever decides, unless it is they who have just answered."""
    person_id = decider(work.cases.row(row.case_id), work.plans.action(row.id))
    if person_id != by.id or answered.with_chair:
        tell(work, message, row.id, f"person:{person_id}", now, key=str(answered.version), lane="click")
