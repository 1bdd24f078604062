"""Who knows them: the agencies asked about a case, what they answered, and what they found in their records."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "involvement_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("agency_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("looked_at", UTCDateTime(), nullable=True),
        sa.Column("chased_on", sa.Date(), nullable=True),
        sa.Column("stopped_at", UTCDateTime(), nullable=True),
        sa.Column("stopped_by", sa.String(), nullable=True),
        sa.Column("stopped_why", sa.String(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('none', 'known', 'not_known')", name=op.f("ck_involvement_check_answer")
        ),
        sa.CheckConstraint(
            "(answer = 'none') = (answered_at IS NULL)", name=op.f("ck_involvement_check_answered")
        ),
        sa.CheckConstraint(
            "(answer = 'none') = (answered_by IS NULL)", name=op.f("ck_involvement_check_answerer")
        ),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by IS NULL)", name=op.f("ck_involvement_check_stopped")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_involvement_check_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_involvement_check_answered_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_involvement_check_asked_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_involvement_check_case_id_case_file")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_involvement_check_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["stopped_by"], ["person.id"], name=op.f("fk_involvement_check_stopped_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement_check")),
        sa.UniqueConstraint("case_id", "agency_id", name=op.f("uq_involvement_check_case_id_agency_id")),
    )
    for column in ("case_id", "agency_id", "person_id"):
        op.create_index(op.f(f"ix_involvement_check_{column}"), "involvement_check", [column])
    op.create_index(
        "ix_involvement_check_silent",
        "involvement_check",
        ["due_on"],
        sqlite_where=sa.text("answer = 'none'"),
        postgresql_where=sa.text("answer = 'none'"),
    )
    op.create_table(
        "involvement_reply",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("support", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("answer IN ('known', 'not_known')", name=op.f("ck_involvement_reply_answer")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_involvement_reply_by_id_person")),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["involvement_check.id"],
            name=op.f("fk_involvement_reply_check_id_involvement_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement_reply")),
    )
    op.create_index(op.f("ix_involvement_reply_check_id"), "involvement_reply", ["check_id"])
    op.create_table(
        "research_return",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("held", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("risk_view", sa.String(), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("flag", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("held IN ('nothing', 'facts')", name=op.f("ck_research_return_held")),
        sa.CheckConstraint("flag IN ('yes', 'no', 'not_known')", name=op.f("ck_research_return_flag")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_research_return_by_id_person")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["involvement_check.id"], name=op.f("fk_research_return_check_id_involvement_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_return")),
    )
    op.create_index(op.f("ix_research_return_check_id"), "research_return", ["check_id"])
