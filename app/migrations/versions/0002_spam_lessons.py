"""What the spam model knows, and the verdicts it was taught."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "spam_term",
        sa.Column("term", sa.String(length=120), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("spam", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("slopes", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_spam_term")),
    )
    op.create_table(
        "spam_lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("is_spam", sa.Boolean(), nullable=True),
        sa.Column("was_spam", sa.Boolean(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_spam_lesson_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spam_lesson")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_spam_lesson_comment_id")),
    )


def downgrade() -> None:
    op.drop_table("spam_lesson")
    op.drop_table("spam_term")
