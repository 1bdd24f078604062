"""People and places in Microsoft Teams."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("person", sa.Column("lives_in", sa.String(), nullable=True))
    op.create_table(
        "teams_conversation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("service_url", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("channel_id", sa.String(), nullable=True),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("stopped", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'personal') = (person_id IS NOT NULL)",
            name=op.f("ck_teams_conversation_personal_is_somebodys"),
        ),
        sa.CheckConstraint(
            "kind IN ('personal', 'channel', 'groupChat')", name=op.f("ck_teams_conversation_kind")
        ),
        sa.CheckConstraint(
            "stopped IN ('uninstalled', 'roster_differs', 'shared')",
            name=op.f("ck_teams_conversation_stopped"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_teams_conversation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams_conversation")),
        sa.UniqueConstraint("person_id", "tenant", name=op.f("uq_teams_conversation_person_id_tenant")),
    )
    op.create_table(
        "teams_identity",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("aad_object_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("mri", sa.String(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_teams_identity_person_id_person")
        ),
        sa.PrimaryKeyConstraint("tenant", "aad_object_id", name=op.f("pk_teams_identity")),
    )
    with op.batch_alter_table("teams_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teams_identity_person_id"), ["person_id"], unique=False)
