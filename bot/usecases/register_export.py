"""Give the contact register out as the spreadsheet that it can be taken in from again (S5-34, S5-40, S4-18)."""

import csv
import io
from collections.abc import Mapping

from bot.domain.contacts import guarded
from bot.storage.practice_shares import AgreementRow
from bot.storage.tables import PersonRow
from bot.storage.transaction import Work
from bot.usecases.register import COLUMNS, OPTIONAL


def export_register(work: Work, area: str) -> str:
    """Everybody of the area as CSV, those who have left too; `import_register` of it changes nothing.

    A cell that a spreadsheet would run as a formula has an apostrophe before it, which the import takes away.
    """
    people = work.contacts.people(area, everybody=True)
    agencies = {each.id: each for each in work.register.agencies(area)}
    emails = {row.id: row.email for row in people}
    details = work.contacts.details(emails)
    agreements: Mapping[str, AgreementRow] = work.shares.agreements(agencies)
    told = io.StringIO()
    writer = csv.DictWriter(told, (*COLUMNS, *OPTIONAL), lineterminator="\n")
    writer.writeheader()
    for row in people:
        agency, detail, agreed = (
            agencies[row.agency_id],
            details.get(row.id),
            agreements.get(row.agency_id),
        )
        commits = detail.commits if detail else None
        cells = {
            "agency": agency.name,
            "type": agency.type,
            "name": row.name,
            "title": row.title,
            "roles": ";".join(row.roles),
            "email": row.email,
            "deputy": emails.get(row.deputy_id or "", ""),
            "tier": str(row.tier),
            "phone": row.phone,
            "days": ";".join(row.pattern),
            "hours": _hours(row),
            "confidentiality": row.confidentiality_on.isoformat() if row.confidentiality_on else "",
            "verified": row.verified_on.isoformat() if row.verified_on else "",
            "active": "yes" if row.active else "no",
            "isa_signed": agreed.signed_on.isoformat() if agreed else "",
            "isa_expires": agreed.expires_on.isoformat() if agreed else "",
            "commits": {True: "yes", False: "no"}.get(commits, "") if commits is not None else "",
            "out_of_hours": detail.out_of_hours if detail else "",
        }
        writer.writerow({name: guarded(cell) for name, cell in cells.items()})
    return told.getvalue()


def _hours(row: PersonRow) -> str:
    """The hours of the week, which are the same on each of its days: the import knows no others."""
    return "-".join(next(iter(row.pattern.values()), []))
