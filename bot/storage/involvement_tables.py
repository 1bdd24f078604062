"""Who was asked whether they know the person of a case, what they said, and what they found in their records (S2-48).

Who was asked and whether they answered are dates and codes; what they know stands in the record alone (IG-01).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.storage import naming as naming

OPERATIONAL, PERSONAL, SPECIAL = 1, 2, 3


def _of(sensitivity: int, **but: Any) -> Any:
    """A column with its sensitivity class in `info`, where the tests of IG-01 and IG-03 find it."""
    return Field(sa_column_kwargs={"info": {"sensitivity": sensitivity}}, **but)


def _to(table: str, **but: Any) -> Any:
    return _of(OPERATIONAL, foreign_key=f"{table}.id", **but)


class InvolvementCheckRow(SQLModel, table=True):
    """One agency asked about one case, through the person named; None where the register has nobody to ask.

    `looked_at` is when somebody of the agency first opened the details; `chased_on` when the coordinator last asked
    again by hand; `stopped_at` when a person decided to wait no longer, and why. `answer` is what was said last, all of
    it stands in `involvement_reply`.
    """

    __tablename__ = "involvement_check"
    __table_args__ = (
        UniqueConstraint("case_id", "agency_id"),
        CheckConstraint("answer IN ('none', 'known', 'not_known')", name="answer"),
        CheckConstraint("(answer = 'none') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(answer = 'none') = (answered_by IS NULL)", name="answerer"),
        CheckConstraint("(stopped_at IS NULL) = (stopped_by IS NULL)", name="stopped"),
        Index(
            "ix_involvement_check_silent",
            "due_on",
            sqlite_where=text("answer = 'none'"),
            postgresql_where=text("answer = 'none'"),
        ),
    )

    id: str = _of(OPERATIONAL, primary_key=True)
    case_id: str = _to("case_file", index=True)
    agency_id: str = _to("agency", index=True)
    person_id: str | None = _to("person", default=None, index=True)
    asked_by: str = _to("person")
    asked_at: datetime = _of(OPERATIONAL)
    due_on: date = _of(OPERATIONAL)
    answer: str = _of(OPERATIONAL, default="none")
    answered_at: datetime | None = _of(OPERATIONAL, default=None)
    answered_by: str | None = _to("person", default=None)
    way: str = _of(OPERATIONAL, default="")
    looked_at: datetime | None = _of(OPERATIONAL, default=None)
    chased_on: date | None = _of(OPERATIONAL, default=None)
    stopped_at: datetime | None = _of(OPERATIONAL, default=None)
    stopped_by: str | None = _to("person", default=None)
    stopped_why: str = _of(SPECIAL, default="")
    drill: bool = _of(OPERATIONAL, default=False)


class InvolvementReplyRow(SQLModel, table=True):
    """One answer of an agency, as it was given; a later one stands beside it and never in its place."""

    __tablename__ = "involvement_reply"
    __table_args__ = (CheckConstraint("answer IN ('known', 'not_known')", name="answer"),)

    id: str = _of(OPERATIONAL, primary_key=True)
    check_id: str = _to("involvement_check", index=True)
    answer: str = _of(OPERATIONAL)
    since: str = _of(PERSONAL, default="")
    support: str = _of(SPECIAL, default="")
    worker: str = _of(PERSONAL, default="")
    by_id: str = _to("person")
    way: str = _of(OPERATIONAL, default="")
    at: datetime = _of(OPERATIONAL)


class ResearchReturnRow(SQLModel, table=True):
    """What an agency holds about one of the people of a case, before a panel; a later return stands beside it (S4-10).

    `held` says whether there is anything; `flag` whether a flag is placed on the agency's own records.
    """

    __tablename__ = "research_return"
    __table_args__ = (
        CheckConstraint("held IN ('nothing', 'facts')", name="held"),
        CheckConstraint("flag IN ('yes', 'no', 'not_known')", name="flag"),
    )

    id: str = _of(OPERATIONAL, primary_key=True)
    check_id: str = _to("involvement_check", index=True)
    subject: str = _of(OPERATIONAL)
    held: str = _of(OPERATIONAL)
    facts: str = _of(SPECIAL, default="")
    risk_view: str = _of(SPECIAL, default="")
    measures: str = _of(SPECIAL, default="")
    flag: str = _of(OPERATIONAL, default="not_known")
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


__all__ = ["InvolvementCheckRow", "InvolvementReplyRow", "ResearchReturnRow"]
