"""Who may take a case's whole file as one bundle, and why; readings of how it goes for the person."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "case_bundle",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("both_why", sa.String(), nullable=False),
        sa.Column("for_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_case_bundle_by_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_bundle_case_id_case_file")),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_case_bundle_for_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_bundle")),
    )
    op.create_index(op.f("ix_case_bundle_case_id"), "case_bundle", ["case_id"])
    op.create_table(
        "indicator_reading",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "word IN ('person', 'close', 'professional', 'record')", name=op.f("ck_indicator_reading_word")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_indicator_reading_not_negative")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_indicator_reading_by_id_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_indicator_reading_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_reading")),
    )
    op.create_index("ix_indicator_reading_case", "indicator_reading", ["case_id", "read_on"])
