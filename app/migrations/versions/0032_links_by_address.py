"""Mailed links are found by the address that they are about: when somebody signs up with it, and
when addresses that nothing hangs on are forgotten."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_index(op.f("ix_mailed_link_address_id"), "mailed_link", ["address_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_mailed_link_address_id"), table_name="mailed_link")
