"""Letters that are told once, whose mailbox refused one, and where mail is stopped."""

import sqlalchemy as sa
from alembic import op

from app.infra.db import UtcDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("job", sa.Column("once_key", sa.String(length=200), nullable=True))
    op.add_column("job", sa.Column("address_id", sa.Integer(), nullable=True))
    op.create_index("ix_job_once_key", "job", ["once_key"], unique=True)
    op.create_table(
        "mail_stop",
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("address_id"),
    )


def downgrade() -> None:
    op.drop_table("mail_stop")
    op.drop_index("ix_job_once_key", table_name="job")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_column("address_id")
        batch_op.drop_column("once_key")
