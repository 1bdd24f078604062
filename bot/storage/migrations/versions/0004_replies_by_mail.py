"""What is answered by e-mail: an address of its own for each invitation, and replies that a person has to look at."""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("token", sa.String(), nullable=False, server_default=""))
    op.add_column("invitation", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("invitation", sa.Column("way", sa.String(), nullable=False, server_default=""))
    op.add_column("invitation", sa.Column("said_at", UTCDateTime(), nullable=True))
    op.create_index(op.f("ix_invitation_token"), "invitation", ["token"])
    _fill()
    op.create_table(
        "mail_reply",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("invitation_id", sa.String(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("doubt", sa.String(), nullable=False),
        sa.Column("proposed_start", UTCDateTime(), nullable=True),
        sa.Column("proposed_end", UTCDateTime(), nullable=True),
        sa.Column("for_id", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("settled", sa.String(), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(settled = '') = (settled_at IS NULL)", name=op.f("ck_mail_reply_settled")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_mail_reply_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_mail_reply_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_mail_reply_for_id_person")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_mail_reply_settled_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reply")),
    )
    op.create_index(op.f("ix_mail_reply_meeting_id"), "mail_reply", ["meeting_id"])


def _fill() -> None:
    """Those who were asked before get an address too; which time they know nobody wrote down: that of the meeting."""
    db = op.get_bind()
    db.execute(
        sa.text(
            "UPDATE invitation SET sequence = (SELECT sequence FROM meeting WHERE id = invitation.meeting_id)"
        )
    )
    for (id,) in db.execute(sa.text("SELECT id FROM invitation")).all():
        db.execute(
            sa.text("UPDATE invitation SET token = :token WHERE id = :id"),
            {"token": secrets.token_hex(16), "id": id},
        )
