"""The outside opinion: whether its service is worth calling at present. And who is staff, which
each new text and each page of the desk asks, found without reading every account."""

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
    op.create_index(op.f("ix_account_role"), "account", ["role"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_account_role"), table_name="account")
    op.drop_table("outside_circuit")
