"""What an act changed in a comment, as the record keeps it: to be read, and to be undone by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domains.answers import linking
from app.domains.comments.models import Comment
from app.domains.screening import queries as screening

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


def seen(comment: Comment) -> Values:
    """A comment as it stands, in values that JSON has.

    Beside the columns there are `tags` and `cards` (ids), `text` (a digest), and what only undoing
    wants: `links` (each tag with how it came), `card_links` (each card, likewise) and `lesson`
    (what the spam model learnt from it).
    """
    links = [[link.tag_id, link.by_hand, link.words] for link in comment.tags]
    lesson = screening.lesson_of(comment.id)
    taught = None if lesson is None or lesson.is_spam is None else lesson
    return {
        **{name: _plain(getattr(comment, name)) for name in COLUMNS},
        "tags": sorted(link[0] for link in links),
        **linking.cards_on(comment.id),
        "text": hashlib.sha256(comment.source.encode()).hexdigest()[:DIGITS],
        "links": sorted(links),
        "lesson": {"is_spam": taught.is_spam, "source": taught.source} if taught else None,
    }


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
