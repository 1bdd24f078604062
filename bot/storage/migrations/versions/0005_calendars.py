"""Calendars of other systems: diaries that were read, where a meeting's entry stands, and who tells us of changes."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("meeting", sa.Column("calendar", sa.String(), nullable=False, server_default=""))
    op.add_column("meeting", sa.Column("entry_id", sa.String(), nullable=True))
    op.add_column("meeting", sa.Column("entry_doubt", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_meeting_entry_id"), "meeting", ["entry_id"])
    op.add_column("invitation", sa.Column("asked_at", UTCDateTime(), nullable=True))
    op.create_table(
        "diary_reading",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("busy", sa.JSON(), nullable=False),
        sa.Column("tentative", sa.JSON(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_diary_reading_forwards")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_diary_reading_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_diary_reading")),
    )
    op.create_index(op.f("ix_diary_reading_read_at"), "diary_reading", ["read_at"])
    op.create_table(
        "calendar_channel",
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("calendar", name=op.f("pk_calendar_channel")),
    )
