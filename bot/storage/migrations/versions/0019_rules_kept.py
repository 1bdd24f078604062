"""What rules ask for and had no place: the person comes, a breach, advice without a case, authority."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column(
        "agenda_item", sa.Column("subject_comes", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "breach",
        sa.Column("share_id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("recalled_at", UTCDateTime(), nullable=False),
        sa.Column("decide_by", UTCDateTime(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (next_at IS NOT NULL)", name=op.f("ck_breach_undecided_has_next_step")
        ),
        sa.ForeignKeyConstraint(["share_id"], ["info_share.id"], name=op.f("fk_breach_share_id_info_share")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_breach_decided_by_person")),
        sa.PrimaryKeyConstraint("share_id", name=op.f("pk_breach")),
    )
    op.create_index(
        "ix_breach_next",
        "breach",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    # What was recalled before this was kept still waits for somebody to decide.
    op.execute(
        "INSERT INTO breach (share_id, area, recalled_at, decide_by, verdict, reason, next_at, step)"
        " SELECT id, area, ended_at, decide_by, '', '', decide_by, 0 FROM info_share"
        " WHERE state = 'recalled' AND decide_by IS NOT NULL AND ended_at IS NOT NULL"
    )
    op.create_table(
        "advice_note",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("advised", sa.String(), nullable=False),
        sa.Column("would_meet", sa.String(), nullable=False),
        sa.Column("needed", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=True),
        sa.Column("linked_by", sa.String(), nullable=True),
        sa.Column("linked_at", UTCDateTime(), nullable=True),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(referral_id IS NULL) = (linked_by IS NULL) AND (referral_id IS NULL) = (linked_at IS NULL)",
            name=op.f("ck_advice_note_linked"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_advice_note_agency_id_agency")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_advice_note_by_id_person")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referral.id"], name=op.f("fk_advice_note_referral_id_referral")
        ),
        sa.ForeignKeyConstraint(["linked_by"], ["person.id"], name=op.f("fk_advice_note_linked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_note")),
        sa.UniqueConstraint("ref", name=op.f("uq_advice_note_ref")),
    )
    op.create_index("ix_advice_note_when", "advice_note", ["area", "day"])
    op.create_index(op.f("ix_advice_note_by_id"), "advice_note", ["by_id"])
    op.create_index(op.f("ix_advice_note_referral_id"), "advice_note", ["referral_id"])
    op.create_table(
        "decision_authority",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(answer = '') = (next_at IS NOT NULL)", name=op.f("ck_decision_authority_waiting_has_next_step")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_authority_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_decision_authority_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_decision_authority_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_authority")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_decision_authority_decision_id")),
    )
    op.create_index(op.f("ix_decision_authority_case_id"), "decision_authority", ["case_id"])
    op.create_index(
        "ix_decision_authority_next",
        "decision_authority",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
