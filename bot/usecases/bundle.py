"""Let somebody take a case's whole file as one audit bundle, and give it to them (S2-50, IG-20, IG-21, IG-29).

A coordinator says why and for whom: for themselves, or for an auditor, a board contact or the information governance
lead, who see no case by their role alone (IG-26). What was allowed ends by itself, and each taking is on the record.
"""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, NotFound, TooLate
from bot.domain.people import ROLE_TITLES, Person, Role
from bot.domain.references import new_id
from bot.storage.bundle_tables import CaseBundleRow
from bot.storage.codes import digest_of
from bot.storage.people_tables import AddressOpeningRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.bundle_contents import bundle_of
from bot.usecases.owed import tell
from bot.views.bundle import Bundle, BundleForm, BundleNote

DAYS = 14
"""How many calendar days a bundle can be taken, the day on which it was allowed not counted."""

SHORTEST = 10
"""Characters of a reason, at least."""

TAKERS = (Role.COORDINATOR, Role.AUDITOR, Role.IG_LEAD, Role.BOARD)


def open_bundle(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> BundleForm:
    """Who could take this case's bundle, for somebody who may allow it. NotAllowed, on the record, for others."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.bundle", now)
        return BundleForm(
            case_id=case.id,
            ref=case.ref,
            chosen=by.id,
            people=tuple(
                (each.id, f"{each.name}, {_title(each)}" + (" (you)" if each.id == by.id else ""))
                for each in _takers(work, case, by)
            ),
        )


def allow_bundle(
    begin: Begin,
    practice: Practice,
    case_id: str,
    for_id: str,
    why: str,
    both_why: str = "",
    *,
    by: Person,
    now: datetime,
) -> BundleNote:
    """This person may take the bundle for DAYS; somebody else than `by` is told so, by a pointer.

    `both_why` is why addresses that are kept apart are needed in it; empty, and every address is masked (IG-21).
    Raises Invalid beside `taker`, `why` or `both_why`.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.bundle", now)
        why, both_why = why.strip(), both_why.strip()
        found = {}
        if for_id not in {each.id for each in _takers(work, case, by)}:
            found["taker"] = "Choose somebody from the list."
        if len(why) < SHORTEST:
            found["why"] = "Say in a sentence what it is for: an audit, a review, an inspection."
        if both_why and len(both_why) < SHORTEST:
            found["both_why"] = (
                "Say in a sentence why addresses that are kept apart are needed together, or leave it empty."
            )
        if found:
            raise Invalid(found)
        row = CaseBundleRow(
            id=new_id(),
            case_id=case.id,
            why=why,
            both_why=both_why,
            for_id=for_id,
            by_id=by.id,
            at=now,
            until=practice.today(now) + timedelta(days=DAYS),
        )
        work.session.add(row)
        work.session.flush()
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="bundle.allowed",
            thing=f"bundle:{row.id}",
            facts={
                "for": for_id,
                "until": row.until,
                "addresses": bool(both_why),
                "why": digest_of(f"{why}\n{both_why}"),
            },
            at=now,
        )
        if for_id != by.id:
            tell(work, "bundle_allowed", row.id, f"person:{for_id}", now)
        return _note(work, row, by)


def allowed_bundle(
    begin: Begin, practice: Practice, case_id: str, why: str, both_why: str = "", *, by: Person, now: datetime
) -> str:
    """The id of the newest bundle of this case that was allowed `by` and can still be taken, where no `why` is given;
    with one, of a new one that they allow themselves. NotFound says what to do where there is none.
    """
    if why or both_why:
        return allow_bundle(begin, practice, case_id, by.id, why, both_why, by=by, now=now).id
    with begin() as work:
        query = select(CaseBundleRow).where(
            CaseBundleRow.case_id == case_id,
            CaseBundleRow.for_id == by.id,
            col(CaseBundleRow.until) >= practice.today(now),
        )
        row = work.session.exec(query.order_by(col(CaseBundleRow.at).desc())).first()
        if row is None:
            raise NotFound(
                "No bundle of this case is allowed for this person. A coordinator allows it in the case’s file; one who"
                " takes it for themselves says what it is for: --why."
            )
        return row.id


def bundle_note(work: Work, practice: Practice, id: str, now: datetime) -> BundleNote | None:
    """To whoever may take it; nothing once its days are over."""
    row = _row(work, id)
    return _note(work, row) if practice.today(now) <= row.until else None


def taken_bundle(
    work: Work, practice: Practice, id: str, by: Person, now: datetime
) -> tuple[Bundle, CaseRow]:
    """The bundle for whoever it was allowed, made from the record as it is now.

    NotAllowed, on the record, for anybody else, and for whoever must not see the case or has left that role; TooLate
    once its days are over.
    """
    row, case = _may_take(work, practice, id, by, now)
    if row.both_why:
        work.session.add(
            AddressOpeningRow(id=new_id(), case_id=case.id, why=row.both_why, by_id=by.id, at=now)
        )
    return bundle_of(work, practice, row, case, by, now), case


def see_bundle(begin: Begin, practice: Practice, bundle_id: str, *, by: Person, now: datetime) -> BundleNote:
    """That it can be taken, for whoever it was allowed; refused as the taking itself is."""
    with begin() as work:
        row, _ = _may_take(work, practice, bundle_id, by, now)
        return _note(work, row, by)


def bundle_made(begin: Begin, bundle_id: str, digest: str, *, by: Person, now: datetime) -> None:
    """Keep the digest ("sha256:" and 64 hexadecimal digits) of the file that was given: it proves a copy."""
    with begin() as work:
        row = _row(work, bundle_id)
        work.audit.write(
            stream=work.cases.row(row.case_id).ref,
            actor=by.id,
            verb="bundle.made",
            thing=f"bundle:{row.id}",
            facts={"file": digest},
            at=now,
        )


def _may_take(
    work: Work, practice: Practice, id: str, by: Person, now: datetime
) -> tuple[CaseBundleRow, CaseRow]:
    row = _row(work, id)
    case = work.cases.row(row.case_id)
    thing = work.cases.thing(case)
    if not may(by, "bundle.take", Thing(area=thing.area, barred=thing.barred, owner_id=row.for_id)):
        raise NotAllowed(
            "This bundle was allowed for somebody else. Your attempt has been recorded.",
            Denial(stream=case.ref, actor=by.id, verb="bundle.take", thing=f"bundle:{row.id}", at=now),
        )
    if practice.today(now) > row.until:
        raise TooLate(
            "The days on which this bundle could be taken are over. Ask a coordinator to allow it anew."
        )
    return row, case


def _takers(work: Work, case: CaseRow, by: Person) -> list[Person]:
    """Whoever may be given it, the one who asks first: nobody who must not see the case (IG-22)."""
    barred = work.cases.thing(case).barred
    fit = [each for each in work.register.people(case.area, *TAKERS) if each.id not in barred]
    return sorted(fit, key=lambda each: (each.id != by.id, each.name))


def _title(person: Person) -> str:
    return next(ROLE_TITLES[role] for role in TAKERS if person.has(role)).lower()


def _note(work: Work, row: CaseBundleRow, reader: Person | None = None) -> BundleNote:
    case = work.cases.row(row.case_id)
    return BundleNote(
        id=row.id,
        ref=case.ref,
        by=work.register.person(row.by_id).name,
        to=work.register.person(row.for_id).name,
        mine=reader is None or reader.id == row.for_id,
        until=row.until,
        drill=case.drill,
    )


def _row(work: Work, id: str) -> CaseBundleRow:
    row = work.session.get(CaseBundleRow, id)
    if row is None:
        raise NotFound("There is no such bundle.")
    return row
