"""What a case's living record keeps besides meetings and actions: the chronology, interim measures, calls for a review.

An entry of the chronology is written once and never changed: what puts it right is an entry of its own (IG-30, IG-35).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, SPECIAL, _key, _of, _to


class ChronologyRow(SQLModel, table=True):
    """Something that happened in a case, as somebody put it down (S5-12, S5-16, S5-19, S5-24).

    `happened_at` is the beginning of the day where no time is known (`timed`). What was put down wrongly is put right
    by one later entry that names it in `corrects_id`. `incident` and `subject` are words of fixed lists.
    """

    __tablename__ = "chronology"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('fact', 'quote', 'opinion', 'observation', 'contact', 'incident', 'decision')",
            name="kind",
        ),
        UniqueConstraint("corrects_id"),
        Index("ix_chronology_happened", "case_id", "happened_at", "recorded_at", "id"),
        Index("ix_chronology_known", "case_id", "recorded_at", "happened_at", "id"),
    )

    id: str = _key()
    case_id: str = _to("case_file")
    kind: str = _of(OPERATIONAL)
    happened_at: datetime = _of(OPERATIONAL)
    timed: bool = _of(OPERATIONAL, default=False)
    about: bool = _of(OPERATIONAL, default=False)
    recorded_at: datetime = _of(OPERATIONAL)
    author_id: str = _to("person")
    agency_id: str = _to("agency")
    subject: str = _of(SPECIAL, default="")
    incident: str = _of(SPECIAL, default="")
    text: str = _of(SPECIAL, default="")
    source: str = _of(SPECIAL, default="")
    reasons: str = _of(SPECIAL, default="")
    place: str = _of(SPECIAL, default="")
    trigger: str = _of(SPECIAL, default="")
    outcome: str = _of(SPECIAL, default="")
    present: str = _of(SPECIAL, default="")
    presentation: str = _of(SPECIAL, default="")
    contact: str = _of(SPECIAL, default="")
    advice: str = _of(SPECIAL, default="")
    action: str = _of(SPECIAL, default="")
    corrects_id: str | None = _to("chronology", default=None)
    correction_why: str = _of(SPECIAL, default="")


class InterimMeasureRow(SQLModel, table=True):
    """Something that protects somebody meanwhile, with the day on which it ends (S5-11, S5-15, S5-23).

    It stands until a person says otherwise, whatever the day: `next_at` is when somebody is next asked about it (T18).
    `reviewed` says that the review that was due has been held. `result` is whether the person is safer (S5-43).
    """

    __tablename__ = "interim_measure"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (next_at IS NOT NULL)", name="standing_has_next_step"),
        CheckConstraint("(ended_at IS NULL) = (result IS NULL)", name="ended_with_result"),
        CheckConstraint("starts_on <= ends_on AND review_on <= ends_on", name="forwards"),
        Index(
            "ix_interim_measure_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    measure: str = _of(SPECIAL)
    why: str = _of(SPECIAL)
    least: str = _of(SPECIAL)
    agreed_by: str = _of(SPECIAL)
    starts_on: date = _of(OPERATIONAL)
    ends_on: date = _of(OPERATIONAL)
    review_on: date = _of(OPERATIONAL)
    reviewed: bool = _of(OPERATIONAL, default=False)
    created_by: str = _to("person")
    created_at: datetime = _of(OPERATIONAL)
    nudged_on: date = _of(OPERATIONAL)
    next_at: datetime | None = _of(OPERATIONAL, default=None)
    ended_at: datetime | None = _of(OPERATIONAL, default=None)
    ended_by: str | None = _to("person", default=None)
    result: str | None = _of(OPERATIONAL, default=None)
    version: int = _of(OPERATIONAL, default=1)


class MeasureAnswerRow(SQLModel, table=True):
    """What was said about an interim measure when its review or its end came: by whom, why, and until when (S5-27)."""

    __tablename__ = "measure_answer"
    __table_args__ = (
        CheckConstraint("answer IN ('reviewed', 'extended', 'ended', 'became')", name="answer"),
    )

    id: str = _key()
    measure_id: str = _to("interim_measure", index=True)
    answer: str = _of(OPERATIONAL)
    why: str = _of(SPECIAL)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)
    ended_before: date = _of(OPERATIONAL)
    ends_on: date = _of(OPERATIONAL)


class ReviewTriggerRow(SQLModel, table=True):
    """What was recorded has reached the pathway's mark: a review is asked for, once, and a person answers (S5-22)."""

    __tablename__ = "review_trigger"
    __table_args__ = (
        CheckConstraint("answer IN ('review', 'not_needed')", name="answer"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(answer IS NULL) = (next_at IS NOT NULL)", name="waiting_has_next_step"),
        Index(
            "ix_review_trigger_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    incident: str = _of(SPECIAL)
    entry_id: str = _to("chronology")
    count: int = _of(OPERATIONAL)
    threshold: int = _of(OPERATIONAL)
    fired_at: datetime = _of(OPERATIONAL)
    due: date = _of(OPERATIONAL)
    nudged_on: date = _of(OPERATIONAL)
    next_at: datetime | None = _of(OPERATIONAL, default=None)
    answer: str | None = _of(OPERATIONAL, default=None)
    why: str = _of(SPECIAL, default="")
    answered_at: datetime | None = _of(OPERATIONAL, default=None)
    answered_by: str | None = _to("person", default=None)


__all__ = [name for name in globals() if name.endswith("Row")]
