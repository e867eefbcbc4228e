"""Which addresses cards had before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "former_card_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"],
            ["answer_card.id"],
            name=op.f("fk_former_card_slug_card_id_answer_card"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_card_slug")),
    )
    with op.batch_alter_table("former_card_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_card_slug_card_id"), ["card_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("former_card_slug", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_card_slug_card_id"))

    op.drop_table("former_card_slug")
