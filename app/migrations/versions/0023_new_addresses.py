"""The address that a mailed link gives to an account."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    with op.batch_alter_table("mailed_link") as batch_op:
        batch_op.add_column(sa.Column("address_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            "fk_mailed_link_address_id_address",
            "address",
            ["address_id"],
            ["id"],
            ondelete="CASCADE",
        )


def downgrade() -> None:
    with op.batch_alter_table("mailed_link") as batch_op:
        batch_op.drop_constraint("fk_mailed_link_address_id_address", type_="foreignkey")
        batch_op.drop_column("address_id")
