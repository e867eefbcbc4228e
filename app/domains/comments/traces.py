"""What an act changed in a comment, as the record keeps it: to be read, and to be undone by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.domains.answers import linking
from app.domains.comments.models import Comment, CommentTag
from app.domains.screening import queries as screening
from app.domains.screening.models import SpamLesson
from app.infra.db import db

Values = dict[str, Any]
COLUMNS = (
    "article_id",
    "parent_id",
    "kind",
    "status",
    "title",
    "edited_at",
    "published_at",
    "decided_at",
    "reject_reason",
    "held_for_id",
    "held_note",
    "recheck_at",
    "recheck_reason",
)
"""What acts change. Where a thread begins and which question stands above follow from the parent,
the HTML from the text; weights of reports belong to the reports."""
TIMES = frozenset({"edited_at", "published_at", "decided_at", "recheck_at"})
KEPT = frozenset({"links", "card_links", "lesson"})
"""What is wanted for nothing but undoing."""
DIGITS = 16
"""Of the text's digest: enough to see that it is another text."""


@dataclass(frozen=True, slots=True)
class Start:
    """A comment as an act found it, and the lesson that it had given."""

    values: Values
    lesson: SpamLesson | None


def start(comment: Comment) -> Start:
    """What an act that only moves the comment must know before it begins; `moved` tells the rest.
    Three queries."""
    lesson = screening.lesson_of(comment.id)
    return Start(_seen(comment, lesson), lesson)


def moved(comment: Comment, since: Start, lesson: SpamLesson | None) -> Values:
    """The detail of such an act's row: its text, tags and cards are as they were. No query."""
    return difference(since.values, {**since.values, **_columns(comment), **_taught(lesson)})


def seen(comment: Comment) -> Values:
    """A comment as it stands, in values that JSON has.

    Beside the columns there are `tags` and `cards` (ids), `text` (a digest), and what only undoing
    wants: `links` (each tag with how it came), `card_links` (each card, likewise) and `lesson`
    (what the spam model learnt from it).
    """
    return _seen(comment, screening.lesson_of(comment.id))


def _seen(comment: Comment, lesson: SpamLesson | None) -> Values:
    links = sorted(_links(comment))
    return {
        **_columns(comment),
        "tags": [link[0] for link in links],
        **linking.cards_on(comment.id),
        "text": hashlib.sha256(comment.source.encode()).hexdigest()[:DIGITS],
        "links": links,
        **_taught(lesson),
    }


def _links(comment: Comment) -> list[list[Any]]:
    """Each tag with how it came; read as three columns where nobody has read the tags yet."""
    if "tags" in comment.__dict__:
        return [[link.tag_id, link.by_hand, link.words] for link in comment.tags]
    return [[*row] for row in db.session.execute(_of_comment(), {"comment": comment.id})]


@cache
def _of_comment() -> Select[int, bool, str]:
    return select(CommentTag.tag_id, CommentTag.by_hand, CommentTag.words).where(
        CommentTag.comment_id == bindparam("comment")
    )


def _columns(comment: Comment) -> Values:
    return {name: _plain(getattr(comment, name)) for name in COLUMNS}


def _taught(lesson: SpamLesson | None) -> Values:
    taught = None if lesson is None or lesson.is_spam is None else lesson
    return {"lesson": {"is_spam": taught.is_spam, "source": taught.source} if taught else None}


def difference(before: Values, after: Values) -> Values:
    """The detail of an act's row in the record: what changed as `before` and `after`, and `kept`,
    which is wanted for nothing but undoing."""
    changed = [name for name in before if before[name] != after[name]]
    told = [name for name in changed if name not in KEPT]
    return {
        "before": {name: before[name] for name in told},
        "after": {name: after[name] for name in told},
        "kept": {name: before[name] for name in changed if name in KEPT},
    }


def put_columns(comment: Comment, values: Mapping[str, Any]) -> None:
    """Give a comment the columns among these values, whatever they were in the record's words."""
    for name in COLUMNS:
        if name in values:
            value = values[name]
            is_time = name in TIMES and value is not None
            setattr(comment, name, datetime.fromisoformat(value) if is_time else value)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
