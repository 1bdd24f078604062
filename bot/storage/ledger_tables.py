"""The tables below the business: what was done, what is owed, what was already handled.

None of them holds a name or a narrative: ids, codes, dates and digests only (IG-02, IG-32).
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from bot.storage import naming

__all__ = ["AuditEvent", "AuditHead", "Heartbeat", "InboxEntry", "OutboxPace", "OutboxRow", "naming"]


class AuditEvent(SQLModel, table=True):
    """One thing that a person did or saw; written once, never changed (IG-29)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "actor", "at"),
        Index(None, "thing", "at"),
    )

    stream: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime
    actor: str
    verb: str
    thing: str
    facts: str
    previous: str
    digest: str


class AuditHead(SQLModel, table=True):
    """The last event of each stream, so that a chain cut short is noticed."""

    __tablename__ = "audit_head"

    stream: str = Field(primary_key=True)
    seq: int
    digest: str


class OutboxRow(SQLModel, table=True):
    """One side effect that is owed to somebody outside, and how far it has got.

    `owed -> trying -> sent | owed | dead`; an edit that a later one made needless is `replaced`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('owed', 'trying', 'sent', 'dead', 'replaced')", name="state"),
        CheckConstraint("lane BETWEEN 0 AND 2", name="lane"),
        CheckConstraint("(state = 'trying') = (lease_until IS NOT NULL)", name="lease"),
        Index(
            "ix_outbox_due",
            "lane",
            "not_before",
            "number",
            sqlite_where=text("state = 'owed'"),
            postgresql_where=text("state = 'owed'"),
        ),
        Index(
            "ix_outbox_trying",
            "destination",
            sqlite_where=text("state = 'trying'"),
            postgresql_where=text("state = 'trying'"),
        ),
        Index(
            "ix_outbox_collapse",
            "collapse",
            sqlite_where=text("state = 'owed'"),
            postgresql_where=text("state = 'owed'"),
        ),
        Index(
            "ix_outbox_dead",
            "settled_at",
            sqlite_where=text("state = 'dead'"),
            postgresql_where=text("state = 'dead'"),
        ),
    )

    number: int | None = Field(default=None, primary_key=True)  # the order in which things were owed
    id: str = Field(unique=True)  # the delivery id: the only thing of ours that a platform keeps
    key: str = Field(unique=True)
    errand: str
    about: str
    lane: int
    destination: str | None = None
    collapse: str | None = None
    after: str | None = None
    state: str = "owed"
    queued_at: datetime
    not_before: datetime
    attempts: int = 0
    first_tried_at: datetime | None = None
    leased_by: str | None = None
    lease_until: datetime | None = None
    external_id: str | None = None
    last_error: str | None = None
    settled_at: datetime | None = None


class OutboxPace(SQLModel, table=True):
    """When a destination may be written to again."""

    __tablename__ = "outbox_pace"

    destination: str = Field(primary_key=True)
    free_at: datetime


class InboxEntry(SQLModel, table=True):
    """A command that was handled, and what was answered, so that asking twice is harmless."""

    __tablename__ = "inbox"

    key: str = Field(primary_key=True)
    answer: str
    at: datetime = Field(index=True)


class Heartbeat(SQLModel, table=True):
    """When a job of the clock last finished."""

    __tablename__ = "heartbeat"

    job: str = Field(primary_key=True)
    at: datetime
