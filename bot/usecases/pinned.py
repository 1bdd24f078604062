"""Which pathway versions the record still needs: a case is judged by the version it began under (design.md rule 3)."""

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.storage.tables import CaseRow, ReferralRow
from bot.storage.transaction import Begin


def missing_versions(begin: Begin, practice: Practice) -> list[str]:
    """A line for each version that an open case or waiting referral is pinned to and that is not at hand."""
    with begin() as work:
        cases = work.session.exec(
            select(CaseRow.pathway, CaseRow.pathway_version).where(CaseRow.state != "closed").distinct()
        ).all()
        waiting = work.session.exec(
            select(ReferralRow.pathway, ReferralRow.pathway_version)
            .where(col(ReferralRow.state).in_(["triage", "needs_info"]))
            .distinct()
        ).all()
    return [
        f"open cases are pinned to version {version} of {pathway}: put that file into bot/pathways/versions/"
        for pathway, version in sorted({*cases, *waiting})
        if not _at_hand(practice, pathway, version)
    ]


def _at_hand(practice: Practice, pathway: str, version: str) -> bool:
    try:
        practice.of(CaseRow(pathway=pathway, pathway_version=version))
    except NotFound:
        return False
    return True
