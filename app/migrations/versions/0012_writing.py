"""Requests known by their keys, events that a worker handles, and lessons counted later."""

import sqlalchemy as sa
from alembic import op

from app.infra.db import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "answered_request",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answered_request")),
    )
    op.create_index("ix_answered_request_at", "answered_request", ["at"])
    op.create_index("ix_answered_request_caller_at", "answered_request", ["caller", "at"])
    op.create_table(
        "happening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_happening")),
    )
    op.add_column(
        "spam_lesson",
        sa.Column("behind", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.add_column("spam_lesson", sa.Column("counted_spam", sa.Boolean(), nullable=True))
    op.add_column("spam_lesson", sa.Column("counted_source", sa.Text(), nullable=True))
    behind = sa.text("behind")
    op.create_index(
        "ix_spam_lesson_behind",
        "spam_lesson",
        ["id"],
        sqlite_where=behind,
        postgresql_where=behind,
    )


def downgrade() -> None:
    op.drop_index("ix_spam_lesson_behind", table_name="spam_lesson")
    for name in ("counted_source", "counted_spam", "behind"):
        with op.batch_alter_table("spam_lesson") as batch_op:
            batch_op.drop_column(name)
    op.drop_table("happening")
    op.drop_table("answered_request")
