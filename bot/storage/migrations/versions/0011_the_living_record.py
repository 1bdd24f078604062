"""The living record of a case: its chronology, interim measures with their ends, and calls for a review."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "chronology",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("incident", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("present", sa.String(), nullable=False),
        sa.Column("presentation", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("corrects_id", sa.String(), nullable=True),
        sa.Column("correction_why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('fact', 'quote', 'opinion', 'observation', 'contact', 'incident', 'decision')",
            name=op.f("ck_chronology_kind"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_chronology_agency_id_agency")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_chronology_author_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_chronology_case_id_case_file")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["chronology.id"], name=op.f("fk_chronology_corrects_id_chronology")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chronology")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_chronology_corrects_id")),
    )
    op.create_index("ix_chronology_happened", "chronology", ["case_id", "happened_at", "recorded_at", "id"])
    op.create_index("ix_chronology_known", "chronology", ["case_id", "recorded_at", "happened_at", "id"])
    op.create_table(
        "interim_measure",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("least", sa.String(), nullable=False),
        sa.Column("agreed_by", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("nudged_on", sa.Date(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (next_at IS NOT NULL)",
            name=op.f("ck_interim_measure_standing_has_next_step"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (result IS NULL)", name=op.f("ck_interim_measure_ended_with_result")
        ),
        sa.CheckConstraint(
            "starts_on <= ends_on AND review_on <= ends_on", name=op.f("ck_interim_measure_forwards")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_interim_measure_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_interim_measure_created_by_person")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_interim_measure_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interim_measure")),
    )
    op.create_index(op.f("ix_interim_measure_case_id"), "interim_measure", ["case_id"])
    op.create_index(
        "ix_interim_measure_next",
        "interim_measure",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "measure_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("measure_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("ended_before", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('reviewed', 'extended', 'ended', 'became')", name=op.f("ck_measure_answer_answer")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_measure_answer_by_id_person")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["interim_measure.id"], name=op.f("fk_measure_answer_measure_id_interim_measure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_answer")),
    )
    op.create_index(op.f("ix_measure_answer_measure_id"), "measure_answer", ["measure_id"])
    op.create_table(
        "review_trigger",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("incident", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("fired_at", UTCDateTime(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("nudged_on", sa.Date(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.CheckConstraint("answer IN ('review', 'not_needed')", name=op.f("ck_review_trigger_answer")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_review_trigger_answered")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (next_at IS NOT NULL)", name=op.f("ck_review_trigger_waiting_has_next_step")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_review_trigger_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_review_trigger_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["chronology.id"], name=op.f("fk_review_trigger_entry_id_chronology")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_trigger")),
    )
    op.create_index(op.f("ix_review_trigger_case_id"), "review_trigger", ["case_id"])
    op.create_index(
        "ix_review_trigger_next",
        "review_trigger",
        ["next_at"],
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
