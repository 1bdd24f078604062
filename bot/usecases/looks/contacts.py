"""Looks at the contact register: what a person, a lead and a coordinator are told of it; professionals only."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.contacts import is_due
from bot.domain.errors import NotFound
from bot.domain.people import Person, Role
from bot.storage.tables import PersonRow
from bot.storage.transaction import Work
from bot.usecases.agency_cards import SPEAKS
from bot.usecases.contact_round import COORDINATOR, LEAD
from bot.usecases.contacts import entry_of
from bot.usecases.leavers import leaver_line
from bot.views.contacts import (
    CaseHanded,
    OwnEntry,
    RegisterDuties,
    RequestLine,
    Unverified,
    UnverifiedNote,
)

BEING = {
    "coordinator": "you now coordinate",
    "chair": "you now chair",
    "lead": "you are now the lead professional of",
}
"""What somebody now does with a case, by the part that was handed to them (bot.usecases.leavers.PARTS)."""


def contact_check(work: Work, practice: Practice, id: str, now: datetime) -> OwnEntry | None:
    """A person's own entry, to ask whether it is still right; None once it was checked, or when they have left."""
    row = work.register.row(id)
    due = is_due(row.verified_on, practice.today(now), practice.area.verify_after_days)
    return entry_of(work, practice, id) if row.active and due else None


def contacts_unverified(work: Work, practice: Practice, id: str, now: datetime) -> UnverifiedNote | None:
    """Those of an agency who did not answer; None when all have. `id` is the agency's."""
    people = tuple(each for row, each in _silent(work, practice, now, LEAD) if row.agency_id == id)
    if not people:
        return None
    return UnverifiedNote(agency=work.register.agency(id).name, people=people, drill=practice.area.drill)


def contact_request(work: Work, practice: Practice, id: str, now: datetime) -> RequestLine | None:
    """What somebody says is wrong with their entry; None once a coordinator has settled it."""
    row = work.contacts.request(id)
    if row.settled_at is not None:
        return None
    person = work.register.row(row.person_id)
    return RequestLine(
        id=row.id,
        name=person.name,
        agency=work.register.agency(person.agency_id).name,
        note=row.note,
        at=row.at,
        drill=practice.area.drill,
    )


def case_handed(work: Work, practice: Practice, id: str, now: datetime) -> CaseHanded | None:
    """What somebody now is to a case, in place of who left; `id` is case, part and who it was."""
    case_id, _, rest = id.partition(".")
    part, _, before = rest.partition(".")
    if part not in BEING:
        raise NotFound("There is no such hand-over.")
    case = work.cases.row(case_id)
    return CaseHanded(ref=case.ref, part=BEING[part], before=work.register.row(before).name, drill=case.drill)


def register_duties(work: Work, practice: Practice, by: Person, now: datetime) -> RegisterDuties:
    """What waits in the register for this coordinator, or for this agency's lead."""
    area = practice.area.id
    if not by.has(Role.COORDINATOR, Role.AGENCY_LEAD):
        return RegisterDuties()
    lines = (
        leaver_line(work, practice, row.id, now)
        for row in work.contacts.leavers(area)
        if may(by, "leaver.hand_over", Thing(area=area, owner_agency=row.agency_id))
    )
    leavers = tuple(line for line in lines if line is not None)
    if not may(by, "contact.settle", Thing(area=area)):
        return RegisterDuties(leavers=leavers)
    asked = (contact_request(work, practice, row.id, now) for row in work.contacts.requests(area))
    return RegisterDuties(
        leavers=leavers,
        requests=tuple(line for line in asked if line is not None),
        unverified=tuple(each for _, each in _silent(work, practice, now, COORDINATOR)),
    )


def _silent(work: Work, practice: Practice, now: datetime, step: int) -> list[tuple[PersonRow, Unverified]]:
    """Active people who were asked at least so often and whose entry is due all the same, the longest first."""
    today, people = practice.today(now), work.contacts.people(practice.area.id)
    details = work.contacts.details(row.id for row in people)
    names = {each.id: each.name for each in work.register.agencies(practice.area.id)}
    silent = [
        row
        for row in people
        if (known := details.get(row.id)) is not None
        and known.next_on is not None
        and known.step >= step
        and is_due(row.verified_on, today, practice.area.verify_after_days)
    ]
    silent.sort(key=lambda row: (row.verified_on or date.min, row.name))
    return [
        (
            row,
            Unverified(
                id=row.id,
                name=row.name,
                agency=names[row.agency_id],
                phone=row.phone,
                email=row.email,
                days=(today - row.verified_on).days if row.verified_on else None,
            ),
        )
        for row in silent
    ]


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """What the register lacks: numbers of people, and agencies by name; nobody by name."""

    people: int
    unverified: int
    without: tuple[tuple[str, tuple[str, ...]], ...]
    """What is lacking, and the agencies that lack it."""


def gaps(work: Work, area: str, today: date, after: int) -> Gaps:
    """What `convenor check` says of the register (S5-01, S5-30, S5-33): `after` calendar days make an entry old."""
    people = work.contacts.people(area)
    details = work.contacts.details(row.id for row in people)
    known = {row.id: row for row in people}
    cards = {each.id: work.contacts.card(each.id) for each in work.register.agencies(area)}
    lacks: dict[str, list[str]] = {
        "nobody named": [],
        "no deputy": [],
        "no telephone": [],
        "no out-of-hours route": [],
    }
    for agency in work.register.agencies(area):
        speak = [
            row for row in people if row.agency_id == agency.id and any(role in row.roles for role in SPEAKS)
        ]
        card = cards[agency.id]
        if not speak:
            lacks["nobody named"].append(agency.name)
            continue
        if not any(row.deputy_id in known for row in speak):
            lacks["no deputy"].append(agency.name)
        if not any(row.phone for row in speak):
            lacks["no telephone"].append(agency.name)
        routes = [details[row.id].out_of_hours for row in speak if row.id in details]
        if not any(routes) and not (card and card.out_of_hours):
            lacks["no out-of-hours route"].append(agency.name)
    due = Counter(is_due(row.verified_on, today, after) for row in people)
    return Gaps(
        people=len(people),
        unverified=due[True],
        without=tuple((what, tuple(names)) for what, names in lacks.items() if names),
    )
