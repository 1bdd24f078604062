"""How agencies divide a case between them, and where else it was taken: roles, and referrals onward."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, PUBLIC, _key, _of, _to


class CaseRoleRow(SQLModel, table=True):
    """An agency that has a role in a case, from when until when (S2-28); what has ended stays on the record.

    `role` is a word of the pathway's fixed list.
    """

    __tablename__ = "case_role"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_case_role_standing",
            "case_id",
            "role",
            "agency_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    role: str = _of(PUBLIC)
    agency_id: str = _to("agency")
    set_by: str = _to("person")
    set_at: datetime = _of(OPERATIONAL)
    ended_at: datetime | None = _of(OPERATIONAL, default=None)
    ended_by: str | None = _to("person", default=None)


__all__ = [name for name in globals() if name.endswith("Row")]
