"""Sharing between agencies: items, whom they go to and concern, advice about them, and the agencies' agreements."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agreement_agency_id_agency")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agreement")),
    )
    op.create_table(
        "info_share",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("unsafe_why", sa.String(), nullable=False),
        sa.Column("rationale", sa.String(), nullable=False),
        sa.Column("quality", sa.JSON(), nullable=False),
        sa.Column("quality_why", sa.String(), nullable=False),
        sa.Column("begun_at", UTCDateTime(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("recall_reason", sa.String(), nullable=False),
        sa.Column("decide_by", UTCDateTime(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_info_share_agency_id_agency")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_info_share_by_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_info_share_case_id_case_file")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_info_share_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_info_share")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_info_share_case_id_number")),
    )
    op.create_index(op.f("ix_info_share_by_id"), "info_share", ["by_id"], unique=False)
    op.create_index(op.f("ix_info_share_case_id"), "info_share", ["case_id"], unique=False)
    op.create_index(
        "ix_info_share_next",
        "info_share",
        ["next_on"],
        unique=False,
        sqlite_where=sa.text("next_on IS NOT NULL"),
        postgresql_where=sa.text("next_on IS NOT NULL"),
    )
    op.create_table(
        "share_advice",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("share_id", sa.String(), nullable=False),
        sa.Column("adviser_id", sa.String(), nullable=False),
        sa.Column("doubt", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("legal_asked", sa.Boolean(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["person.id"], name=op.f("fk_share_advice_adviser_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["share_id"], ["info_share.id"], name=op.f("fk_share_advice_share_id_info_share")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_advice")),
    )
    op.create_index(
        "ix_share_advice_next",
        "share_advice",
        ["next_on"],
        unique=False,
        sqlite_where=sa.text("next_on IS NOT NULL"),
        postgresql_where=sa.text("next_on IS NOT NULL"),
    )
    op.create_index(op.f("ix_share_advice_share_id"), "share_advice", ["share_id"], unique=False)
    op.create_table(
        "share_recipient",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("share_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=True),
        sa.Column("received_by", sa.String(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_share_recipient_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["received_by"], ["person.id"], name=op.f("fk_share_recipient_received_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["share_id"], ["info_share.id"], name=op.f("fk_share_recipient_share_id_info_share")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_recipient")),
        sa.UniqueConstraint("share_id", "agency_id", name=op.f("uq_share_recipient_share_id_agency_id")),
    )
    op.create_index(
        "ix_share_recipient_next",
        "share_recipient",
        ["next_on"],
        unique=False,
        sqlite_where=sa.text("next_on IS NOT NULL"),
        postgresql_where=sa.text("next_on IS NOT NULL"),
    )
    op.create_index(op.f("ix_share_recipient_share_id"), "share_recipient", ["share_id"], unique=False)
    op.create_table(
        "share_subject",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("share_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("why_not", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["share_id"], ["info_share.id"], name=op.f("fk_share_subject_share_id_info_share")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_subject")),
    )
    op.create_index(op.f("ix_share_subject_share_id"), "share_subject", ["share_id"], unique=False)
