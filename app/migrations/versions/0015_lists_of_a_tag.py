"""What carries a tag, in the order of its numbers: a tag's list begins in it where it is asked for.

It does all that the index by the tag alone did, which goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op

from app.infra import migrating

revision = "0015"
down_revision = "0014"

TABLE = "comment_tag"
BY_TAG, BY_TAG_AND_COMMENT = "ix_comment_tag_tag_id", "ix_comment_tag_tag_id_comment_id"


def upgrade() -> None:
    _replace(BY_TAG, BY_TAG_AND_COMMENT, ["tag_id", "comment_id"])


def downgrade() -> None:
    _replace(BY_TAG_AND_COMMENT, BY_TAG, ["tag_id"])


def _replace(old: str, new: str, columns: list[str]) -> None:
    """The new one stands before the old one goes. On PostgreSQL nobody who writes waits for it."""
    with _beside_who_serves() as is_postgresql:
        if is_postgresql:
            migrating.drop_unfinished(op.get_bind(), new)
        op.create_index(
            new, TABLE, columns, postgresql_concurrently=is_postgresql, if_not_exists=True
        )
        op.drop_index(old, table_name=TABLE, postgresql_concurrently=is_postgresql, if_exists=True)


@contextmanager
def _beside_who_serves() -> Iterator[bool]:
    """Outside of a transaction on PostgreSQL; says whether it is that."""
    if op.get_bind().dialect.name != "postgresql":
        yield False
        return
    with op.get_context().autocommit_block():
        yield True
