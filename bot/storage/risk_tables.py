"""What is known of the risk in a case: assessments by a tool, single risks, and whether the plan is enough."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, PERSONAL, PUBLIC, SPECIAL, _key, _of, _to


class RiskAssessmentRow(SQLModel, table=True):
    """One assessment by the pathway's tool, after the referral's own (S1-12, D2, M12).

    Until `at` it is being filled in by `by_id`, a page at a time, and is nobody else's. From then on it is version
    `number` of the case, and never changes: what puts it right is the next one, which `supersedes_id` it. What the tool
    counts (`counted`: yes, no, unknown, asked, band) stands beside `judgement`, which a person gives.
    """

    __tablename__ = "risk_assessment"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("(at IS NULL) = (number IS NULL)", name="numbered_when_done"),
        CheckConstraint("at IS NULL OR (judgement <> '' AND reason <> '')", name="judged_when_done"),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    tool: str = _of(PUBLIC)
    tool_version: str = _of(PUBLIC)
    number: int | None = _of(OPERATIONAL, default=None)
    supersedes_id: str | None = _to("risk_assessment", default=None)
    answers: dict[str, Any] = _of(SPECIAL, JSON, default_factory=dict)
    counted: dict[str, Any] = _of(PERSONAL, JSON, default_factory=dict)
    judgement: str = _of(OPERATIONAL, default="")
    reason: str = _of(SPECIAL, default="")
    by_id: str = _to("person")
    begun_at: datetime = _of(OPERATIONAL)
    at: datetime | None = _of(OPERATIONAL, default=None)
    valid_until: date | None = _of(OPERATIONAL, default=None)


class RiskRow(SQLModel, table=True):
    """One version of one risk, rated by a person (S2-33, S2-34). `risk` is the same in all its versions."""

    __tablename__ = "risk"
    __table_args__ = (
        CheckConstraint("to_whom IN ('self', 'others', 'subject')", name="to_whom"),
        CheckConstraint("(to_whom = 'subject') = (subject_id IS NOT NULL)", name="subject_named"),
        CheckConstraint("trend IN ('up', 'same', 'down', 'new')", name="trend"),
        UniqueConstraint("risk", "version"),
        Index("ix_risk_case_number", "case_id", "number"),
    )

    id: str = _key()
    risk: str = _of(OPERATIONAL)
    version: int = _of(OPERATIONAL)
    case_id: str = _to("case_file")
    number: int = _of(OPERATIONAL)
    meeting_id: str | None = _to("meeting", default=None)
    description: str = _of(SPECIAL)
    to_whom: str = _of(OPERATIONAL)
    subject_id: str | None = _to("subject", default=None)
    likelihood: str = _of(OPERATIONAL)
    impact: str = _of(OPERATIONAL)
    rating: str = _of(OPERATIONAL)
    agency_id: str = _to("agency")
    trend: str = _of(OPERATIONAL)
    strengths: str = _of(SPECIAL)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class ActionTieRow(SQLModel, table=True):
    """What an action is for: a risk of the case, an outcome that the person wants, or both (S2-35)."""

    __tablename__ = "action_tie"
    __table_args__ = (CheckConstraint("risk IS NOT NULL OR outcome_id IS NOT NULL", name="tied"),)

    action_id: str = _of(OPERATIONAL, primary_key=True, foreign_key="action.id")
    risk: str | None = _of(OPERATIONAL, default=None)
    outcome_id: str | None = _to("wanted_outcome", default=None)


class AdequacyRow(SQLModel, table=True):
    """Whether the meeting finds the plan good enough for one of the people, and why (S4-06); a change is a new row."""

    __tablename__ = "adequacy"

    id: str = _key()
    item_id: str = _to("agenda_item", index=True)
    subject_id: str = _to("subject", index=True)
    adequate: bool = _of(OPERATIONAL)
    why: str = _of(SPECIAL)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)
