"""Times put to people whose diaries cannot be read: the poll, its times, who is asked, and what they said."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "slot_poll",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("drawn_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=True),
        sa.Column("closes_at", UTCDateTime(), nullable=True),
        sa.Column("chase_at", UTCDateTime(), nullable=True),
        sa.Column("chased_at", UTCDateTime(), nullable=True),
        sa.Column("ended", sa.String(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(ended = '') = (ended_at IS NULL)", name=op.f("ck_slot_poll_ended")),
        sa.CheckConstraint("(asked_at IS NULL) = (closes_at IS NULL)", name=op.f("ck_slot_poll_asked")),
        sa.CheckConstraint("(asked_at IS NULL) = (chase_at IS NULL)", name=op.f("ck_slot_poll_chased")),
        sa.CheckConstraint("(asked_at IS NULL) = (asked_by IS NULL)", name=op.f("ck_slot_poll_asker")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_slot_poll_asked_by_person")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_slot_poll_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_poll")),
    )
    op.create_index(op.f("ix_slot_poll_meeting_id"), "slot_poll", ["meeting_id"])
    op.create_index(op.f("ix_slot_poll_closes_at"), "slot_poll", ["closes_at"])
    op.create_table(
        "slot_poll_time",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("poll_id", sa.String(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_slot_poll_time_forwards")),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["slot_poll.id"], name=op.f("fk_slot_poll_time_poll_id_slot_poll")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_poll_time")),
        sa.UniqueConstraint("poll_id", "starts_at", name=op.f("uq_slot_poll_time_poll_id_starts_at")),
    )
    op.create_index(op.f("ix_slot_poll_time_poll_id"), "slot_poll_time", ["poll_id"])
    op.create_table(
        "slot_poll_person",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("poll_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (way = '')", name=op.f("ck_slot_poll_person_answered")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_slot_poll_person_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["slot_poll.id"], name=op.f("fk_slot_poll_person_poll_id_slot_poll")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_poll_person")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_slot_poll_person_poll_id_person_id")),
    )
    op.create_index(op.f("ix_slot_poll_person_poll_id"), "slot_poll_person", ["poll_id"])
    op.create_index(op.f("ix_slot_poll_person_person_id"), "slot_poll_person", ["person_id"])
    op.create_table(
        "slot_poll_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("asked_id", sa.String(), nullable=False),
        sa.Column("time_id", sa.String(), nullable=False),
        sa.Column("can", sa.String(), nullable=False),
        sa.CheckConstraint("can IN ('yes', 'maybe', 'no')", name=op.f("ck_slot_poll_answer_can")),
        sa.ForeignKeyConstraint(
            ["asked_id"],
            ["slot_poll_person.id"],
            name=op.f("fk_slot_poll_answer_asked_id_slot_poll_person"),
        ),
        sa.ForeignKeyConstraint(
            ["time_id"], ["slot_poll_time.id"], name=op.f("fk_slot_poll_answer_time_id_slot_poll_time")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_poll_answer")),
        sa.UniqueConstraint("asked_id", "time_id", name=op.f("uq_slot_poll_answer_asked_id_time_id")),
    )
    op.create_index(op.f("ix_slot_poll_answer_asked_id"), "slot_poll_answer", ["asked_id"])
    op.create_index(op.f("ix_slot_poll_answer_time_id"), "slot_poll_answer", ["time_id"])
