"""The language, time zone and theme that somebody chose."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("account", sa.Column("language", sa.String(length=12), nullable=True))
    op.add_column("account", sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.add_column("account", sa.Column("theme", sa.String(length=8), nullable=True))


def downgrade() -> None:
    for name in ("theme", "time_zone", "language"):
        op.drop_column("account", name)
