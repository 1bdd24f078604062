"""A person's own entry in the contact register: still right, or put right (S5-01, S5-30, S5-40, IG-30, T24)."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.contacts import GAP
from bot.domain.errors import Denial, Invalid, NotAllowed
from bot.domain.people import ROLE_TITLES, Person, Role
from bot.domain.references import new_id
from bot.storage.codes import Codes
from bot.storage.contact_tables import ContactRequestRow
from bot.storage.tables import PersonRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import refresh_home, tell
from bot.views.contacts import OwnEntry

LONGEST_LINE, LONGEST_NOTE = 120, 500
"""Characters of a number or a title, and of what is said to be wrong."""

STREAM = "register"


@dataclass(frozen=True, kw_only=True)
class Mended:
    """What somebody says of their own entry; `note` is what only a coordinator can change."""

    phone: str
    title: str
    deputy_id: str
    out_of_hours: str
    note: str = ""


def own_entry(begin: Begin, practice: Practice, *, by: Person, now: datetime) -> OwnEntry:
    """What the register says of whoever asks, and whom of their agency they can name as deputy."""
    with begin() as work:
        return entry_of(work, practice, by.id)


def entry_of(work: Work, practice: Practice, person_id: str) -> OwnEntry:
    """A person's entry as they themselves see it."""
    row = work.register.row(person_id)
    detail = work.contacts.details([row.id]).get(row.id)
    deputy = work.register.rows([row.deputy_id]).get(row.deputy_id) if row.deputy_id else None
    colleagues = work.register.people(row.area, agency_id=row.agency_id)
    return OwnEntry(
        id=row.id,
        name=row.name,
        title=row.title,
        agency=work.register.agency(row.agency_id).name,
        roles=roles_in_words(row),
        phone=row.phone,
        email=row.email,
        deputy=deputy.name + ("" if deputy.active else ", who has left") if deputy else "",
        deputy_id=deputy.id if deputy and deputy.active else "",
        out_of_hours=detail.out_of_hours if detail else "",
        hours=hours_in_words(row),
        verified_on=row.verified_on,
        contact=practice.area.contact,
        again=bool(detail and detail.step),
        drill=practice.area.drill,
        colleagues=tuple((each.id, each.name) for each in colleagues if each.id != row.id),
    )


def roles_in_words(row: PersonRow) -> str:
    """A person's roles as words, in their usual order."""
    return ", ".join(ROLE_TITLES[role] for role in Role if role.value in row.roles)


def hours_in_words(row: PersonRow) -> str:
    """The working week as words, days of the same hours together; empty where nobody knows it."""
    found: dict[str, list[str]] = {}
    for day, hours in row.pattern.items():
        found.setdefault(" to ".join(hours), []).append(day.capitalize())
    return "; ".join(f"{', '.join(days)} {hours}" for hours, days in found.items())


def still_right(begin: Begin, practice: Practice, *, by: Person, now: datetime) -> date:
    """Whoever asks says that their own entry is right today; twice on a day is once. The day on record."""
    with begin() as work:
        _own(work, by, now)
        today = practice.today(now)
        verify(work, by.id, today, by, now)
        refresh_home(work, by.id, now)
        return today


def mend_own(begin: Begin, practice: Practice, mended: Mended, *, by: Person, now: datetime) -> date:
    """Telephone, title, deputy and out-of-hours number change at once; what was there before is kept (IG-30).

    A note goes to the coordinators as a request. The entry counts as checked today. Raises Invalid by field.
    """
    with begin() as work:
        _own(work, by, now)
        _check(work, mended, by)
        row, detail = work.register.row(by.id), work.contacts.detail(by.id)
        before = {
            "phone": row.phone,
            "title": row.title,
            "deputy": row.deputy_id or "",
            "out_of_hours": detail.out_of_hours,
        }
        row.phone, row.title = mended.phone.strip(), mended.title.strip()
        row.deputy_id, detail.out_of_hours = mended.deputy_id or None, mended.out_of_hours.strip()
        after = {
            "phone": row.phone,
            "title": row.title,
            "deputy": row.deputy_id or "",
            "out_of_hours": detail.out_of_hours,
        }
        changed = [name for name in before if before[name] != after[name]]
        for name in changed:
            work.contacts.changed(row.id, name, before[name], after[name], by.id, now)
        if changed:
            _audit(work, by, "contact.mended", row.id, {"fields": changed}, now)
        if note := mended.note.strip():
            _request(work, practice, row, note, by, now)
        today = practice.today(now)
        verify(work, row.id, today, by, now)
        refresh_home(work, by.id, now)
        return today


def vouch(begin: Begin, practice: Practice, person_id: str, *, by: Person, now: datetime) -> None:
    """A coordinator has asked somebody by other means, and their entry is right: for people without chat (T24)."""
    with begin() as work:
        row = work.register.row(person_id)
        coordinator(work, row.area, by, f"person:{person_id}", now)
        verify(work, row.id, practice.today(now), by, now)
        refresh_home(work, by.id, now)


def settle_request(begin: Begin, practice: Practice, request_id: str, *, by: Person, now: datetime) -> None:
    """A coordinator has put right what was wrong, or said why not; settled twice is settled once."""
    with begin() as work:
        row = work.contacts.request(request_id)
        coordinator(work, row.area, by, f"request:{request_id}", now)
        if row.settled_at is None:
            row.settled_at, row.settled_by, row.next_on = now, by.id, None
            _audit(work, by, "contact.settled", row.person_id, {"request": row.id}, now)
        for each in work.register.people(practice.area.id, Role.COORDINATOR):
            refresh_home(work, each.id, now)


def verify(work: Work, person_id: str, today: date, by: Person, now: datetime) -> None:
    """Write down that an entry was found right on this local date, by whom; any question about it is answered."""
    row, detail = work.register.row(person_id), work.contacts.detail(person_id)
    detail.asked_on, detail.step, detail.next_on = None, 0, None
    if row.verified_on == today:
        return
    before, row.verified_on = row.verified_on, today
    work.contacts.changed(
        row.id, "verified", before.isoformat() if before else "", today.isoformat(), by.id, now
    )
    _audit(work, by, "contact.verified", row.id, {"before": before.isoformat() if before else ""}, now)


def coordinator(work: Work, area: str, by: Person, thing: str, now: datetime) -> None:
    """NotAllowed, with its trace, for whoever may not put right what stands in this area's register."""
    if not may(by, "contact.settle", Thing(area=area)):
        raise NotAllowed(
            "Only a coordinator can do that. Nothing has changed; your attempt has been recorded.",
            Denial(stream=STREAM, actor=by.id, verb="contact.settle", thing=thing, at=now),
        )


def _own(work: Work, by: Person, now: datetime) -> None:
    area = work.register.row(by.id).area
    if not may(by, "contact.answer", Thing(area=area, owner_id=by.id)):
        raise NotAllowed(
            "Only people who are in the contact register can answer for their entry.",
            Denial(stream=STREAM, actor=by.id, verb="contact.answer", thing=f"person:{by.id}", at=now),
        )


def _check(work: Work, mended: Mended, by: Person) -> None:
    found = {}
    for name in ("phone", "title", "out_of_hours"):
        if len(getattr(mended, name).strip()) > LONGEST_LINE:
            found[name] = f"Keep it within {LONGEST_LINE} characters."
    if len(mended.note.strip()) > LONGEST_NOTE:
        found["note"] = f"Keep it within {LONGEST_NOTE} characters."
    if mended.deputy_id:
        deputy = work.register.rows([mended.deputy_id]).get(mended.deputy_id)
        if deputy is None or not deputy.active or deputy.agency_id != by.agency_id or deputy.id == by.id:
            found["deputy"] = "Choose somebody else of your own agency."
    if found:
        raise Invalid(found)


def _request(work: Work, practice: Practice, row: PersonRow, note: str, by: Person, now: datetime) -> None:
    asked = ContactRequestRow(
        id=new_id(),
        area=row.area,
        person_id=row.id,
        note=note,
        at=now,
        next_on=practice.days().shift(practice.today(now), GAP),
    )
    work.session.add(asked)
    work.session.flush()
    _audit(work, by, "contact.asked", row.id, {"request": asked.id}, now)
    for each in work.register.people(row.area, Role.COORDINATOR):
        tell(work, "contact_request", asked.id, f"person:{each.id}", now)
        refresh_home(work, each.id, now)


def _audit(work: Work, by: Person, verb: str, person_id: str, facts: Codes, now: datetime) -> None:
    work.audit.write(stream=STREAM, actor=by.id, verb=verb, thing=f"person:{person_id}", facts=facts, at=now)
