"""The versions of a meeting's minutes: what was sent for approval, what was asked, what was approved (S2-16, T15).

Minutes grow out of what a meeting captured until they are first sent; from then on what was sent is kept word for
word, and nothing but a new version changes it. Every column declares its sensitivity, as in `tables` (IG-03).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from bot.storage.tables import OPERATIONAL, SPECIAL, _key, _of, _to


class MinutesVersionRow(SQLModel, table=True):
    """One version: `sent -> approved | change`; only the newest of a meeting can still be answered.

    `text` is Markdown. `change` says what was put right and why in every version but the first; `asked` is what the
    approver wants changed.
    """

    __tablename__ = "minutes_version"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("state IN ('sent', 'change', 'approved')", name="state"),
        CheckConstraint("(state = 'sent') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(state = 'sent') = (answered_by IS NULL)", name="answerer"),
    )

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    number: int = _of(OPERATIONAL)
    state: str = _of(OPERATIONAL, default="sent")
    text: str = _of(SPECIAL)
    change: str = _of(SPECIAL, default="")
    sent_by: str = _to("person")
    sent_at: datetime = _of(OPERATIONAL)
    asked: str = _of(SPECIAL, default="")
    answered_by: str | None = _to("person", default=None)
    answered_at: datetime | None = _of(OPERATIONAL, default=None)
