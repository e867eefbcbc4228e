"""Which texts were sent with an address whose owner says that somebody else wrote them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("comment", sa.Column("disowned_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("comment", "disowned_at")
