"""What is followed up after a meeting: closure, disputes and their tiers, reviews of plans and of decisions."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agencies", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("supersedes", sa.String(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_decision_supersedes_decision"), "decision", ["supersedes"], ["id"]
        )
    op.create_table(
        "closure_round",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("signed", sa.JSON(), nullable=False),
        sa.Column("chases", sa.Integer(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("ended", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(ended = '') = (next_at IS NOT NULL)", name=op.f("ck_closure_round_open_has_next_step")
        ),
        sa.CheckConstraint("ended IN ('', 'objected', 'closed')", name=op.f("ck_closure_round_ended")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_closure_round_by_id_person")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_closure_round_case_id_case_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_round")),
    )
    with op.batch_alter_table("closure_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_round_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_closure_round_next_at"), ["next_at"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("against_id", sa.String(), nullable=True),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("safeguards", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("knocks", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("learning", sa.String(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (next_at IS NOT NULL)", name=op.f("ck_dispute_open_has_next_step")
        ),
        sa.CheckConstraint("kind IN ('partner', 'threshold', 'closure')", name=op.f("ck_dispute_kind")),
        sa.CheckConstraint("state IN ('open', 'resolved', 'unresolved')", name=op.f("ck_dispute_state")),
        sa.ForeignKeyConstraint(["against_id"], ["agency.id"], name=op.f("fk_dispute_against_id_agency")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_dispute_agency_id_agency")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_dispute_case_id_case_file")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_dispute_ended_by_person")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_dispute_owner_id_person")),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name=op.f("fk_dispute_raised_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("ref", name=op.f("uq_dispute_ref")),
        sa.UniqueConstraint("source", name=op.f("uq_dispute_source")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_dispute_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "subject_invitation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("asked_id", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("for_at", UTCDateTime(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("safe", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=True),
        sa.Column("recorded_at", UTCDateTime(), nullable=True),
        sa.Column("chased_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(recorded_at IS NULL) = (how = '')", name=op.f("ck_subject_invitation_recorded")),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["person.id"], name=op.f("fk_subject_invitation_asked_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_subject_invitation_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_subject_invitation_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_subject_invitation_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_invitation")),
        sa.UniqueConstraint("meeting_id", "case_id", name=op.f("uq_subject_invitation_meeting_id_case_id")),
    )
    with op.batch_alter_table("subject_invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_invitation_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_subject_invitation_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "decision_review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("decision_id", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(outcome = '') = (next_at IS NOT NULL)", name=op.f("ck_decision_review_open_has_next_step")
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'stands', 'back', 'superseded', 'ended')",
            name=op.f("ck_decision_review_outcome"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_decision_review_by_id_person")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_review_decision_id_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_review")),
        sa.UniqueConstraint("decision_id", "due", name=op.f("uq_decision_review_decision_id_due")),
    )
    with op.batch_alter_table("decision_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_review_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_review_next_at"), ["next_at"], unique=False)

    op.create_table(
        "dispute_step",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dispute_id", sa.String(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("owns", sa.Boolean(), nullable=False),
        sa.Column("began_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.Column("left", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_step_dispute_id_dispute")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dispute_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_step")),
    )
    with op.batch_alter_table("dispute_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_step_dispute_id"), ["dispute_id"], unique=False)

    op.create_table(
        "dispute_word",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dispute_id", sa.String(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_dispute_word_by_id_person")),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_word_dispute_id_dispute")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_word")),
    )
    with op.batch_alter_table("dispute_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_word_dispute_id"), ["dispute_id"], unique=False)

    op.create_table(
        "review_sheet",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("new_risks", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("new_risks IN ('yes', 'no')", name=op.f("ck_review_sheet_new_risks")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_review_sheet_by_id_person")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["agenda_item.id"], name=op.f("fk_review_sheet_item_id_agenda_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_sheet")),
        sa.UniqueConstraint("item_id", name=op.f("uq_review_sheet_item_id")),
    )
