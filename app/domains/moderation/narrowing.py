"""The filters of the desk as conditions, and its search over texts in every state."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, cast, column, exists, func, literal, select, table
from sqlalchemy.dialects.postgresql import JSONB, REGCONFIG, TSVECTOR

from app.domains.comments.models import Comment, CommentTag
from app.domains.moderation import sections
from app.domains.moderation.wishes import Wish
from app.engines.text.query_words import query_words, quoted
from app.infra import clock
from app.infra.db import is_postgresql

_TEXTS = table("desk_search_text", column("rowid"), column("desk_search_text"))
_VECTOR: ColumnElement[str] = column("search_text", TSVECTOR, _selectable=Comment.__table__)


def conditions(wish: Wish, tag_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    """What narrows a lane: the wish's filters, and the sections a moderator is limited to (None:
    everywhere)."""
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
        found.append(_speaks_of(wish.q))
    if tag_ids is not None:
        found.append(sections.within(tag_ids))
    return found


def _carries(tag_id: int) -> ColumnElement[bool]:
    return exists().where(CommentTag.comment_id == Comment.id, CommentTag.tag_id == tag_id)


def _has_reason(name: str) -> ColumnElement[bool]:
    """Whether the stored verdict has a reason of this name."""
    if is_postgresql():
        return cast(Comment.verdict, JSONB).contains({"reasons": [{"name": name}]})
    reasons = func.json_each(Comment.verdict, "$.reasons").table_valued("value")
    named = func.json_extract(reasons.c.value, "$.name") == name
    return select(literal(1)).select_from(reasons).where(named).correlate(Comment).exists()


def _speaks_of(typed: str) -> ColumnElement[bool]:
    """Whether title, name or text have all of the words: letters and digits inside quotation marks
    are all that reaches either database."""
    expression = quoted(query_words(typed))
    if is_postgresql():
        asked = func.websearch_to_tsquery(cast(literal("simple"), REGCONFIG), expression)
        return _VECTOR.bool_op("@@")(asked)
    found = select(_TEXTS.c.rowid).where(_TEXTS.c.desk_search_text.bool_op("MATCH")(expression))
    return Comment.id.in_(found)
