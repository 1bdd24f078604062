"""The table of decisions that somebody has to authorise before they count as made (model.md section 2)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from bot.storage.tables import OPERATIONAL, SPECIAL, _key, _of, _to

_WAITING = text("next_at IS NOT NULL")


class DecisionAuthorityRow(SQLModel, table=True):
    """A decision for which the pathway names an authoriser: `answer` is authorised or back, "ended" where it fell away.

    `next_at` is when the holders of `role` are reminded, None once it is answered; `asks` counts that.
    """

    __tablename__ = "decision_authority"
    __table_args__ = (
        UniqueConstraint("decision_id"),
        CheckConstraint("(answer = '') = (next_at IS NOT NULL)", name="waiting_has_next_step"),
        Index("ix_decision_authority_next", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: str = _key()
    decision_id: str = _to("decision")
    case_id: str = _to("case_file", index=True)
    role: str = _of(OPERATIONAL)
    asked_at: datetime = _of(OPERATIONAL)
    next_at: datetime | None = _of(OPERATIONAL, default=None)
    asks: int = _of(OPERATIONAL, default=0)
    answer: str = _of(OPERATIONAL, default="")
    why: str = _of(SPECIAL, default="")
    by_id: str | None = _to("person", default=None)
    at: datetime | None = _of(OPERATIONAL, default=None)
