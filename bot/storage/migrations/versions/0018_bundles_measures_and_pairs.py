"""Audit bundles of a case; readings of how it goes for the person; two people of one case and their one plan."""

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
    op.create_table(
        "subject_conflict",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("one_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("least", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.CheckConstraint("one_id <> other_id", name=op.f("ck_subject_conflict_two_people")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_subject_conflict_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_subject_conflict_by_id_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_subject_conflict_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["person.id"], name=op.f("fk_subject_conflict_ended_by_person")
        ),
        sa.ForeignKeyConstraint(["one_id"], ["subject.id"], name=op.f("fk_subject_conflict_one_id_subject")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["subject.id"], name=op.f("fk_subject_conflict_other_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_conflict")),
    )
    op.create_index(op.f("ix_subject_conflict_case_id"), "subject_conflict", ["case_id"])
    op.create_index(
        "uq_subject_conflict_standing",
        "subject_conflict",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "action_serves",
        sa.Column("action_id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=True),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_serves_action_id_action")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_action_serves_by_id_person")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_action_serves_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_action_serves")),
    )
    op.create_table(
        "subject_advocacy",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("advocacy", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "advocacy IN ('unknown', 'not_needed', 'needed', 'offered', 'accepted', 'declined', 'in_place')",
            name=op.f("ck_subject_advocacy_advocacy"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_subject_advocacy_by_id_person")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_advocacy_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_advocacy")),
    )
    op.create_index(op.f("ix_subject_advocacy_subject_id"), "subject_advocacy", ["subject_id"])
    op.create_table(
        "subject_safe_contact",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("call", "message", "text", "write", "number", "times", "words", "never", "by_id")
        ),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_subject_safe_contact_by_id_person")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_safe_contact_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_safe_contact")),
    )
    op.create_index(op.f("ix_subject_safe_contact_subject_id"), "subject_safe_contact", ["subject_id"])
