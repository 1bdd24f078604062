"""What is followed up after a meeting: agreements to close, disputes and their tiers, reviews of plans and decisions.

Every column declares its sensitivity, as in bot.storage.tables (IG-03).
"""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from bot.storage.tables import OPERATIONAL, SPECIAL, _key, _of, _to


class ClosureRoundRow(SQLModel, table=True):
    """One proposal to close a case: by when its agencies answer, and who has signed it (S3-34).

    `signed` holds pairs of a role and a person's id; `next_at` is when the silent are asked again, None once over.
    """

    __tablename__ = "closure_round"
    __table_args__ = (
        CheckConstraint("ended IN ('', 'objected', 'closed')", name="ended"),
        CheckConstraint("(ended = '') = (next_at IS NOT NULL)", name="open_has_next_step"),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)
    answer_by: date = _of(OPERATIONAL)
    signed: list[list[str]] = _of(OPERATIONAL, JSON, default_factory=list)
    chases: int = _of(OPERATIONAL, default=0)
    next_at: datetime | None = _of(OPERATIONAL, default=None, index=True)
    ended: str = _of(OPERATIONAL, default="")


class DisputeRow(SQLModel, table=True):
    """A professional concern about a partner, or an objection to closure, on its way up the tiers (S2-45, S5-10).

    `owner_id` is who answers for it at the tier where it is; `next_at` when it goes up, or that owner is asked again.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        UniqueConstraint("ref"),
        UniqueConstraint("source"),
        CheckConstraint("kind IN ('partner', 'threshold', 'closure')", name="kind"),
        CheckConstraint("state IN ('open', 'resolved', 'unresolved')", name="state"),
        CheckConstraint("(state = 'open') = (next_at IS NOT NULL)", name="open_has_next_step"),
        Index(
            "ix_dispute_next",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: str = _key()
    ref: str = _of(OPERATIONAL)
    source: str = _of(OPERATIONAL)
    case_id: str = _to("case_file", index=True)
    kind: str = _of(OPERATIONAL)
    against_id: str | None = _to("agency", default=None)
    agency_id: str = _to("agency")
    raised_by: str = _to("person")
    raised_at: datetime = _of(OPERATIONAL)
    issue: str = _of(SPECIAL)
    safeguards: str = _of(SPECIAL)
    state: str = _of(OPERATIONAL, default="open")
    tier: int = _of(OPERATIONAL, default=0)
    owner_id: str = _to("person")
    due_at: datetime = _of(OPERATIONAL)
    next_at: datetime | None = _of(OPERATIONAL, default=None)
    knocks: int = _of(OPERATIONAL, default=0)
    result: str = _of(SPECIAL, default="")
    learning: str = _of(SPECIAL, default="")
    ended_by: str | None = _to("person", default=None)
    ended_at: datetime | None = _of(OPERATIONAL, default=None)


class DisputeStepRow(SQLModel, table=True):
    """Somebody who was brought in at one tier: its owner, or the lead of the other side; `left` says how it ended."""

    __tablename__ = "dispute_step"

    id: str = _key()
    dispute_id: str = _to("dispute", index=True)
    tier: int = _of(OPERATIONAL)
    person_id: str = _to("person")
    owns: bool = _of(OPERATIONAL, default=True)
    began_at: datetime = _of(OPERATIONAL)
    due_at: datetime = _of(OPERATIONAL)
    left_at: datetime | None = _of(OPERATIONAL, default=None)
    left: str = _of(OPERATIONAL, default="")


class DisputeWordRow(SQLModel, table=True):
    """What somebody involved answered; every answer is kept."""

    __tablename__ = "dispute_word"

    id: str = _key()
    dispute_id: str = _to("dispute", index=True)
    tier: int = _of(OPERATIONAL)
    by_id: str = _to("person")
    said: str = _of(SPECIAL)
    at: datetime = _of(OPERATIONAL)


class SubjectInvitationRow(SQLModel, table=True):
    """That a professional was asked to invite the person to their review, and what came of it (S3-31, IG-10).

    The program writes to no subject: `how` and `safe` are what the professional did and knew. `for_at` is the start
    that they were asked about.
    """

    __tablename__ = "subject_invitation"
    __table_args__ = (
        UniqueConstraint("meeting_id", "case_id"),
        CheckConstraint("(recorded_at IS NULL) = (how = '')", name="recorded"),
    )

    id: str = _key()
    meeting_id: str = _to("meeting", index=True)
    case_id: str = _to("case_file", index=True)
    asked_id: str = _to("person")
    asked_at: datetime = _of(OPERATIONAL)
    for_at: datetime = _of(OPERATIONAL)
    how: str = _of(OPERATIONAL, default="")
    safe: str = _of(OPERATIONAL, default="")
    answer: str = _of(OPERATIONAL, default="")
    why: str = _of(SPECIAL, default="")
    recorded_by: str | None = _to("person", default=None)
    recorded_at: datetime | None = _of(OPERATIONAL, default=None)
    chased_at: datetime | None = _of(OPERATIONAL, default=None)


class ReviewSheetRow(SQLModel, table=True):
    """What a review meeting found besides the rating: whether there are new risks, and which (S3-32)."""

    __tablename__ = "review_sheet"
    __table_args__ = (
        UniqueConstraint("item_id"),
        CheckConstraint("new_risks IN ('yes', 'no')", name="new_risks"),
    )

    id: str = _key()
    item_id: str = _to("agenda_item")
    new_risks: str = _of(OPERATIONAL)
    what: str = _of(SPECIAL, default="")
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class DecisionReviewRow(SQLModel, table=True):
    """The day came on which a decision is looked at again, and what was found (S2-40, T19).

    `next_at` is when it is asked about again, None once somebody has said.
    """

    __tablename__ = "decision_review"
    __table_args__ = (
        UniqueConstraint("decision_id", "due"),
        CheckConstraint("outcome IN ('', 'stands', 'back', 'superseded', 'ended')", name="outcome"),
        CheckConstraint("(outcome = '') = (next_at IS NOT NULL)", name="open_has_next_step"),
    )

    id: str = _key()
    decision_id: str = _to("decision", index=True)
    due: date = _of(OPERATIONAL)
    asked_at: datetime = _of(OPERATIONAL)
    asks: int = _of(OPERATIONAL, default=0)
    next_at: datetime | None = _of(OPERATIONAL, default=None, index=True)
    outcome: str = _of(OPERATIONAL, default="")
    until: date | None = _of(OPERATIONAL, default=None)
    why: str = _of(SPECIAL, default="")
    by_id: str | None = _to("person", default=None)
    at: datetime | None = _of(OPERATIONAL, default=None)


__all__ = [name for name in globals() if name.endswith("Row")]
