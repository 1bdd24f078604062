"""The tables beside the contact register: more of a person and an agency, and what is to be done about it.

Every column declares its sensitivity, as in `tables` (IG-03). All of it is about professionals and their agencies.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from bot.storage.tables import OPERATIONAL, PUBLIC, _key, _of, _to


class ContactDetailRow(SQLModel, table=True):
    """More about a person of the register, and how far the question "still right?" has come (S3-02, S5-30, T24).

    `commits` says whether they may commit their agency; None where nobody has said. `asked_on` is the local date of
    the question that is out, `step` how often was reminded since, `next_on` the local date of the next step.
    """

    __tablename__ = "contact_detail"
    __table_args__ = (CheckConstraint("(asked_on IS NULL) = (next_on IS NULL)", name="asked_has_next_step"),)

    person_id: str = _of(OPERATIONAL, primary_key=True, foreign_key="person.id")
    commits: bool | None = _of(OPERATIONAL, default=None)
    out_of_hours: str = _of(OPERATIONAL, default="")
    asked_on: date | None = _of(OPERATIONAL, default=None)
    step: int = _of(OPERATIONAL, default=0)
    next_on: date | None = _of(OPERATIONAL, default=None)


class RegisterChangeRow(SQLModel, table=True):
    """What an entry said before it was changed, and who changed it; never changed itself (IG-30).

    `by_id` is a person's id, or what else takes a register in (`cli`).
    """

    __tablename__ = "register_change"

    id: str = _key()
    thing_id: str = _of(OPERATIONAL, index=True)
    field: str = _of(OPERATIONAL)
    before: str = _of(OPERATIONAL)
    after: str = _of(OPERATIONAL)
    by_id: str = _of(OPERATIONAL)
    at: datetime = _of(OPERATIONAL)


class ContactRequestRow(SQLModel, table=True):
    """Something wrong with an entry that only a coordinator can put right: a name, an address, an agency, a role."""

    __tablename__ = "contact_request"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (next_on IS NOT NULL)", name="waiting_has_next_step"),
    )

    id: str = _key()
    area: str = _of(PUBLIC)
    person_id: str = _to("person", index=True)
    note: str = _of(OPERATIONAL)
    at: datetime = _of(OPERATIONAL)
    step: int = _of(OPERATIONAL, default=0)
    next_on: date | None = _of(OPERATIONAL, default=None)
    settled_at: datetime | None = _of(OPERATIONAL, default=None)
    settled_by: str | None = _to("person", default=None)


class AgencyCardRow(SQLModel, table=True):
    """How an agency works and is reached, in its own words (S5-03, S5-32 to S5-34)."""

    __tablename__ = "agency_card"

    agency_id: str = _of(OPERATIONAL, primary_key=True, foreign_key="agency.id")
    profile: str = _of(OPERATIONAL, default="")
    urgent: str = _of(OPERATIONAL, default="")
    routine: str = _of(OPERATIONAL, default="")
    out_of_hours: str = _of(OPERATIONAL, default="")
    forums: str = _of(OPERATIONAL, default="")
    written_by: str = _to("person")
    written_at: datetime = _of(OPERATIONAL)


class LeaverRow(SQLModel, table=True):
    """Somebody who has left while things were still theirs, until all of them are somebody else's (IG-24)."""

    __tablename__ = "leaver"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (next_on IS NOT NULL)", name="waiting_has_next_step"),
    )

    id: str = _key()
    area: str = _of(PUBLIC)
    person_id: str = _to("person", index=True)
    agency_id: str = _to("agency")
    left_at: datetime = _of(OPERATIONAL)
    step: int = _of(OPERATIONAL, default=0)
    next_on: date | None = _of(OPERATIONAL, default=None)
    settled_at: datetime | None = _of(OPERATIONAL, default=None)


class AccountEndRow(SQLModel, table=True):
    """An account in chat that was deactivated, with which its owner's access ended; until a coordinator has said
    whether they have left or are let in again (IG-24).

    `tenant` and `account` are how the platform calls it: team and user in Slack, tenant and object id in Teams.
    `back_at` is when it was found active again, which lets nobody in by itself.
    """

    __tablename__ = "account_end"
    __table_args__ = (
        CheckConstraint("platform IN ('slack', 'teams')", name="platform"),
        CheckConstraint("outcome IN ('left', 'let_in')", name="outcome"),
        CheckConstraint("(settled_at IS NULL) = (next_on IS NOT NULL)", name="waiting_has_next_step"),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled_has_outcome"),
    )

    id: str = _key()
    area: str = _of(PUBLIC)
    person_id: str = _to("person", index=True)
    platform: str = _of(OPERATIONAL)
    tenant: str = _of(OPERATIONAL)
    account: str = _of(OPERATIONAL)
    ended_at: datetime = _of(OPERATIONAL)
    back_at: datetime | None = _of(OPERATIONAL, default=None)
    step: int = _of(OPERATIONAL, default=0)
    next_on: date | None = _of(OPERATIONAL, default=None)
    settled_at: datetime | None = _of(OPERATIONAL, default=None)
    settled_by: str | None = _to("person", default=None)
    outcome: str | None = _of(OPERATIONAL, default=None)
