"""How agencies divide a case between them, and where else it was taken: roles, and referrals onward."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, PUBLIC, SPECIAL, _key, _of, _to


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


class OnwardReferralRow(SQLModel, table=True):
    """A case taken to another forum, or moved to another area, and whether it arrived (S2-42 to S2-44, S4-22).

    `route` is a word of the pathway's list, `pack` words of a fixed one. Until somebody says that it was received,
    heard or taken back, `next_at` is when the coordinator or the chair is next asked.
    """

    __tablename__ = "onward_referral"
    __table_args__ = (
        CheckConstraint(
            "(received_on IS NULL AND withdrawn_on IS NULL) = (next_at IS NOT NULL)", name="waits_or_known"
        ),
        CheckConstraint("heard_on IS NULL OR received_on IS NOT NULL", name="heard_was_received"),
        Index(
            "ix_onward_referral_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    route: str = _of(OPERATIONAL)
    forum: str = _of(SPECIAL, default="")
    why: str = _of(SPECIAL, default="")
    pack: list[str] = _of(OPERATIONAL, JSON, default_factory=list)
    sent_on: date = _of(OPERATIONAL)
    sent_by: str = _to("person")
    recorded_at: datetime = _of(OPERATIONAL)
    received_on: date | None = _of(OPERATIONAL, default=None)
    heard_on: date | None = _of(OPERATIONAL, default=None)
    withdrawn_on: date | None = _of(OPERATIONAL, default=None)
    said: str = _of(SPECIAL, default="")
    said_by: str | None = _to("person", default=None)
    said_at: datetime | None = _of(OPERATIONAL, default=None)
    nudged_on: date = _of(OPERATIONAL)
    next_at: datetime | None = _of(OPERATIONAL, default=None)


__all__ = [name for name in globals() if name.endswith("Row")]
