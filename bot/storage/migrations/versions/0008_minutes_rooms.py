"""Whoever comes to a meeting for the minutes alone does not speak for their agency."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("speaks", sa.Boolean(), nullable=False, server_default=sa.true()))
