"""Take a contact register in from a spreadsheet, and link people to where they chat at first contact (S5-01, IG-24)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import select

from bot.domain.answers import is_email
from bot.domain.contacts import unguarded
from bot.domain.people import Person, roles_from
from bot.domain.references import new_id
from bot.domain.teams import Conversation, Stopped
from bot.storage.register import person_of
from bot.storage.tables import AgencyRow, PersonRow
from bot.storage.transaction import Begin, Work
from bot.usecases.accounts import held_back
from bot.usecases.agreements import take_agreements
from bot.usecases.leavers import note_leavers

COLUMNS = ("agency", "type", "name", "title", "roles", "email")
OPTIONAL = (
    "deputy",
    "tier",
    "phone",
    "days",
    "hours",
    "confidentiality",
    "verified",
    "active",
    "isa_signed",
    "isa_expires",
    "commits",
    "out_of_hours",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


class BadRegister(ValueError):
    """The file is refused whole; `faults` says line, column and what to do, and nothing was taken in."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the file, checked."""

    line: int
    agency: str
    type: str
    name: str
    title: str
    roles: tuple[str, ...]
    email: str
    deputy: str = ""
    tier: int = 0
    phone: str = ""
    pattern: Mapping[str, list[str]] = field(default_factory=dict)
    confidentiality: date | None = None
    verified: date | None = None
    active: bool = True
    isa: tuple[date, date] | None = None
    commits: bool | None = None
    out_of_hours: str | None = None
    """None where the file has no such column, so that what is on record stays."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """How many were added, changed and left as they were."""

    added: int
    changed: int
    same: int


def import_register(begin: Begin, area: str, text: str, *, actor: str, now: datetime) -> Taken:
    """Add and update the people of a CSV file, by e-mail address; all of it or, with BadRegister, nothing.

    Columns: agency, type, name, title, roles (separated by `;`), email; optional: deputy (an e-mail address),
    tier, phone, days (`mon-fri` or `mon;wed`), hours (`09:00-17:00`), confidentiality and verified (dates),
    active (yes or no), isa_signed and isa_expires (dates of the agency's sharing agreement, on any of its lines;
    blank leaves what is on record), commits (yes or no: whether they may commit their agency, S3-02) and out_of_hours
    (whom to reach then). Somebody without days has no known pattern, and unknown is never free. A day of checking that
    is later than the file's stands, for somebody has confirmed the entry since. What an entry said before is kept
    (IG-30), and what somebody who has left leaves behind is told to their agency (bot.usecases.leavers). A file lets
    nobody in whose account in chat was deactivated: that is a coordinator's to say (bot.usecases.accounts, IG-24).
    """
    entries = _read(text)
    with begin() as work:
        agencies = _agencies(work, area, entries)
        added = changed = same = 0
        rows: dict[str, PersonRow] = {}
        left: list[PersonRow] = []
        for entry in entries:
            row = work.register.by_email(area, entry.email) or _inactive(work, area, entry.email)
            values = _values(entry, agencies[entry.agency.casefold()])
            if row is None:
                row = PersonRow(id=new_id(), area=area, **values)
                work.session.add(row)
                work.session.flush()
                _more(work, row.id, entry, actor, now)
                added += 1
            else:
                values["verified_on"] = max((row.verified_on or date.min, values["verified_on"] or date.min))
                if values["verified_on"] == date.min:
                    values["verified_on"] = None
                if row.active and not entry.active:
                    left.append(row)
                if entry.active and held_back(work, area, row, now):
                    values["active"] = False
                differs = _changes(work, row, values, actor, now)
                differs = _more(work, row.id, entry, actor, now) or differs
                changed, same = changed + differs, same + (not differs)
            rows[entry.email] = row
        work.session.flush()
        _deputies(work, entries, rows, actor, now)
        agreed = take_agreements(work, {agencies[e.agency.casefold()]: e.isa for e in entries if e.isa})
        work.audit.write(
            stream="register",
            actor=actor,
            verb="register.imported",
            thing=f"area:{area}",
            facts={"added": added, "changed": changed, "same": same, "agreements": agreed},
            at=now,
        )
        note_leavers(work, left, now)
    return Taken(added=added, changed=changed, same=same)


def link_slack(begin: Begin, area: str, email: str, team: str, user: str, *, now: datetime) -> Person | None:
    """Tie a Slack identity to the person with that address, at first contact; None when nobody has it (IG-25).

    A person already tied to another Slack user of the same workspace is not moved silently: None.
    """
    with begin() as work:
        row = work.register.by_email(area, email)
        if row is None or (row.slack_user and (row.slack_team, row.slack_user) != (team, user)):
            return None
        row.slack_team, row.slack_user = team, user
        work.audit.write(
            stream="register",
            actor=row.id,
            verb="person.linked",
            thing=f"person:{row.id}",
            facts={"team": team},
            at=now,
        )
        return person_of(row)


def link_teams(
    begin: Begin,
    area: str,
    email_or_upn: str,
    tenant: str,
    aad_object_id: str,
    mri: str,
    is_guest: bool,
    *,
    now: datetime,
) -> Person | None:
    """Tie a Teams identity to the person with that address, at first contact; None when nobody has it (IG-25).

    A person may have several, at home and as a guest in a host's tenant (teams.md section 8); each that is new
    leaves an audit event of its own. One that belongs to somebody else is not moved silently: None. The caller
    has made sure that the tenant is one of the area's: whoever runs a tenant says what addresses its people have.
    """
    with begin() as work:
        row = work.register.by_email(area, email_or_upn)
        if row is None:
            return None
        link = work.teams.link(row.id, tenant, aad_object_id, mri=mri, is_guest=is_guest, at=now)
        if link == "taken":
            return None
        if link == "new":
            work.audit.write(
                stream="register",
                actor=row.id,
                verb="person.linked",
                thing=f"person:{row.id}",
                facts={"tenant": tenant, "user": aad_object_id, "guest": is_guest},
                at=now,
            )
        return person_of(row)


def lives_in(begin: Begin, person_id: str, platform: str) -> None:
    """Remember on which chat platform this person did something last: there they are spoken to."""
    with begin() as work:
        work.register.row(person_id).lives_in = platform


def meet_in_teams(begin: Begin, met: Conversation, *, now: datetime) -> None:
    """Keep where a conversation is reached, so that it can be written to later; harmless to repeat.

    Not for the activity that says the app was taken out: what comes from a conversation shows that the app is in it.
    """
    with begin() as work:
        work.teams.save(met, at=now)


def left_in_teams(begin: Begin, conversation: str, why: Stopped) -> None:
    """Nothing is posted there any more; nothing where it was never met."""
    with begin() as work:
        work.teams.stop(conversation, why)


def _read(text: str) -> list[Entry]:
    faults: list[str] = []
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="", restval="")
    header = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in COLUMNS if name not in header]:
        raise BadRegister([f"line 1: the header lacks {', '.join(missing)}"])
    if unknown := [name for name in header if name and name not in (*COLUMNS, *OPTIONAL)]:
        raise BadRegister(
            [f"line 1: unknown column {', '.join(unknown)}; known: {', '.join((*COLUMNS, *OPTIONAL))}"]
        )
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for raw in reader:
        cells = {
            (key or "").strip().lower(): unguarded((value or "").strip())
            for key, value in raw.items()
            if isinstance(value, str)
        }
        if not any(cells.values()):
            continue
        found = list(_faults(cells, reader.line_num, seen))
        faults += found
        if not found:
            entries.append(_entry(cells, reader.line_num))
    known = {entry.email for entry in entries}
    faults += _two_agreements(entries)
    faults += [
        f"line {entry.line}: deputy: {entry.deputy} is nobody in this file"
        for entry in entries
        if entry.deputy and entry.deputy not in known
    ]
    if faults:
        raise BadRegister(faults)
    if not entries:
        raise BadRegister(["line 1: there is nobody in the file"])
    return entries


def _faults(cells: Mapping[str, str], line: int, seen: dict[str, int]) -> Iterator[str]:
    for name in COLUMNS:
        if not cells.get(name) and name != "title":
            yield f"line {line}: {name}: must not be empty"
    email = cells.get("email", "").lower()
    if email and not is_email(email):
        yield f"line {line}: email: give one address, such as name@example.org"
    if email in seen:
        yield f"line {line}: email: stands on line {seen[email]} already"
    seen.setdefault(email, line)
    for name, reader in (
        ("roles", lambda text: roles_from(text.split(";"))),
        ("tier", lambda text: int(text or 0)),
        ("confidentiality", lambda text: _date(text)),
        ("verified", lambda text: _date(text)),
        ("isa_signed", lambda text: _date(text)),
        ("isa_expires", lambda text: _agreement(cells.get("isa_signed", ""), text)),
        ("commits", lambda text: _yes_or_no(text)),
        ("days", lambda text: _pattern(text, cells.get("hours", ""))),
    ):
        try:
            reader(cells.get(name, ""))
        except ValueError as error:
            yield f"line {line}: {name}: {error}"


def _entry(cells: Mapping[str, str], line: int) -> Entry:
    return Entry(
        line=line,
        agency=cells["agency"],
        type=cells["type"].lower().replace(" ", "_"),
        name=cells["name"],
        title=cells.get("title", ""),
        roles=tuple(sorted(role.value for role in roles_from(cells["roles"].split(";")))),
        email=cells["email"].lower(),
        deputy=cells.get("deputy", "").lower(),
        tier=int(cells.get("tier") or 0),
        phone=cells.get("phone", ""),
        pattern=_pattern(cells.get("days", ""), cells.get("hours", "")),
        confidentiality=_date(cells.get("confidentiality", "")),
        verified=_date(cells.get("verified", "")),
        isa=_agreement(cells.get("isa_signed", ""), cells.get("isa_expires", "")),
        commits=_yes_or_no(cells.get("commits", "")),
        out_of_hours=cells.get("out_of_hours"),
        active=cells.get("active", "yes").lower() not in ("no", "false", "0"),
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _yes_or_no(text: str) -> bool | None:
    """Blank is nobody's answer, which is not no."""
    if not text:
        return None
    if text.lower() not in ("yes", "no"):
        raise ValueError("write yes or no, or leave it blank where nobody has said")
    return text.lower() == "yes"


def _agreement(signed: str, expires: str) -> tuple[date, date] | None:
    """Both dates of an agreement, or none; ValueError says what is wrong."""
    if not signed and not expires:
        return None
    if not signed or not expires:
        raise ValueError("give both isa_signed and isa_expires, or neither")
    try:
        first, last = date.fromisoformat(signed), date.fromisoformat(expires)
    except ValueError:
        raise ValueError("give both dates as 2026-04-01") from None
    if first > last:
        raise ValueError("an agreement cannot end before it was signed")
    return first, last


def _two_agreements(entries: list[Entry]) -> list[str]:
    """Two lines of one agency that give it different agreements: which holds is not for us to guess."""
    first: dict[str, Entry] = {}
    found = []
    for entry in (each for each in entries if each.isa):
        known = first.setdefault(entry.agency.casefold(), entry)
        if known.isa != entry.isa:
            found.append(
                f"line {entry.line}: isa_signed: {entry.agency} has other dates on line {known.line}"
            )
    return found


def _pattern(days: str, hours: str) -> dict[str, list[str]]:
    """`mon-fri` and `09:00-17:00` as {"mon": ["09:00", "17:00"], …}; ValueError says what is wrong."""
    if not days:
        return {}
    start, _, end = (hours or "09:00-17:00").partition("-")
    datetime.strptime(start.strip(), "%H:%M")  # noqa: DTZ007 - a time of day
    datetime.strptime(end.strip(), "%H:%M")  # noqa: DTZ007
    chosen: list[str] = []
    for part in days.lower().split(";"):
        first, _, last = part.strip().partition("-")
        if first not in WEEKDAYS or (last and last not in WEEKDAYS):
            raise ValueError(f"“{part.strip()}” is no weekday; write mon-fri, or mon;wed;fri")
        begin, finish = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        chosen += WEEKDAYS[begin : finish + 1]
    return {day: [start.strip(), end.strip()] for day in chosen}


def _agencies(work: Work, area: str, entries: list[Entry]) -> dict[str, str]:
    rows = {
        row.name.casefold(): row for row in work.session.exec(select(AgencyRow).where(AgencyRow.area == area))
    }
    for entry in entries:
        if entry.agency.casefold() not in rows:
            slug = "-".join("".join(c if c.isalnum() else " " for c in entry.agency.lower()).split())
            row = AgencyRow(id=new_id(), area=area, slug=slug, name=entry.agency, type=entry.type)
            work.session.add(row)
            rows[entry.agency.casefold()] = row
    work.session.flush()
    return {name: row.id for name, row in rows.items()}


def _inactive(work: Work, area: str, email: str) -> PersonRow | None:
    query = select(PersonRow).where(PersonRow.area == area, PersonRow.email == email)
    return work.session.exec(query).first()


def _values(entry: Entry, agency_id: str) -> dict[str, Any]:
    return {
        "agency_id": agency_id,
        "name": entry.name,
        "title": entry.title,
        "email": entry.email,
        "phone": entry.phone,
        "roles": list(entry.roles),
        "tier": entry.tier,
        "pattern": dict(entry.pattern),
        "active": entry.active,
        "confidentiality_on": entry.confidentiality,
        "verified_on": entry.verified,
    }


def _changes(work: Work, row: PersonRow, values: Mapping[str, Any], actor: str, now: datetime) -> bool:
    """Bring the row up to date, keeping what it said before (IG-30); whether anything was different."""
    before = {name: getattr(row, name) for name in values} | {"roles": sorted(row.roles)}
    differs = [name for name, value in values.items() if before[name] != value]
    for name in differs:
        work.contacts.changed(row.id, name, told(getattr(row, name)), told(values[name]), actor, now)
        setattr(row, name, values[name])
    return bool(differs)


def _more(work: Work, person_id: str, entry: Entry, actor: str, now: datetime) -> bool:
    """The columns that stand beside the person; whether anything was different."""
    known = work.contacts.details([person_id]).get(person_id)
    before = (known.commits, known.out_of_hours) if known else (None, "")
    after = (
        before[0] if entry.commits is None else entry.commits,
        before[1] if entry.out_of_hours is None else entry.out_of_hours,
    )
    if before == after:
        return False
    detail = work.contacts.detail(person_id)
    for name, old, new in zip(("commits", "out_of_hours"), before, after, strict=True):
        if old != new:
            work.contacts.changed(person_id, name, told(old), told(new), actor, now)
    detail.commits, detail.out_of_hours = after
    return True


def told(value: object) -> str:
    """A value of an entry as it is kept among its changes: plain, and nothing for nothing."""
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _deputies(
    work: Work, entries: list[Entry], rows: Mapping[str, PersonRow], actor: str, now: datetime
) -> None:
    for entry in entries:
        row, deputy = rows[entry.email], rows[entry.deputy].id if entry.deputy else None
        if row.deputy_id is not None and row.deputy_id != deputy:
            work.contacts.changed(row.id, "deputy", row.deputy_id, deputy or "", actor, now)
        row.deputy_id = deputy
