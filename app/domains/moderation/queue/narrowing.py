"""The filters of the desk as conditions, and its search over texts in every state."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, cast, column, exists, func, literal, select, table
from sqlalchemy.dialects.postgresql import JSONB, REGCONFIG, TSVECTOR

from app.domains.comments.models import Comment, CommentTag
from app.domains.moderation.queue import sections
from app.domains.moderation.queue.wishes import Wish
from app.engines.text.query_words import query_words, quoted
from app.infra import clock
from app.infra.db import db, is_postgresql

HITS = 2000
"""Of how many texts that have the words of a search a list is made on SQLite, the newest of them;
PostgreSQL looks at all."""
_NARROW = ("article", "account", "address")
"""Filters that leave few texts: among those all that have the words are found."""
_TEXTS = table("desk_search_text", column("rowid"), column("desk_search_text"))
_VECTOR: ColumnElement[str] = column("search_text", TSVECTOR, _selectable=Comment.__table__)


def conditions(
    wish: Wish, tag_ids: Collection[int] | None, *, all_of_them: bool = False
) -> list[ColumnElement[bool]]:
    """What narrows a lane: the wish's filters, and the sections a moderator is limited to (None:
    everywhere). A search stops at HITS, except where `all_of_them` must be found."""
    found = [
        getattr(Comment, column) == value
        for column, value in (
            ("article_id", wish.article),
            ("account_id", wish.account),
            ("address_id", wish.address),
            ("language", wish.language),
            ("kind", wish.kind),
        )
        if value
    ]
    if wish.tag:
        found.append(_carries(wish.tag))
    if wish.reason:
        found.append(_has_reason(wish.reason))
    if wish.older:
        found.append(Comment.created_at <= clock.now() - timedelta(hours=wish.older))
    if wish.younger:
        found.append(Comment.created_at > clock.now() - timedelta(hours=wish.younger))
    if wish.q:
        few = any(name in _NARROW for name in wish.filters)
        found.append(_speaks_of(wish.q, all_of_them=few or all_of_them))
    if tag_ids is not None:
        found.append(sections.within(tag_ids))
    return found


def stops_at_hits(wish: Wish) -> bool:
    """Whether a search finds more texts than its list is made of."""
    if not wish.q or is_postgresql() or any(name in _NARROW for name in wish.filters):
        return False
    some = _matching(quoted(query_words(wish.q))).limit(HITS + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > HITS


def _carries(tag_id: int) -> ColumnElement[bool]:
    return exists().where(CommentTag.comment_id == Comment.id, CommentTag.tag_id == tag_id)


def _has_reason(name: str) -> ColumnElement[bool]:
    """Whether the stored verdict has a reason of this name."""
    if is_postgresql():
        return cast(Comment.verdict, JSONB).contains({"reasons": [{"name": name}]})
    reasons = func.json_each(Comment.verdict, "$.reasons").table_valued("value")
    named = func.json_extract(reasons.c.value, "$.name") == name
    return select(literal(1)).select_from(reasons).where(named).correlate(Comment).exists()


def _speaks_of(typed: str, *, all_of_them: bool) -> ColumnElement[bool]:
    """Whether title, name or text have all of the words: letters and digits inside quotation marks
    are all that reaches either database.

    SQLite would read every text that has them before it looks at the lane, so it is told to look
    at the newest alone. PostgreSQL would rather walk the lane than trust that words are rare, so it
    is told of those that are.
    """
    expression = quoted(query_words(typed))
    if not is_postgresql():
        found = _matching(expression)
        if not all_of_them:
            found = found.order_by(_TEXTS.c.rowid.desc()).limit(HITS)
        return Comment.id.in_(found)
    asked = func.websearch_to_tsquery(cast(literal("simple"), REGCONFIG), expression)
    has_words = _VECTOR.bool_op("@@")(asked)
    some = select(Comment.id).where(has_words).limit(HITS + 1)
    if (db.session.scalar(select(func.count()).select_from(some.subquery())) or 0) > HITS:
        return has_words
    return Comment.id.in_(some)


def _matching(expression: str) -> Select[int]:
    return select(_TEXTS.c.rowid).where(_TEXTS.c.desk_search_text.bool_op("MATCH")(expression))
