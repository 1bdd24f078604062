"""Looks at disputes for rooms and messages: reference, tier, date; never a word of what they are about."""

from datetime import datetime

from bot.domain.area import Practice
from bot.storage.transaction import Work
from bot.views.disputes import DisputeCard


def dispute_card(work: Work, practice: Practice, id: str, now: datetime) -> DisputeCard:
    """The dispute's pointer (IG-01)."""
    row = work.followups.dispute(id)
    case = work.cases.row(row.case_id)
    tiers = practice.of(case).dispute.tiers
    return DisputeCard(
        id=row.id,
        ref=row.ref,
        case_id=case.id,
        tier=row.tier + 1,
        tiers=len(tiers),
        title=tiers[min(row.tier, len(tiers) - 1)].title,
        due_at=row.due_at,
        state=row.state,
        overdue=row.state == "open" and now >= row.due_at,
        drill=case.drill,
    )


def open_card(work: Work, practice: Practice, id: str, now: datetime) -> DisputeCard | None:
    """The same as long as it is open: nothing is asked about what has ended."""
    card = dispute_card(work, practice, id, now)
    return card if card.state == "open" else None
