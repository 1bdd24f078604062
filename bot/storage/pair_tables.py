"""Two people of one case who both have needs, and may want opposite things: one plan that is fair to both (S5-28)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, SAFETY, SPECIAL, _key, _of, _to


class SubjectConflictRow(SQLModel, table=True):
    """That what is good for one of two people may harm the other; their records are kept apart from then on (S5-28).

    `least` is why nothing less restricting of either would do. At most one stands in a case.
    """

    __tablename__ = "subject_conflict"
    __table_args__ = (
        CheckConstraint("one_id <> other_id", name="two_people"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_subject_conflict_standing",
            "case_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    one_id: str = _to("subject")
    other_id: str = _to("subject")
    why: str = _of(SAFETY)
    least: str = _of(SPECIAL)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)
    ended_at: datetime | None = _of(OPERATIONAL, default=None)
    ended_by: str | None = _to("person", default=None)
    ended_why: str = _of(SPECIAL, default="")


class ActionServesRow(SQLModel, table=True):
    """Which of the two an action serves; no `subject_id` means both. Without a row nobody has said (rule 7)."""

    __tablename__ = "action_serves"

    action_id: str = _of(OPERATIONAL, primary_key=True, foreign_key="action.id")
    subject_id: str | None = _to("subject", default=None)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class SubjectAdvocacyRow(SQLModel, table=True):
    """How it stands with an advocate of one of the two; a change is a new row (S5-28, S2-31)."""

    __tablename__ = "subject_advocacy"
    __table_args__ = (
        CheckConstraint(
            "advocacy IN ('unknown', 'not_needed', 'needed', 'offered', 'accepted', 'declined', 'in_place')",
            name="advocacy",
        ),
    )

    id: str = _key()
    subject_id: str = _to("subject", index=True)
    advocacy: str = _of(OPERATIONAL)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class SubjectSafeContactRow(SQLModel, table=True):
    """One version of how somebody of a case who is not at its middle can be reached safely (S5-17, C11)."""

    __tablename__ = "subject_safe_contact"

    id: str = _key()
    subject_id: str = _to("subject", index=True)
    call: str = _of(SAFETY)
    message: str = _of(SAFETY)
    text: str = _of(SAFETY)
    write: str = _of(SAFETY)
    number: str = _of(SAFETY, default="")
    times: str = _of(SAFETY, default="")
    words: str = _of(SAFETY, default="")
    never: str = _of(SAFETY, default="")
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


__all__ = [name for name in globals() if name.endswith("Row")]
