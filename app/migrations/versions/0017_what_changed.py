"""What part of its page the last changes of a mark showed on."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("page_mark", sa.Column("changes", sa.String(length=400), nullable=True))


def downgrade() -> None:
    op.drop_column("page_mark", "changes")
