"""What every answer to an action shares: who asks, one version wins, the record, and what is then owed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, update

from bot.domain.access import may
from bot.domain.actions import Action
from bot.domain.area import Practice
from bot.domain.errors import TooLate
from bot.domain.nudges import Ladder, instant
from bot.domain.people import Person
from bot.domain.workdays import Unit
from bot.storage.codes import Code, digest_of
from bot.storage.ledger_tables import OutboxRow
from bot.storage.plans import action_of
from bot.storage.tables import ActionRow, CaseRow, PlacedRow
from bot.storage.transaction import Work
from bot.usecases.owed import redraw, show, tell

OWNERS_VERB, CHAIRS_VERB = "action.answer", "action.decide"

DID = {
    "action.added": "agreed it",
    "action.accepted": "accepted it",
    "action.done": "marked it done",
    "action.cannot": "said that it cannot be done",
    "action.more_time": "asked for more time",
    "action.extended": "moved its date",
    "action.granted": "agreed to more time",
    "action.refused": "kept the date",
    "action.insisted": "asked for it once more",
    "action.passed_on": "passed it on",
    "action.ended": "ended it",
    "action.reopened": "opened it again",
    "action.snoozed": "put its reminders off",
}


@dataclass(frozen=True, kw_only=True)
class Answered:
    """How an action stands after an answer, for the words back to whoever gave it."""

    action_id: str
    ref: str
    said: str
    """The verb as recorded: `action.done`."""
    state: str
    due: date
    with_chair: bool
    version: int
    again: bool = False
    """The very same command had been handled before."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change to an action on its way into the record."""

    verb: str
    by: Person
    now: datetime
    source: str = ""
    why: str = ""
    facts: Mapping[str, Code] | None = None


def heard(work: Work, source: str) -> Answered | None:
    """What this very command was answered, if it came before (design.md rule 2)."""
    known = work.inbox.answer_to(source) if source else None
    if known is None:
        return None
    verb, _, id = known.partition(" ")
    return _answered(action_of(work.plans.row(id)), verb, again=True)


def to_answer(work: Work, id: str, by: Person, now: datetime, *, or_decide: bool = False) -> ActionRow:
    """The action, for its owner, their deputy or their agency lead; with `or_decide` for the chair as well."""
    chairs = or_decide and may(by, CHAIRS_VERB, work.plans.thing(work.plans.row(id)))
    return work.plans.opened(id, by, CHAIRS_VERB if chairs else OWNERS_VERB, now)


def unmoved(row: ActionRow, seen: int | None) -> None:
    """TooLate when the button pressed was about an earlier state of the action."""
    if seen is not None and seen != row.version:
        raise TooLate(
            f"{row.ref} has changed since that message was written. Nothing of yours was saved; look again."
        )


def still_open(work: Work, practice: Practice, row: ActionRow) -> None:
    """TooLate when the action is closed, with who closed it and when."""
    try:
        action_of(row).must_be_open()
    except TooLate as late:
        raise TooLate(f"{late}{_who(work, practice, row.id)}") from late


def change(
    work: Work, practice: Practice, row: ActionRow, how: Callable[[Action], Action], what: Change
) -> Answered:
    """Apply `how` and write it down: the action, the audit, its next step, what is owed to whom.

    Raises what `how` raises; a TooLate also says who was there first, and when.
    """
    before = action_of(row)
    try:
        after = how(before)
    except TooLate as late:
        raise TooLate(f"{late}{_who(work, practice, row.id)}") from late
    case = work.plans.case(row)
    try:
        work.plans.save(after, before, **_columns(practice, case, before, after, what))
    except TooLate as late:
        raise TooLate(f"{late}{_who(work, practice, row.id)}") from late
    facts: dict[str, Code] = {"version": after.version, **(what.facts or {})}
    if what.by.id != before.owner_id:
        facts["on_behalf_of"] = before.owner_id
    if what.why:
        facts["why"] = digest_of(what.why)
    work.audit.write(
        stream=case.ref,
        actor=what.by.id,
        verb=what.verb,
        thing=f"action:{before.id}",
        facts=facts,
        at=what.now,
    )
    if what.source:
        work.inbox.remember(what.source, f"{what.verb} {before.id}", at=what.now)
    _refresh(work, case, before, after, what)
    return _answered(after, what.verb)


def ladder_of(practice: Practice, case: CaseRow, action: Action) -> Ladder:
    """The action's ladder: its pathway's rungs, in working days of the case's nation less the area's closures."""
    pathway = practice.of(case)
    within = pathway.actions.acknowledge_within
    return action.ladder(
        pathway.ladder, practice.days(case.nation), within.n if within.unit is Unit.WD else 1
    )


def next_moment(practice: Practice, case: CaseRow, action: Action) -> datetime | None:
    """When the ladder has to be looked at again: always some time while the action is open (rule 8)."""
    if not action.open:
        return None
    return instant(ladder_of(practice, case, action).next_day(action.nudged_on), practice.area.zone)


def decider(case: CaseRow, action: Action) -> str:
    """Who decides for the chair: the chair, or the coordinator where the chair owns the action."""
    chair = case.chair_id or case.coordinator_id
    return case.coordinator_id if chair == action.owner_id else chair


def _columns(
    practice: Practice, case: CaseRow, before: Action, after: Action, what: Change
) -> dict[str, object]:
    columns: dict[str, object] = {"next_at": next_moment(practice, case, after)}
    if what.why or before.open != after.open:
        columns["said"] = what.why
    if before.state != after.state and after.state == "accepted":
        columns["accepted_at"] = what.now
    if before.open != after.open:
        columns["closed_at"] = None if after.open else what.now
        columns["closed_by"] = None if after.open else what.by.id
    return columns


def _refresh(work: Work, case: CaseRow, before: Action, after: Action, what: Change) -> None:
    """One truth on every surface (anchors.md section 4, idea 7)."""
    surfaces = [
        ("action_list", case.id, f"room:{case.pathway}"),
        ("action_message", after.id, f"person:{after.owner_id}"),
    ]
    if (before.open, before.due) != (after.open, after.due):  # all that the card says of it
        surfaces.append(("case_card", case.id, f"room:{case.pathway}"))
    touched = {after.owner_id, before.owner_id, what.by.id}
    if before.with_chair or after.with_chair:
        touched.add(decider(case, after))
    redraw(work, surfaces, sorted(touched), at=what.now)
    if before.owner_id != after.owner_id:
        _hand_over(work, before, after, what.now)
    if before.open and not after.open and not any(row.state != "closed" for row in _others(work, after)):
        tell(
            work,
            "plan_finished",
            case.id,
            f"person:{case.coordinator_id}",
            what.now,
            key=f"{after.id}.{after.version}",
        )


def _hand_over(work: Work, before: Action, after: Action, now: datetime) -> None:
    """The old owner's own message becomes a note that somebody else has it: no button is left to press in vain."""
    old, new = f"person:{before.owner_id}", f"person:{after.owner_id}"
    _becomes(work, f"action_message:{after.id}:{old}", f"action_passed:{after.id}:{old}")
    _becomes(work, f"action_passed:{after.id}:{new}", f"action_message:{after.id}:{new}")
    unsent = (
        update(OutboxRow)
        .where(col(OutboxRow.collapse) == f"action_message:{after.id}:{old}", col(OutboxRow.state) == "owed")
        .values(state="replaced", settled_at=now)
    )
    work.session.connection().execute(unsent)
    show(work, "action_passed", after.id, old, now)


def _becomes(work: Work, place: str, other: str) -> None:
    """One message in chat turns from one surface into another; it stays where it is."""
    row = work.session.get(PlacedRow, place)
    if row is None:
        return
    work.session.delete(row)
    work.session.flush()
    if work.session.get(PlacedRow, other) is None:
        work.session.add(PlacedRow(**{**row.model_dump(), "id": other}))


def _others(work: Work, action: Action) -> list[ActionRow]:
    return [row for row in work.plans.of_case(action.case_id) if row.id != action.id]


def _who(work: Work, practice: Practice, action_id: str) -> str:
    """Who did the last thing to it, as a sentence; both people are professionals of the same area."""
    event = work.plans.last_event(action_id)
    if event is None or event.verb not in DID:
        return ""
    name = next((row.name for row in work.register.rows([event.actor]).values()), "Somebody")
    return f" {name} {DID[event.verb]} on {_spoken(event.at, practice.area.zone)}."


def _spoken(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%A at %H:%M}"


def _answered(action: Action, verb: str, *, again: bool = False) -> Answered:
    return Answered(
        action_id=action.id,
        ref=action.ref,
        said=verb,
        state=action.words,
        due=action.due,
        with_chair=action.with_chair,
        version=action.version,
        again=again,
    )
