"""Whoever comes for the minutes alone does not speak for their agency; a room has a diary as a person has.

What was read of diaries is thrown away with the old table: it is kept for a day only, and read again for any search.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("speaks", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.drop_index(op.f("ix_diary_reading_read_at"), "diary_reading")
    op.drop_table("diary_reading")
    op.create_table(
        "diary_reading",
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("busy", sa.JSON(), nullable=False),
        sa.Column("tentative", sa.JSON(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_diary_reading_forwards")),
        sa.PrimaryKeyConstraint("whose", name=op.f("pk_diary_reading")),
    )
    op.create_index(op.f("ix_diary_reading_read_at"), "diary_reading", ["read_at"])
