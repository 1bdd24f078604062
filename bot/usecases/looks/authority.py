"""Pointers to decisions that wait for their authoriser, or were answered; never a word of them."""

from datetime import datetime

from bot.domain.area import Practice
from bot.storage.authority_tables import DecisionAuthorityRow
from bot.storage.transaction import Work
from bot.usecases.looks.reviews import kind_words
from bot.views.meeting import AuthorityNote


def authority_asked(work: Work, practice: Practice, id: str, now: datetime) -> AuthorityNote | None:
    """To whoever can authorise it, and above; nothing once it is answered."""
    found = _note(work, practice, id)
    return found if found and not found.answer else None


def authority_answered(work: Work, practice: Practice, id: str, now: datetime) -> AuthorityNote | None:
    """To the coordinator and whoever recorded it: authorised, or sent back; why stands in the file."""
    found = _note(work, practice, id)
    return found if found and found.answer in ("authorised", "back") else None


def _note(work: Work, practice: Practice, id: str) -> AuthorityNote | None:
    row = work.session.get(DecisionAuthorityRow, id)
    if row is None:
        return None
    case, decision = work.cases.row(row.case_id), work.followups.decision(row.decision_id)
    roles = practice.of(case).roles
    return AuthorityNote(
        id=row.id,
        case_id=case.id,
        ref=case.ref,
        kind=kind_words(practice.of(case), decision.kind),
        decided_on=practice.today(decision.at),
        role=roles[row.role].title if row.role in roles else row.role.replace("_", " "),
        asks=row.asks,
        answer=row.answer,
        by=work.register.row(row.by_id).name if row.by_id else "",
        drill=case.drill,
    )
