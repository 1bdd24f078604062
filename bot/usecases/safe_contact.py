"""How the person can be reached safely: told by the referral, put right, shown before anybody tries (S5-17)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.safe_contact import ROUTES, SAID, SafeContact, from_answers
from bot.storage.codes import digest_of
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


def contact_of(row: SafeContactRow) -> SafeContact:
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


def safe_card(work: Work, case: CaseRow) -> SafeCard:
    """What stands on top of a case's file: how they may be reached, and never (IG-10). Access is the caller's to ask.

    A number is told only where some way of using it is known to be safe.
    """
    known, at, by = safe_contact(work, case)
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
        who=work.register.person(by).name,
    )


def open_safe_contact(
    begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime
) -> SafeForm:
    """The form, filled in with what is known, for somebody who works on the case; the opening is an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        known, _, _ = safe_contact(work, case)
        work.audit.write(
            stream=case.ref,
            actor=by.id,
            verb="safe_contact.opened",
            thing=f"case:{case.id}",
            facts={},
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
        )


def record_safe_contact(
    begin: Begin, practice: Practice, case_id: str, known: SafeContact, *, by: Person, now: datetime
) -> str:
    """Keep a new version beside those before it. The case's id. Raises Invalid beside a route nobody answered for."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "person.record", now)
        found = {
            route: "Choose yes, no, or not known. Not known counts as no."
            for route in ROUTES
            if getattr(known, route) not in SAID
        }
        if found:
            raise Invalid(found)
        row = SafeContactRow(
            id=new_id(),
            case_id=case.id,
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
            facts={"told": told},
            at=now,
        )
        return case.id


def safe_contact_entries(work: Work, case: CaseRow) -> tuple[Entry, ...]:
    """The part of a case's file about it: each version, the newest first, with what the referral said at the end."""
    referral = work.referrals.row(case.referral_id)
    versions = [(contact_of(row), row.at, row.by_id) for row in work.people.safe_contacts(case.id)]
    versions.append((from_answers(referral.answers), referral.received_at, referral.referrer_id))
    return tuple(
        Entry(
            head="In force now" if n == 0 else "Before that",
            body="\n".join(_told(known)),
            who=work.register.person(by).name,
            at=at,
        )
        for n, (known, at, by) in enumerate(versions)
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
