"""Copies that people asked for of everything of theirs, in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "data_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"],
            name="fk_data_copy_account_id_account", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["address.id"],
            name="fk_data_copy_address_id_address", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_data_copy"),
        sa.UniqueConstraint("account_id", name="uq_data_copy_account_id"),
        sa.UniqueConstraint("address_id", name="uq_data_copy_address_id"),
    )  # fmt: skip
    op.create_table(
        "data_copy_piece",
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["copy_id"], ["data_copy.id"],
            name="fk_data_copy_piece_copy_id_data_copy", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("copy_id", "number", name="pk_data_copy_piece"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("data_copy_piece")
    op.drop_table("data_copy")
