"""Standing panels a year ahead, agendas sent, cases listed late with a reason, invitations that are chased."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("meeting", sa.Column("panel_on", sa.Date(), nullable=True))
    op.add_column("meeting", sa.Column("agenda_sent_at", UTCDateTime(), nullable=True))
    op.add_column("meeting", sa.Column("quorum_told", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_meeting_panel", "meeting", ["area", "pathway", "stage", "panel_on"], unique=True)
    op.add_column("agenda_item", sa.Column("late_reason", sa.String(), nullable=True))
    with op.batch_alter_table("nudge") as nudge:
        nudge.add_column(sa.Column("invitation_id", sa.String(), nullable=True))
        nudge.create_foreign_key(
            op.f("fk_nudge_invitation_id_invitation"), "invitation", ["invitation_id"], ["id"]
        )
        nudge.drop_constraint(op.f("ck_nudge_about_one_thing"), type_="check")
        nudge.create_check_constraint(
            op.f("ck_nudge_about_one_thing"),
            "(CASE WHEN action_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN referral_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END) = 1",
        )
        nudge.create_index(op.f("ix_nudge_invitation_id"), ["invitation_id"])
