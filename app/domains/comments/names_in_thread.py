"""Whether somebody could be taken for another person who stands in the same thread already. A guest
is told and chooses another name; a member has one name everywhere, so the desk is told.

Only what everyone may read is looked at, so that no refusal tells who waits. That the address typed
is the other's is no excuse: it would tell whose address it is to whoever tries some. What was sent
from this browser is one's own, and what an address wrote that was proven in it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select

from app.domains.comments.drafts import Writer
from app.domains.comments.errors import NameInThread
from app.domains.comments.models import Comment
from app.domains.comments.queries import published
from app.engines.text.names import looks_like
from app.infra.db import rows_of

LOOKED_AT = 1_000
"""Of a thread's texts, the newest: a page of a thread shows a tenth of them."""


def refuse_lookalike(parent: Comment, name: str, writer: Writer) -> None:
    """Raises NameInThread for a guest's name that somebody else bears in the parent's thread, or
    one that looks like it. Whoever wrote there under such a name goes on under it."""
    alike = _alike(parent.thread_id, name)
    is_known = any(
        row.id in writer.sent or (row.account_id is None and writer.has_proven(row.address_id))
        for row in alike
    )
    if alike and not is_known:
        raise NameInThread


def namesake(comment: Comment, writer: Writer) -> str:
    """How somebody else in the thread of a member's reply is called who looks like the member;
    empty where nobody does. What the member wrote there, signed in or not, is nobody else's."""
    if comment.root_id is None or comment.account_id is None:
        return ""
    others = (
        row.author_name
        for row in _alike(comment.root_id, comment.author_name)
        if row.account_id != comment.account_id
        and row.address_id != comment.address_id
        and row.id not in writer.sent
    )
    return str(next(others, ""))


def _alike(thread_id: int, name: str) -> list[Row[*tuple[Any, ...]]]:
    rows = rows_of(_in_thread(), {"thread": thread_id})
    return [row for row in rows if looks_like(row.author_name, name)]


@cache
def _in_thread() -> Select[*tuple[Any, ...]]:
    of_thread = or_(Comment.id == bindparam("thread"), Comment.root_id == bindparam("thread"))
    return (
        select(Comment.id, Comment.author_name, Comment.account_id, Comment.address_id)
        .where(of_thread, published(of_few=True))
        .order_by(Comment.id.desc())
        .limit(LOOKED_AT)
    )
