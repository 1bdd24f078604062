"""An account in chat that was deactivated, until a coordinator has said what that means."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "account_end",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=False),
        sa.Column("back_at", UTCDateTime(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.CheckConstraint("platform IN ('slack', 'teams')", name=op.f("ck_account_end_platform")),
        sa.CheckConstraint("outcome IN ('left', 'let_in')", name=op.f("ck_account_end_outcome")),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (next_on IS NOT NULL)", name=op.f("ck_account_end_waiting_has_next_step")
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_account_end_settled_has_outcome")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_end_person_id_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_account_end_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_end")),
    )
    op.create_index(op.f("ix_account_end_person_id"), "account_end", ["person_id"])
