"""Somebody has left: what was theirs is told of, chased and handed over, and nothing is without anybody (S4-18, IG-24).

Until an action is handed over its ladder reaches the deputy and the agency's lead, as it does for everybody who cannot
be told (bot.domain.recipients).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import col, or_, select, update

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.contacts import GAP
from bot.domain.errors import Denial, Invalid, NotAllowed, TooLate
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.domain.states import MeetingState
from bot.storage.contact_tables import LeaverRow
from bot.storage.ledger_tables import OutboxRow
from bot.storage.tables import ActionRow, CaseRow, InvitationRow, MeetingRow, PersonRow
from bot.storage.transaction import Begin, Work
from bot.usecases.invitees import invite, withdraw
from bot.usecases.owed import refresh_home, show, tell
from bot.usecases.plan_changes import Change, change
from bot.views.contacts import HandOver, HeldAction, LeaverLine

SHOWN = 8
"""Actions with a choice of their own; what is more is handed over all at once, or when these are."""

PARTS = {
    "coordinator": ("Coordinates", "coordinator_id"),
    "chair": ("Chairs", "chair_id"),
    "lead": ("Is lead professional of", "lead_id"),
}
"""What somebody can be to a case: how it is told, and where it stands."""

LEFT = "left"
"""The reason on record for what is handed over because its owner has left."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is still somebody's own: open actions, parts in open cases, meetings to come."""

    actions: tuple[ActionRow, ...] = ()
    cases: Mapping[str, tuple[CaseRow, ...]] = field(default_factory=dict)
    invitations: tuple[tuple[InvitationRow, MeetingRow], ...] = ()
    chairs: tuple[MeetingRow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.actions or any(self.cases.values()) or self.invitations or self.chairs)


@dataclass(frozen=True, kw_only=True)
class Given:
    """Who gets what, by person: `all_to` for every action without a choice of its own, `to` by action, then cases."""

    all_to: str = ""
    to: Mapping[str, str] = field(default_factory=dict)
    meetings_to: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


def held_by(work: Work, person_id: str, now: datetime) -> Held:
    """What is this person's now."""
    cases: dict[str, tuple[CaseRow, ...]] = {}
    for part, (_, column) in PARTS.items():
        query = select(CaseRow).where(getattr(CaseRow, column) == person_id, CaseRow.state != "closed")
        cases[part] = tuple(work.session.exec(query.order_by(CaseRow.ref)))
    to_come = (
        col(MeetingRow.state).in_([MeetingState.PLANNED.value, MeetingState.INVITED.value]),
        or_(col(MeetingRow.ends_at).is_(None), col(MeetingRow.ends_at) > now),
    )
    invited = (
        select(InvitationRow, MeetingRow)
        .join(MeetingRow, col(InvitationRow.meeting_id) == col(MeetingRow.id))
        .where(InvitationRow.person_id == person_id, col(InvitationRow.withdrawn).is_(False), *to_come)
        .order_by(col(MeetingRow.starts_at), col(MeetingRow.id))
    )
    chaired = select(MeetingRow).where(MeetingRow.chair_id == person_id, *to_come)
    return Held(
        actions=tuple(work.plans.open_of_owner(person_id)),
        cases=cases,
        invitations=tuple((row, meeting) for row, meeting in work.session.exec(invited)),
        chairs=tuple(work.session.exec(chaired.order_by(col(MeetingRow.starts_at), col(MeetingRow.id)))),
    )


def note_leavers(work: Work, left: Iterable[PersonRow], now: datetime) -> int:
    """People who have just been marked as gone: what is owed to them is not sent, and what is theirs is told of.

    How many of them still have something.
    """
    found = 0
    for row in left:
        _silence(work, row.id, now)
        if not held_by(work, row.id, now):
            continue
        leaver = LeaverRow(
            id=new_id(),
            area=row.area,
            person_id=row.id,
            agency_id=row.agency_id,
            left_at=now,
            next_on=now.date() + timedelta(days=7),
        )
        work.session.add(leaver)
        work.session.flush()
        _tell(work, leaver, now)
        found += 1
    return found


def chase_hand_overs(work: Work, practice: Practice, now: datetime) -> int:
    """Every five working days until all is handed over; from the second time every coordinator hears. How many told."""
    today, told = practice.today(now), 0
    for row in work.contacts.leavers(practice.area.id):
        if _settled(work, row, now) or row.next_on is None or row.next_on > today:
            continue
        row.step += 1
        row.next_on = practice.days().shift(today, GAP)
        told += _tell(work, row, now)
    return told


def leaver_line(work: Work, practice: Practice, id: str, now: datetime) -> LeaverLine | None:
    """How much is still theirs; None when they are back or all of it is handed over."""
    row = work.contacts.leaver(id)
    person = work.register.row(row.person_id)
    held = held_by(work, row.person_id, now)
    if row.settled_at is not None or person.active or not held:
        return None
    return LeaverLine(
        id=row.id,
        name=person.name,
        agency=work.register.agency(row.agency_id).name,
        left_at=row.left_at,
        actions=len(held.actions),
        cases=len({case.id for cases in held.cases.values() for case in cases}),
        meetings=len(_meetings(held)),
        drill=practice.area.drill,
    )


def open_hand_over(begin: Begin, practice: Practice, id: str, *, by: Person, now: datetime) -> HandOver:
    """What is still theirs: actions and meetings for their agency's lead, all of it for the coordinator.

    TooLate when nothing is left to hand over.
    """
    with begin() as work:
        row = _opened(work, practice, id, by, now)
        held = held_by(work, row.person_id, now)
        if row.settled_at is not None or not held:
            raise TooLate("All of it has been handed over already. Nothing is left to do.")
        coordinates = by.has(Role.COORDINATOR)
        agencies = {each.id: each.name for each in work.register.agencies(row.area)}
        everybody = work.register.people(row.area)
        return HandOver(
            id=row.id,
            name=work.register.row(row.person_id).name,
            agency=agencies[row.agency_id],
            form=new_id(),
            actions=tuple(_held_action(work, practice, each) for each in held.actions[:SHOWN]),
            more=max(0, len(held.actions) - SHOWN),
            meetings=tuple(
                f"{meeting.starts_at.isoformat() if meeting.starts_at else ''}" for meeting in _meetings(held)
            ),
            cases=tuple(
                (part, words, tuple(case.ref for case in held.cases[part]))
                for part, (words, _) in PARTS.items()
                if coordinates and held.cases[part]
            ),
            colleagues=tuple((each.id, each.name) for each in everybody if each.agency_id == row.agency_id),
            everybody=tuple((each.id, f"{each.name}, {agencies[each.agency_id]}") for each in everybody),
        )


def hand_over(
    begin: Begin, practice: Practice, id: str, given: Given, *, source: str, by: Person, now: datetime
) -> bool:
    """Give each thing to whoever was chosen for it, once for each `source`; whether everything has somebody now.

    Actions keep their references and dates, and their ladders begin anew with the new owner, who is told. Raises
    Invalid by field: `all_to`, `to:<action>`, `meetings_to`, `part:<part>`; NotAllowed for a case that is not the
    reader's to give.
    """
    with begin() as work:
        row = _opened(work, practice, id, by, now)
        if (known := work.inbox.answer_to(source)) is not None:
            return known == "settled"
        held = held_by(work, row.person_id, now)
        people = {each.id: each for each in work.register.people(row.area)}
        _check(work, row, held, given, people, by)
        today = practice.today(now)
        for action in held.actions:
            if heir := people.get(given.to.get(action.id) or given.all_to):
                _give_action(work, practice, action, heir, today, by, now)
        for part, (_, column) in PARTS.items():
            if heir := people.get(given.parts.get(part, "")):
                for case in held.cases[part]:
                    _give_case(work, case, part, column, row.person_id, heir, by, now)
        if heir := people.get(given.parts.get("chair", "") or given.meetings_to):
            for meeting in held.chairs:
                meeting.chair_id = heir.id
                _audit(work, "meeting.chair_changed", f"meeting:{meeting.id}", heir.id, row, by, now)
        if heir := people.get(given.meetings_to):
            for invitation, meeting in held.invitations:
                _give_seat(work, invitation, meeting, heir, row, by, now)
        work.session.flush()
        _silence(work, row.person_id, now)
        settled = _settled(work, row, now)
        work.inbox.remember(source, "settled" if settled else "begun", at=now)
        for each in _told(work, row, everybody=True):
            refresh_home(work, each, now)
        return settled


def _give_action(
    work: Work, practice: Practice, action: ActionRow, heir: Person, today: date, by: Person, now: datetime
) -> None:
    facts = {"from": action.owner_id, "to": heir.id, "agency": heir.agency_id, "because": LEFT}
    what = Change(verb="action.passed_on", by=by, now=now, facts=facts)
    stored = work.plans.row(action.id)
    change(work, practice, stored, lambda each: each.pass_on(heir.id, heir.agency_id, today), what)
    work.cases.add_agencies(action.case_id, [heir.agency_id], now)


def _give_case(
    work: Work, case: CaseRow, part: str, column: str, before: str, heir: Person, by: Person, now: datetime
) -> None:
    setattr(case, column, heir.id)
    case.version += 1
    work.cases.add_agencies(case.id, [heir.agency_id], now)
    work.session.flush()
    work.audit.write(
        stream=case.ref,
        actor=by.id,
        verb="case.handed_over",
        thing=f"case:{case.id}",
        facts={"part": part, "from": before, "to": heir.id, "because": LEFT},
        at=now,
    )
    show(work, "case_card", case.id, f"room:{case.pathway}", now)
    tell(work, "case_handed", f"{case.id}.{part}.{before}", f"person:{heir.id}", now, key=str(case.version))
    refresh_home(work, heir.id, now)


def _give_seat(
    work: Work,
    row: InvitationRow,
    meeting: MeetingRow,
    heir: Person,
    leaver: LeaverRow,
    by: Person,
    now: datetime,
) -> None:
    there = work.meetings.invitation(meeting.id, heir.id)
    meeting.sequence += 1
    withdraw(work, meeting, row, now)
    if there is None or there.withdrawn:
        invite(
            work,
            meeting,
            heir.id,
            row.agency_id,
            required=row.required,
            as_deputy=row.as_deputy,
            speaks=row.speaks,
            now=now,
        )
    if meeting.minute_taker_id == leaver.person_id:
        meeting.minute_taker_id = heir.id
    _audit(work, "meeting.seat_handed_over", f"meeting:{meeting.id}", heir.id, leaver, by, now)


def _audit(
    work: Work, verb: str, thing: str, heir_id: str, leaver: LeaverRow, by: Person, now: datetime
) -> None:
    facts = {"from": leaver.person_id, "to": heir_id, "because": LEFT}
    work.audit.write(stream="register", actor=by.id, verb=verb, thing=thing, facts=facts, at=now)


def _check(
    work: Work, row: LeaverRow, held: Held, given: Given, people: Mapping[str, Person], by: Person
) -> None:
    found: dict[str, str] = {}
    agency = work.register.agency(row.agency_id).name
    chosen = {f"to:{id}": who for id, who in given.to.items()}
    chosen |= {"all_to": given.all_to, "meetings_to": given.meetings_to}
    for name, who in chosen.items():
        if who and (who not in people or people[who].agency_id != row.agency_id):
            found[name] = f"Choose somebody of {agency} who is in the register."
    for action in held.actions:
        who = given.to.get(action.id) or given.all_to
        if who and who in work.plans.thing(action).barred:
            name = f"to:{action.id}" if given.to.get(action.id) else "all_to"
            found[name] = f"That person must not know of {action.ref}. Choose somebody else for it."
    for _, meeting in held.invitations:
        if given.meetings_to and given.meetings_to in work.meetings.thing(meeting).barred:
            found["meetings_to"] = "That person must not know of a case at one of these meetings."
    for part, who in given.parts.items():
        if not who:
            continue
        if not by.has(Role.COORDINATOR):
            found[f"part:{part}"] = "Only a coordinator can give a case to somebody else."
        elif who not in people or (part == "coordinator" and not people[who].has(Role.COORDINATOR)):
            found[f"part:{part}"] = (
                "Choose a coordinator." if part == "coordinator" else "Choose somebody from the list."
            )
        elif over := [case.ref for case in held.cases[part] if who in work.cases.thing(case).barred]:
            found[f"part:{part}"] = f"That person must not know of {', '.join(over)}. Choose somebody else."
    if not found and not any((*chosen.values(), *given.parts.values())):
        found["meetings_to" if not held.actions and held.invitations else "all_to"] = (
            "Choose who takes at least one of them."
        )
        if not held.actions and not held.invitations:
            found = {f"part:{part}": "Choose who takes them." for part in PARTS if held.cases[part]} or found
    if found:
        raise Invalid(found)


def _opened(work: Work, practice: Practice, id: str, by: Person, now: datetime) -> LeaverRow:
    row = work.contacts.leaver(id)
    if not may(by, "leaver.hand_over", Thing(area=row.area, owner_agency=row.agency_id)):
        raise NotAllowed(
            "Only the lead of that agency and the coordinator can hand over what was theirs."
            " Nothing has changed; your attempt has been recorded.",
            Denial(stream="register", actor=by.id, verb="leaver.hand_over", thing=f"leaver:{id}", at=now),
        )
    return row


def _settled(work: Work, row: LeaverRow, now: datetime) -> bool:
    """Whether there is nothing more to hand over; then that is written down."""
    if row.settled_at is None and (
        work.register.row(row.person_id).active or not held_by(work, row.person_id, now)
    ):
        row.settled_at, row.next_on = now, None
    return row.settled_at is not None


def _tell(work: Work, row: LeaverRow, now: datetime) -> int:
    people = _told(work, row, everybody=row.step > 0 or any(held_by(work, row.person_id, now).cases.values()))
    for each in people:
        tell(work, "leaver_waits", row.id, f"person:{each}", now, key=str(row.step))
        refresh_home(work, each, now)
    return len(people)


def _told(work: Work, row: LeaverRow, *, everybody: bool) -> list[str]:
    """The agency's leads; the coordinators where there is no lead, where cases wait, or where nothing was done."""
    leads = [each.id for each in work.register.people(row.area, Role.AGENCY_LEAD, agency_id=row.agency_id)]
    if leads and not everybody:
        return leads
    return list(
        dict.fromkeys([*leads, *(each.id for each in work.register.people(row.area, Role.COORDINATOR))])
    )


def _silence(work: Work, person_id: str, now: datetime) -> None:
    """Whatever is owed to somebody who has left is not sent: they may know no more of it (IG-24)."""
    unsent = (
        update(OutboxRow)
        .where(
            col(OutboxRow.destination).in_([f"person:{person_id}", f"home:{person_id}"]),
            col(OutboxRow.state) == "owed",
        )
        .values(state="replaced", settled_at=now)
    )
    work.session.flush()
    work.session.connection().execute(unsent)


def _meetings(held: Held) -> list[MeetingRow]:
    found = {meeting.id: meeting for meeting in (*(each for _, each in held.invitations), *held.chairs)}
    return list(found.values())


def _held_action(work: Work, practice: Practice, row: ActionRow) -> HeldAction:
    labels = {
        choice.id: choice.label for choice in practice.of(work.cases.row(row.case_id)).actions.categories
    }
    return HeldAction(id=row.id, ref=row.ref, category=labels.get(row.category, row.category), due=row.due)
