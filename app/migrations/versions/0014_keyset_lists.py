"""Indexes in the order of lists, so that a page of them begins where it is asked for."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

from app.infra import migrating

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index(
        "ix_article_author_id_status_published_at",
        "article",
        ["author_id", "status", "published_at"],
        if_not_exists=True,
    )
    op.create_index(
        "ix_card_link_card_id_comment_id",
        "card_link",
        ["card_id", "comment_id"],
        if_not_exists=True,
    )
    failing = sa.text("failures > 0")
    op.create_index(
        "ix_link_check_failing",
        "link_check",
        ["resource_id"],
        sqlite_where=failing,
        postgresql_where=failing,
        if_not_exists=True,
    )
    # The one large table, and last: on PostgreSQL nobody who writes in it waits for this.
    with op.get_context().autocommit_block() if _is_postgresql() else nullcontext():
        if _is_postgresql():
            migrating.drop_unfinished(op.get_bind(), "ix_comment_roots")
        roots = sa.text("root_id IS NULL")
        op.create_index(
            "ix_comment_roots",
            "comment",
            ["article_id", "created_at", "id", "status"],
            sqlite_where=roots,
            postgresql_where=roots,
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    for name, table in (
        ("ix_comment_roots", "comment"),
        ("ix_link_check_failing", "link_check"),
        ("ix_card_link_card_id_comment_id", "card_link"),
        ("ix_article_author_id_status_published_at", "article"),
    ):
        op.drop_index(name, table_name=table)


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
