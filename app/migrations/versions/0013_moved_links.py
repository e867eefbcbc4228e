"""Where a resource's address has moved to for good, as its server said at the last look."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("link_check", sa.Column("moved_to", sa.String(length=2000), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("link_check") as batch_op:
        batch_op.drop_column("moved_to")
