"""How many people and questions a card answers, kept beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
NUMBERS = ("people", "questions", "not_helped")


def upgrade() -> None:
    for name in NUMBERS:
        op.add_column(
            "answer_card", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )
    op.create_index("ix_answer_card_most_asked", "answer_card", ["people", "updated_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_answer_card_most_asked", table_name="answer_card")
    with op.batch_alter_table("answer_card") as batch_op:
        for name in NUMBERS:
            batch_op.drop_column(name)
