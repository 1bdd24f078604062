"""Agencies' information sharing agreements: taken in with the register (IG-19)."""

from collections.abc import Mapping
from datetime import date

from bot.storage.practice_shares import AgreementRow
from bot.storage.transaction import Work


def take_agreements(work: Work, agreements: Mapping[str, tuple[date, date]]) -> int:
    """Put these on record, signed and last day by agency id; how many were new or changed. None is ever taken away."""
    known, changed = work.shares.agreements(agreements), 0
    for agency_id, (signed, expires) in agreements.items():
        row = known.get(agency_id) or AgreementRow(agency_id=agency_id, signed_on=signed, expires_on=expires)
        if agency_id not in known or (row.signed_on, row.expires_on) != (signed, expires):
            row.signed_on, row.expires_on = signed, expires
            changed += 1
        work.session.add(row)
    return changed
