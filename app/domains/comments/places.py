"""The place of a reply, held until the reply stands there.

A branch may be moved, and the text above be hidden, in the very moment in which somebody answers.
"""

from __future__ import annotations

from sqlalchemy import select

from app.domains.comments.models import Comment
from app.infra import locks
from app.infra.db import db, is_postgresql

MOST_MOVES = 3
"""How often a thread may be moved while somebody waits for their turn in it."""
_FACTS = ["article_id", "parent_id", "root_id", "question_id", "kind", "status"]


def hold(parent: Comment) -> None:
    """Let nobody hide or move what a reply hangs below until this transaction ends, and see it as
    it is at this moment.

    First the rows that the reply will refer to, then the thread's turn: in this order moves take
    them, so that nobody ever waits for each other. SQLite's write transactions take turns anyway.
    """
    if not is_postgresql():
        return
    for _ in range(MOST_MOVES):
        above = {parent.id, parent.thread_id, parent.question_id or parent.id}
        db.session.execute(
            select(Comment.id)
            .where(Comment.id.in_(above))
            .order_by(Comment.id)
            .with_for_update(read=True, key_share=True)
        )
        thread = parent.thread_id
        locks.take([f"thread {thread}"], shared=True)
        db.session.refresh(parent, _FACTS)
        if parent.thread_id == thread:
            return
