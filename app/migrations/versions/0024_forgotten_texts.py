"""When a text lost its words, its name and its address."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("comment", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("comment", "forgotten_at")  # not by a batch: a new table would lose its triggers
