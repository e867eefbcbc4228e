"""Which questions an article was begun for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "drafted_for",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_drafted_for_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_drafted_for_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "comment_id", name=op.f("pk_drafted_for")),
    )
    with op.batch_alter_table("drafted_for", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafted_for_comment_id"), ["comment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("drafted_for", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafted_for_comment_id"))

    op.drop_table("drafted_for")
