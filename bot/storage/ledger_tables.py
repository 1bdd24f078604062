"""The tables below the business: what was done, what is owed, what was already handled.

None of them holds a name or a narrative: ids, codes, dates and digests only (IG-02, IG-32).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Table, text
from sqlmodel import Field, SQLModel

from bot.storage import naming as naming


def _code(default: Any = ..., **but: Any) -> Any:
    """A column of sensitivity 1, operational: ids, codes, dates and digests, never a name (IG-03)."""
    return Field(default, sa_column_kwargs={"info": {"sensitivity": 1}}, **but)


class AuditEvent(SQLModel, table=True):
    """One thing that a person did or saw; written once, never changed (IG-29)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "actor", "at"),
        Index(None, "thing", "at"),
    )

    stream: str = _code(primary_key=True)
    seq: int = _code(primary_key=True)
    at: datetime = _code()
    actor: str = _code()
    verb: str = _code()
    thing: str = _code()
    facts: str = _code()
    previous: str = _code()
    digest: str = _code()


class AuditHead(SQLModel, table=True):
    """The last event of each stream, so that a chain cut short is noticed."""

    __tablename__ = "audit_head"

    stream: str = _code(primary_key=True)
    seq: int = _code()
    digest: str = _code()


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

    number: int | None = _code(None, primary_key=True)  # the order in which things were owed
    id: str = _code(unique=True)  # the delivery id: the only thing of ours that a platform keeps
    key: str | None = _code(None, unique=True)  # none for a redrawing: it may be owed any number of times
    errand: str = _code()
    about: str = _code()
    lane: int = _code()
    destination: str | None = _code(None)
    collapse: str | None = _code(None)
    after: str | None = _code(None)
    state: str = _code("owed")
    queued_at: datetime = _code()
    not_before: datetime = _code()
    attempts: int = _code(0)
    first_tried_at: datetime | None = _code(None)
    leased_by: str | None = _code(None)
    lease_until: datetime | None = _code(None)
    external_id: str | None = _code(None)
    last_error: str | None = _code(None)
    settled_at: datetime | None = _code(None)


class OutboxPace(SQLModel, table=True):
    """When a destination may be written to again."""

    __tablename__ = "outbox_pace"

    destination: str = _code(primary_key=True)
    free_at: datetime = _code()


class InboxEntry(SQLModel, table=True):
    """A command that was handled, and what was answered, so that asking twice is harmless."""

    __tablename__ = "inbox"

    key: str = _code(primary_key=True)
    answer: str = _code()
    at: datetime = _code(index=True)


class Heartbeat(SQLModel, table=True):
    """When a job of the clock last finished."""

    __tablename__ = "heartbeat"

    job: str = _code(primary_key=True)
    at: datetime = _code()


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


# The same tables for statements that are built once and run often.
EVENT, HEAD = _table(AuditEvent), _table(AuditHead)
OUTBOX, PACE, INBOX = _table(OutboxRow), _table(OutboxPace), _table(InboxEntry)
