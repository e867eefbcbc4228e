"""The outside opinion: whether its service is worth calling at present."""

import sqlalchemy as sa
from alembic import op

from app.infra.db import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "outside_circuit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_circuit")),
    )


def downgrade() -> None:
    op.drop_table("outside_circuit")
