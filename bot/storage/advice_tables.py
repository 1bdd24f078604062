"""The table of advice given without a case: below the threshold, or before anybody raised a concern (S5-13)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from bot.storage.tables import OPERATIONAL, PERSONAL, PUBLIC, SPECIAL, _key, _of, _to


class AdviceNoteRow(SQLModel, table=True):
    """One talk about the threshold: who asked, of which agency, what was advised, what would meet it, what is needed.

    `referral_id` is the concern that it became later, if it did; `linked_by` said so.
    """

    __tablename__ = "advice_note"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint(
            "(referral_id IS NULL) = (linked_by IS NULL) AND (referral_id IS NULL) = (linked_at IS NULL)",
            name="linked",
        ),
        Index("ix_advice_note_when", "area", "day"),
    )

    id: str = _key()
    ref: str = _of(OPERATIONAL)
    area: str = _of(PUBLIC)
    day: date = _of(OPERATIONAL)
    agency_id: str = _to("agency")
    asked_by: str = _of(PERSONAL)
    advised: str = _of(SPECIAL)
    would_meet: str = _of(SPECIAL)
    needed: str = _of(SPECIAL)
    by_id: str = _to("person", index=True)
    at: datetime = _of(OPERATIONAL)
    referral_id: str | None = _to("referral", default=None, index=True)
    linked_by: str | None = _to("person", default=None)
    linked_at: datetime | None = _of(OPERATIONAL, default=None)
    drill: bool = _of(OPERATIONAL, default=False)
