"""Who does what in a case, where else it was taken, and actions that an agency took on itself."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("action", sa.Column("why_owner", sa.String(), nullable=False, server_default=""))
    op.add_column("action", sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "case_role",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_case_role_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_role_agency_id_agency")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_role_case_id_case_file")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_case_role_ended_by_person")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_case_role_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_role")),
    )
    op.create_index(op.f("ix_case_role_case_id"), "case_role", ["case_id"])
    op.create_index(
        "uq_case_role_standing",
        "case_role",
        ["case_id", "role", "agency_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "onward_referral",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("forum", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("pack", sa.JSON(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("heard_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=True),
        sa.Column("said_at", UTCDateTime(), nullable=True),
        sa.Column("nudged_on", sa.Date(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(received_on IS NULL AND withdrawn_on IS NULL) = (next_at IS NOT NULL)",
            name=op.f("ck_onward_referral_waits_or_known"),
        ),
        sa.CheckConstraint(
            "heard_on IS NULL OR received_on IS NOT NULL", name=op.f("ck_onward_referral_heard_was_received")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_onward_referral_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_onward_referral_said_by_person")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_onward_referral_sent_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onward_referral")),
    )
    op.create_index(op.f("ix_onward_referral_case_id"), "onward_referral", ["case_id"])
    op.create_index(
        "ix_onward_referral_next",
        "onward_referral",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
