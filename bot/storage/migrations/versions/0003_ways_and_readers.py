"""By which way a nudge went, and who reads along in Microsoft Teams and should not."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("nudge", sa.Column("way", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "teams_conversation", sa.Column("unexpected", sa.JSON(), nullable=False, server_default="[]")
    )
