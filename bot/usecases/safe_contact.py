"""How the person can be reached safely: told by the referral, put right, shown before anybody tries (S5-17)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.safe_contact import ROUTES, SAID, SafeContact, from_answers
from bot.domain.subjects import MIDDLE, ROLES
from bot.storage.codes import digest_of
from bot.storage.pair_tables import SubjectSafeContactRow
from bot.storage.people_tables import SafeContactRow
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.views.cases import Entry
from bot.views.people import SafeForm
from bot.views.safe_contact import SafeCard


def safe_contact(work: Work, case: CaseRow) -> tuple[SafeContact, datetime, str]:
    """What is known now, since when, and the id of who said so: the referrer, until somebody put it right."""
    if rows := work.people.safe_contacts(case.id):
        return contact_of(rows[0]), rows[0].at, rows[0].by_id
    referral = work.referrals.row(case.referral_id)
    return from_answers(referral.answers), referral.received_at, referral.referrer_id


def contact_of(row: SafeContactRow | SubjectSafeContactRow) -> SafeContact:
    """A version as the rule about it reads it."""
    return SafeContact(
        call=row.call,
        message=row.message,
        text=row.text,
        write=row.write,
        number=row.number,
        times=row.times,
        words=row.words,
        never=row.never,
    )


def safe_contact_of(
    work: Work, case: CaseRow, subject_id: str
) -> tuple[SafeContact, datetime | None, str, str]:
    """The same of anybody in the case, and whose it is in words; "" is the person at the middle.

    Of whom nobody has recorded anything, nothing is known to be safe: no time, no name, and never another's card.
    NotFound for whoever is not in the case.
    """
    row = work.people.subject(subject_id) if subject_id else None
    if row is not None and row.case_id != case.id:
        raise NotFound("There is no such person in this case.")
    if row is None or row.source == MIDDLE:
        known, at, by = safe_contact(work, case)
        return known, at, by, ""
    whose = f"{ROLES.get(row.role, row.role)} {row.number}"
    versions = work.pairs.safe_contacts(case.id).get(row.id)
    if not versions:
        return SafeContact(), None, "", whose
    return contact_of(versions[0]), versions[0].at, versions[0].by_id, whose


def action_card(work: Work, case: CaseRow, action_id: str) -> SafeCard:
    """How to reach whoever this action serves. Where two are kept apart and it is not one of them alone, neither's card
    is shown: the wrong one could do harm (S5-28)."""
    if work.pairs.standing(case.id) is None:
        return safe_card(work, case)
    served = work.pairs.served(case.id).get(action_id)
    if served is None or served.subject_id is None:
        return _card(SafeContact(), None, "", TWO)
    return safe_card(work, case, served.subject_id)


TWO = "two people, each with a card of their own in the case’s file"


def safe_card(work: Work, case: CaseRow, subject_id: str = "") -> SafeCard:
    """What stands on top of a case's file: how they may be reached, and never (IG-10). Access is the caller's to ask.

    A number is told only where some way of using it is known to be safe.
    """
    known, at, by, whose = safe_contact_of(work, case, subject_id)
    return _card(known, at, work.register.person(by).name if by else "", whose)


def _card(known: SafeContact, at: datetime | None, who: str, whose: str) -> SafeCard:
    may = tuple(label for route, label in ROUTES.items() if known.may_use(route))
    number = known.number if any(known.may_use(route) for route in ("call", "message", "text")) else ""
    return SafeCard(
        may=may,
        never_by=tuple(label for label in ROUTES.values() if label not in may),
        number=number,
        times=known.times,
        words=known.words,
        never=known.never,
        at=at,
        who=who,
        whose=whose,
    )


def open_safe_contact(
    begin: Begin, practice: Practice, case_id: str, subject_id: str = "", *, by: Person, now: datetime
) -> SafeForm:
    """The form of the person at the middle, or of another of the case's people, filled in with what is known, for
    somebody who works on the case; the opening is an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        known, _, _, whose = safe_contact_of(work, case, subject_id)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="safe_contact.opened",
            thing=f"case:{case.id}",
            facts={"subject": subject_id},
            at=now,
        )
        return SafeForm(
            case_id=case.id,
            ref=case.ref,
            routes=tuple((route, label, getattr(known, route)) for route, label in ROUTES.items()),
            number=known.number,
            times=known.times,
            words=known.words,
            never=known.never,
            subject_id=subject_id,
            whose=whose,
        )


def record_safe_contact(
    begin: Begin,
    practice: Practice,
    case_id: str,
    known: SafeContact,
    subject_id: str = "",
    *,
    by: Person,
    now: datetime,
) -> str:
    """Keep a new version beside those before it, of the person at the middle or of another of them. The case's id.

    Raises Invalid beside a route nobody answered for.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        found = {
            route: "Choose yes, no, or not known. Not known counts as no."
            for route in ROUTES
            if getattr(known, route) not in SAID
        }
        if found:
            raise Invalid(found)
        *_, whose = safe_contact_of(work, case, subject_id)
        table: Any = SubjectSafeContactRow if whose else SafeContactRow
        row = table(
            id=new_id(),
            **({"subject_id": subject_id} if whose else {"case_id": case.id}),
            call=known.call,
            message=known.message,
            text=known.text,
            write=known.write,
            number=known.number.strip(),
            times=known.times.strip(),
            words=known.words.strip(),
            never=known.never.strip(),
            by_id=by.id,
            at=now,
        )
        work.session.add(row)
        told = digest_of("\n".join((row.number, row.times, row.words, row.never)))
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="safe_contact.recorded",
            thing=f"case:{case.id}",
            facts={"told": told, "subject": subject_id},
            at=now,
        )
        return case.id


def safe_contact_entries(
    work: Work,
    case: CaseRow,
    *,
    only: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
) -> tuple[Entry, ...]:
    """The part of a case's file about it: each version, the newest first, with what the referral said at the end; then
    those of its other people. `only` and `without` are ids of people, as in `subject_entries` (S5-28)."""
    referral = work.referrals.row(case.referral_id)
    rows = work.people.subjects(case.id)
    middle = next((row.id for row in rows if row.source == MIDDLE), "")
    found: list[Entry] = []
    if middle in only if only else middle not in without:
        versions = [(contact_of(row), row.at, row.by_id) for row in work.people.safe_contacts(case.id)]
        versions.append((from_answers(referral.answers), referral.received_at, referral.referrer_id))
        found += _versions(work, REACH if only else "", versions)
    recorded = work.pairs.safe_contacts(case.id)
    for row in rows:
        if row.id != middle and (row.id in only if only else row.id not in without):
            own = [(contact_of(each), each.at, each.by_id) for each in recorded.get(row.id, ())]
            whose = REACH if only else f"{ROLES.get(row.role, row.role)} {row.number}: "
            found += _versions(work, whose, own)
            if only and not own:
                found.append(
                    Entry(head="How to reach them", body="Not recorded yet, so no way is known to be safe.")
                )
    return tuple(found)


REACH = "How to reach them: "


def _versions(work: Work, whose: str, versions: list[tuple[SafeContact, datetime, str]]) -> Iterator[Entry]:
    for n, (known, at, by) in enumerate(versions):
        said = "In force now" if n == 0 else "Before that"
        yield Entry(
            head=f"{whose}{said[0].lower() if whose else said[0]}{said[1:]}",
            body="\n".join(_told(known)),
            who=work.register.person(by).name,
            at=at,
        )


def _told(known: SafeContact) -> list[str]:
    words = {"yes": "yes", "no": "no"}
    lines = [
        f"{label}: {words.get(getattr(known, route), 'not known, so no')}" for route, label in ROUTES.items()
    ]
    for head, text in (
        ("Number or address to use", known.number),
        ("When", known.times),
        ("Words to use", known.words),
        ("Never", known.never),
    ):
        if text:
            lines.append(f"{head}: {text}")
    return lines
