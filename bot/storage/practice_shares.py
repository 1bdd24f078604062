"""The tables of sharing: items from agency to agency, whom they concern, advice about them, and agreements.

Every column declares its sensitivity, as in `tables` (IG-03). Codes of fixed lists that say something about a person
(whether they agreed, on what ground they were overruled, what part they have) are of the class of what they say.
"""

from datetime import date, datetime

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import SQLModel

from bot.storage.tables import OPERATIONAL, PUBLIC, SPECIAL, _key, _of, _to


def _next(table: str) -> Index:
    where = text("next_on IS NOT NULL")
    return Index(f"ix_{table}_next", "next_on", sqlite_where=where, postgresql_where=where)


class InfoShareRow(SQLModel, table=True):
    """One item that an agency shares with others about a case, from the first page to its receipt (S5-08, IG-16).

    `next_on` is the local date on which its writer is reminded of an item that was begun and not sent, `step` how
    often that was done. `decide_by` is when the information governance lead has to have decided about a breach.
    """

    __tablename__ = "info_share"
    __table_args__ = (UniqueConstraint("case_id", "number"), _next("info_share"))

    id: str = _key()
    ref: str = _of(OPERATIONAL)
    case_id: str = _to("case_file", index=True)
    area: str = _of(PUBLIC)
    number: int = _of(OPERATIONAL)
    by_id: str = _to("person", index=True)
    agency_id: str = _to("agency")
    state: str = _of(OPERATIONAL)
    what: str = _of(SPECIAL, default="")
    purpose: str = _of(OPERATIONAL, default="")
    basis: str = _of(OPERATIONAL, default="")
    condition: str = _of(OPERATIONAL, default="")
    consent: str = _of(SPECIAL, default="")
    ground: str = _of(SPECIAL, default="")
    unsafe_why: str = _of(SPECIAL, default="")
    rationale: str = _of(SPECIAL, default="")
    quality: list[str] = _of(OPERATIONAL, JSON, default_factory=list)
    quality_why: str = _of(SPECIAL, default="")
    begun_at: datetime = _of(OPERATIONAL)
    written_at: datetime | None = _of(OPERATIONAL, default=None)
    sent_at: datetime | None = _of(OPERATIONAL, default=None)
    ended_at: datetime | None = _of(OPERATIONAL, default=None)
    ended_by: str | None = _to("person", default=None)
    recall_reason: str = _of(SPECIAL, default="")
    decide_by: datetime | None = _of(OPERATIONAL, default=None)
    next_on: date | None = _of(OPERATIONAL, default=None)
    step: int = _of(OPERATIONAL, default=0)
    drill: bool = _of(OPERATIONAL, default=False)


class ShareRecipientRow(SQLModel, table=True):
    """An agency to which an item is addressed, and who there has confirmed that it came (IG-20, S5-05)."""

    __tablename__ = "share_recipient"
    __table_args__ = (UniqueConstraint("share_id", "agency_id"), _next("share_recipient"))

    id: str = _key()
    share_id: str = _to("info_share", index=True)
    agency_id: str = _to("agency")
    received_at: datetime | None = _of(OPERATIONAL, default=None)
    received_by: str | None = _to("person", default=None)
    next_on: date | None = _of(OPERATIONAL, default=None)
    step: int = _of(OPERATIONAL, default=0)


class ShareSubjectRow(SQLModel, table=True):
    """Somebody whom an item is about, by their part in the case, and whether they were told (S2-21, IG-23)."""

    __tablename__ = "share_subject"

    id: str = _key()
    share_id: str = _to("info_share", index=True)
    position: int = _of(OPERATIONAL)
    subject: str = _of(SPECIAL)
    told: str = _of(SPECIAL, default="")
    why_not: str = _of(SPECIAL, default="")


class ShareAdviceRow(SQLModel, table=True):
    """A question to a manager about an item, which is on hold until it is answered (S2-26, IG-18)."""

    __tablename__ = "share_advice"
    __table_args__ = (_next("share_advice"),)

    id: str = _key()
    share_id: str = _to("info_share", index=True)
    adviser_id: str = _to("person")
    doubt: str = _of(SPECIAL)
    asked_at: datetime = _of(OPERATIONAL)
    due_on: date = _of(OPERATIONAL)
    answered_at: datetime | None = _of(OPERATIONAL, default=None)
    verdict: str = _of(SPECIAL, default="")
    advice: str = _of(SPECIAL, default="")
    legal_asked: bool = _of(OPERATIONAL, default=False)
    next_on: date | None = _of(OPERATIONAL, default=None)
    step: int = _of(OPERATIONAL, default=0)


class AgreementRow(SQLModel, table=True):
    """An agency's information sharing agreement: from when to when it may be sent anything new (IG-19)."""

    __tablename__ = "agreement"

    agency_id: str = _of(OPERATIONAL, primary_key=True, foreign_key="agency.id")
    signed_on: date = _of(OPERATIONAL)
    expires_on: date = _of(OPERATIONAL)
