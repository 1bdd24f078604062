"""The people whom a case is about: who they are, how to reach them safely, what they want and what came of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from bot.storage import naming as naming
from bot.storage.tables import OPERATIONAL, PERSONAL, SAFETY, SPECIAL, _key, _of, _to


class SubjectRow(SQLModel, table=True):
    """Somebody whom a case is about, in one role (S4-05, S4-23). `source` is the answer that told of them, if one did.

    Whoever was entered by mistake is `removed_at`, with who did it: nobody is deleted.
    """

    __tablename__ = "subject"
    __table_args__ = (UniqueConstraint("case_id", "source"),)

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    role: str = _of(OPERATIONAL)
    number: int = _of(OPERATIONAL)
    source: str = _of(OPERATIONAL)
    name: str = _of(SAFETY, default="")
    born: str = _of(PERSONAL, default="")
    address: str = _of(SAFETY, default="")
    more: str = _of(SAFETY, default="")
    by_id: str | None = _to("person", default=None)
    at: datetime = _of(OPERATIONAL)
    removed_at: datetime | None = _of(OPERATIONAL, default=None)
    removed_by: str | None = _to("person", default=None)


class SubjectLinkRow(SQLModel, table=True):
    """A tie between a subject and another subject, or a person of the register (SubjectLink; IG-22)."""

    __tablename__ = "subject_link"
    __table_args__ = (CheckConstraint("(to_subject_id IS NULL) <> (to_person_id IS NULL)", name="to_one"),)

    id: str = _key()
    subject_id: str = _to("subject", index=True)
    to_subject_id: str | None = _to("subject", default=None)
    to_person_id: str | None = _to("person", default=None, index=True)
    relation: str = _of(SAFETY)
    must_not_see: bool = _of(OPERATIONAL)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class AddressOpeningRow(SQLModel, table=True):
    """Why addresses that are kept apart were shown together: the reason that was given (IG-21)."""

    __tablename__ = "address_opening"

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    why: str = _of(SAFETY)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class SafeContactRow(SQLModel, table=True):
    """One version of how the person can be reached safely; a change is a new row (S5-17, S5-18, C11)."""

    __tablename__ = "safe_contact"
    id: str = _key()
    case_id: str = _to("case_file", index=True)
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


class PersonAccountRow(SQLModel, table=True):
    """One version of what the person says of themselves, and of their advocacy (S2-30 to S2-32, S5-14)."""

    __tablename__ = "person_account"
    __table_args__ = (
        CheckConstraint(
            "advocacy IN ('unknown', 'not_needed', 'needed', 'offered', 'accepted', 'declined', 'in_place')",
            name="advocacy",
        ),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    matters: str = _of(SPECIAL, default="")
    works: str = _of(SPECIAL, default="")
    own_risk: str = _of(SPECIAL, default="")
    strengths: str = _of(SPECIAL, default="")
    network: str = _of(SPECIAL, default="")
    capacity: str = _of(SPECIAL, default="")
    advocacy: str = _of(OPERATIONAL, default="unknown")
    advocacy_on: date | None = _of(OPERATIONAL, default=None)
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class OutcomeCheckRow(SQLModel, table=True):
    """One talk about what the person wants to come of it, or why there was none (S1-15, T25).

    `moment` is start, middle or end. `safer` and `safer_words` are theirs.
    """

    __tablename__ = "outcome_check"
    __table_args__ = (
        CheckConstraint("moment IN ('start', 'middle', 'end')", name="moment"),
        CheckConstraint("safer IN ('', 'yes', 'no', 'same', 'not_said')", name="safer"),
        CheckConstraint("asked OR why_not <> ''", name="asked_or_why"),
    )

    id: str = _key()
    case_id: str = _to("case_file", index=True)
    moment: str = _of(OPERATIONAL)
    asked: bool = _of(OPERATIONAL)
    why_not: str = _of(SPECIAL, default="")
    safer: str = _of(OPERATIONAL, default="")
    safer_words: str = _of(SPECIAL, default="")
    by_id: str = _to("person")
    at: datetime = _of(OPERATIONAL)


class WantedOutcomeRow(SQLModel, table=True):
    """One thing that the person wants to come of it, in their words; `number` counts within the case (S1-15)."""

    __tablename__ = "wanted_outcome"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: str = _key()
    case_id: str = _to("case_file")
    check_id: str = _to("outcome_check", index=True)
    number: int = _of(OPERATIONAL)
    text: str = _of(SPECIAL)


class OutcomeMetRow(SQLModel, table=True):
    """How far one of them was met when that was asked, and by whose word (S1-15, S5-43)."""

    __tablename__ = "outcome_met"
    __table_args__ = (
        UniqueConstraint("check_id", "outcome_id"),
        CheckConstraint("met IN ('fully', 'partly', 'not')", name="met"),
        CheckConstraint("word IN ('person', 'advocate', 'professional')", name="word"),
    )

    id: str = _key()
    check_id: str = _to("outcome_check", index=True)
    outcome_id: str = _to("wanted_outcome", index=True)
    met: str = _of(OPERATIONAL)
    word: str = _of(OPERATIONAL)
