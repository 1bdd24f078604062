"""How each agency works and is reached: read by everybody, written by its lead (S5-01 to S5-03, S5-32)."""

from dataclasses import dataclass, fields
from datetime import datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed
from bot.domain.people import Agency, Person, Role, type_said
from bot.storage.contact_tables import AgencyCardRow, ContactDetailRow
from bot.storage.tables import PersonRow
from bot.storage.transaction import Begin, Work
from bot.usecases.contacts import roles_in_words
from bot.views.contacts import AgencyCard, AgencyLine, AgencyList, ContactLine

A_PAGE, PEOPLE_SHOWN = 6, 12
"""Agencies on a page of the list, people on a card; what is more is told by number."""

LONGEST_PROFILE, LONGEST_ROUTE = 1000, 200
"""Characters of what an agency says of itself, and of each way to reach it."""

SPEAKS = (Role.REPRESENTATIVE.value, Role.AGENCY_LEAD.value)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What an agency says of itself, all of it sensitivity 1: no person of any case has a place in it."""

    profile: str = ""
    urgent: str = ""
    routine: str = ""
    out_of_hours: str = ""
    forums: str = ""


def agencies(
    begin: Begin, practice: Practice, *, page: int = 1, sought: str = "", by: Person, now: datetime
) -> AgencyList:
    """The area's agencies by name, six a page; with `sought` those whose name or type has it, the first six."""
    with begin() as work:
        _may(work, by, "agency.look", practice, None, now)
        wanted = sought.strip().casefold()
        found = [
            each
            for each in work.register.agencies(practice.area.id)
            if wanted in each.name.casefold() or wanted in each.type.replace("_", " ").casefold()
        ]
        pages = max(1, -(-len(found) // A_PAGE))
        page = 1 if wanted else min(max(page, 1), pages)
        shown = found[(page - 1) * A_PAGE : page * A_PAGE]
        people = work.contacts.people(practice.area.id)
        return AgencyList(
            lines=tuple(_line(each, ladder(people, each.id)) for each in shown),
            total=len(found),
            page=page,
            pages=1 if wanted else pages,
            sought=sought.strip(),
        )


def ladder(people: list[PersonRow], agency_id: str) -> list[PersonRow]:
    """Who is asked first at an agency, and then whom: its representatives by tier, then its leads, then the rest."""

    def order(row: PersonRow) -> tuple[int, int, str]:
        rank = 0 if SPEAKS[0] in row.roles else 1 if SPEAKS[1] in row.roles else 2
        return (rank, row.tier or 99, row.name)

    return sorted((row for row in people if row.agency_id == agency_id), key=order)


def agency_card(begin: Begin, practice: Practice, agency_id: str, *, by: Person, now: datetime) -> AgencyCard:
    """One agency: what it does, whom to ask first and then, by which route, and when that was last checked."""
    with begin() as work:
        agency = work.register.agency(agency_id)
        _may(work, by, "agency.look", practice, agency, now)
        people = ladder(work.contacts.people(practice.area.id), agency.id)
        rows = {row.id: row for row in people}
        details = work.contacts.details(rows)
        deputies = work.register.rows(row.deputy_id for row in people if row.deputy_id)
        agreed = work.shares.agreements([agency.id]).get(agency.id)
        checked = [row.verified_on for row in people if row.verified_on]
        return AgencyCard(
            id=agency.id,
            name=agency.name,
            type=agency.type,
            **vars(_written(work.contacts.card(agency.id))),
            people=tuple(_contact(row, details, deputies) for row in people[:PEOPLE_SHOWN]),
            more=max(0, len(people) - PEOPLE_SHOWN),
            agreement=(agreed.signed_on, agreed.expires_on) if agreed else None,
            agreement_ended=bool(agreed and agreed.expires_on < practice.today(now)),
            verified_on=max(checked, default=None),
            may_edit=may(by, "agency.write", _thing(practice, agency)),
        )


def begin_card(
    begin: Begin, practice: Practice, agency_id: str, *, by: Person, now: datetime
) -> tuple[str, Written]:
    """The agency's name and what it says of itself so far, for whoever may write it."""
    with begin() as work:
        agency = work.register.agency(agency_id)
        _may(work, by, "agency.write", practice, agency, now)
        return agency.name, _written(work.contacts.card(agency.id))


def write_card(
    begin: Begin, practice: Practice, agency_id: str, written: Written, *, by: Person, now: datetime
) -> None:
    """Put this on the agency's card; what it said before is kept (IG-30). Invalid by field for what is too long."""
    with begin() as work:
        agency = work.register.agency(agency_id)
        _may(work, by, "agency.write", practice, agency, now)
        after = {each.name: getattr(written, each.name).strip() for each in fields(Written)}
        most = {"profile": LONGEST_PROFILE}
        if found := {
            name: f"Keep it within {most.get(name, LONGEST_ROUTE)} characters."
            for name, value in after.items()
            if len(value) > most.get(name, LONGEST_ROUTE)
        }:
            raise Invalid(found)
        before = vars(_written(work.contacts.card(agency.id)))
        changed = [name for name in after if before[name] != after[name]]
        if not changed:
            return
        row = work.contacts.card(agency.id) or AgencyCardRow(
            agency_id=agency.id, written_by=by.id, written_at=now
        )
        for name in changed:
            work.contacts.changed(agency.id, name, before[name], after[name], by.id, now)
            setattr(row, name, after[name])
        row.written_by, row.written_at = by.id, now
        work.session.add(row)
        work.audit.write(
            stream="register",
            actor=by.id,
            verb="agency.written",
            thing=f"agency:{agency.id}",
            facts={"fields": changed},
            at=now,
        )


def _written(row: AgencyCardRow | None) -> Written:
    return Written(**{each.name: getattr(row, each.name) for each in fields(Written)}) if row else Written()


def _line(agency: Agency, people: list[PersonRow]) -> AgencyLine:
    first = next((row for row in people if any(role in row.roles for role in SPEAKS)), None)
    return AgencyLine(
        id=agency.id,
        name=agency.name,
        type=type_said(agency.type),
        link=first.name if first else "",
        phone=first.phone if first else "",
    )


def _contact(
    row: PersonRow, details: dict[str, ContactDetailRow], deputies: dict[str, PersonRow]
) -> ContactLine:
    detail, deputy = details.get(row.id), deputies.get(row.deputy_id or "")
    return ContactLine(
        name=row.name,
        title=row.title,
        roles=roles_in_words(row),
        tier=row.tier,
        phone=row.phone,
        email=row.email,
        deputy=deputy.name if deputy and deputy.active else "",
        out_of_hours=detail.out_of_hours if detail else "",
        commits=detail.commits if detail else None,
        verified_on=row.verified_on,
    )


def _thing(practice: Practice, agency: Agency | None) -> Thing:
    return Thing(area=agency.area if agency else practice.area.id, owner_agency=agency.id if agency else None)


def _may(work: Work, by: Person, verb: str, practice: Practice, agency: Agency | None, now: datetime) -> None:
    if not may(by, verb, _thing(practice, agency)):
        thing = f"agency:{agency.id}" if agency else f"area:{practice.area.id}"
        raise NotAllowed(
            "Only the lead of that agency and the coordinator can change its card."
            if verb == "agency.write"
            else "The list of agencies is for people of this area’s contact register.",
            Denial(stream="register", actor=by.id, verb=verb, thing=thing, at=now),
        )
