"""The table of breaches: what follows a recall, until somebody has decided about the regulator (IG-36)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from bot.storage.tables import OPERATIONAL, PUBLIC, SPECIAL, _of, _to

_WAITING = text("next_at IS NOT NULL")


class BreachRow(SQLModel, table=True):
    """A recalled item whose 72 hours run until somebody decides: `verdict` is notify or no_need, with the reason.

    `next_at` is when whoever decides is reminded, or those above are told; None once it is decided. `step` counts that.
    """

    __tablename__ = "breach"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (next_at IS NOT NULL)", name="undecided_has_next_step"),
        Index("ix_breach_next", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    share_id: str = _of(OPERATIONAL, primary_key=True, foreign_key="info_share.id")
    area: str = _of(PUBLIC)
    recalled_at: datetime = _of(OPERATIONAL)
    decide_by: datetime = _of(OPERATIONAL)
    verdict: str = _of(OPERATIONAL, default="")
    reason: str = _of(SPECIAL, default="")
    decided_by: str | None = _to("person", default=None)
    decided_at: datetime | None = _of(OPERATIONAL, default=None)
    next_at: datetime | None = _of(OPERATIONAL, default=None)
    step: int = _of(OPERATIONAL, default=0)
