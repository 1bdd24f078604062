"""What was learnt, and whether practice has changed by it (S5-09, S1-19, S5-29)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.storage import naming as naming


def _of(sensitivity: int, **but: Any) -> Any:
    return Field(sa_column_kwargs={"info": {"sensitivity": sensitivity}}, **but)


class LearningRow(SQLModel, table=True):
    """A lesson, what is to change, who sees to it by when; open until somebody else verifies that it has changed.

    `source` is a code: a case, a review of the safeguarding board, an event, an audit, a dispute. `verified_how` is
    what the verifier saw. `told_on` is the local day on which its people were last reminded.
    """

    __tablename__ = "learning"
    __table_args__ = (
        UniqueConstraint("ref"),
        CheckConstraint("(verified_at IS NULL) = (verified_by IS NULL)", name="verified"),
        CheckConstraint("verified_by IS NULL OR verified_by <> owner_id", name="by_another"),
        Index(
            "ix_learning_open",
            "area",
            "due",
            sqlite_where=text("verified_at IS NULL"),
            postgresql_where=text("verified_at IS NULL"),
        ),
    )

    id: str = _of(1, primary_key=True)
    ref: str = _of(1)
    area: str = _of(0)
    pathway: str = _of(0)
    case_id: str | None = _of(1, foreign_key="case_file.id", default=None, index=True)
    source: str = _of(1)
    lesson: str = _of(3)
    change: str = _of(3)
    owner_id: str = _of(1, foreign_key="person.id")
    due: date = _of(1)
    created_by: str = _of(1, foreign_key="person.id")
    created_at: datetime = _of(1)
    verified_by: str | None = _of(1, foreign_key="person.id", default=None)
    verified_at: datetime | None = _of(1, default=None)
    verified_how: str = _of(3, default="")
    told_on: date | None = _of(1, default=None)
    drill: bool = _of(1, default=False)
