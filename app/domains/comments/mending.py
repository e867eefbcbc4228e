"""Mending what stands there: a text, its kind, its tags. Verbs that flush, never commit."""

from __future__ import annotations

from sqlalchemy import select, update

from app.domains.accounts.models import Account
from app.domains.comments import errors, events, policy, traces
from app.domains.comments.models import WORDS_LENGTH, Comment, CommentTag
from app.domains.comments.states import Kind
from app.domains.comments.texts import revise
from app.domains.tags import queries as tags
from app.engines.text.excerpt import title_from
from app.engines.thread import questions_above
from app.infra import audit
from app.infra.db import db
from app.infra.events import record


def edit(
    comment: Comment, source: str, *, title: str, by: Account, version: int
) -> audit.AuditEntry:
    """A moderator or the author mends a text; the old one is kept. Raises StaleText and
    WordsForgotten."""
    if comment.version != version:
        raise errors.StaleText
    if comment.forgotten_at is not None:
        raise errors.WordsForgotten
    before = traces.seen(comment)
    kept = {}
    if source != comment.source:
        kept["revision"] = revise(comment, source, editor=by, editor_name=by.name).id
    if title and policy.needs_title(comment.kind):
        comment.title = title
    changed(comment)
    return _written("edit", comment, before, by, **kept)


def change_kind(comment: Comment, kind: Kind, *, by: Account) -> audit.AuditEntry | None:
    """Make a text a question, a comment or chat, by the desk or the author. None where it is that
    already."""
    if comment.kind == kind:
        return None
    before = traces.seen(comment)
    set_kind(comment, kind)
    if comment.is_question and not comment.tags:
        find_tags(comment)
    changed(comment)
    return _written("change kind", comment, before, by)


def set_kind(comment: Comment, kind: Kind) -> None:
    """Change what a comment is, with the title and the answers that hang on it."""
    if comment.kind == kind:
        return
    comment.kind = kind
    comment.version += 1
    comment.title = title_from(comment.source) if policy.needs_title(kind) else ""
    db.session.flush()
    link_answers(comment.thread_id)


def find_tags(comment: Comment) -> None:
    """Tag a question by its words, beside what was tagged by hand."""
    by_hand = {link.tag_id for link in comment.tags if link.by_hand}
    found = [link for link in found_tags(comment.source) if link.tag_id not in by_hand]
    comment.tags = [link for link in comment.tags if link.by_hand] + found
    db.session.flush()


def found_tags(source: str) -> list[CommentTag]:
    """The tags that the words of a text speak of."""
    return [
        CommentTag(tag_id=match.tag_id, words=match.words[:WORDS_LENGTH])
        for match in tags.lexicon().match(source)
    ]


def tag_by_hand(comment: Comment, tag_ids: set[int], by: Account) -> audit.AuditEntry | None:
    """Give a comment these tags and no others; a person's choice outlives later matching. None
    where it has them already."""
    if {link.tag_id for link in comment.tags} == tag_ids:
        return None
    before = traces.seen(comment)
    kept = [link for link in comment.tags if link.tag_id in tag_ids]
    added = tag_ids - {link.tag_id for link in kept}
    comment.tags = kept + [CommentTag(tag_id=tag_id, by_hand=True) for tag_id in sorted(added)]
    changed(comment)
    if added and comment.is_published and comment.is_question:
        record(events.QuestionTagged(comment.id, tuple(sorted(added))))
    return _written("tag", comment, before, by)


def link_answers(thread_id: int) -> None:
    """Set the nearest question above on every comment of a thread."""
    members = (Comment.id == thread_id) | (Comment.root_id == thread_id)
    rows = db.session.execute(
        select(Comment.id, Comment.parent_id, Comment.kind, Comment.question_id).where(members)
    ).all()
    above = questions_above((row.id, row.parent_id, row.kind == Kind.QUESTION) for row in rows)
    for row in rows:
        if row.question_id != above[row.id]:
            db.session.execute(
                update(Comment).where(Comment.id == row.id).values(question_id=above[row.id])
            )


def changed(comment: Comment) -> None:
    """What follows when something other than its state changed: its version and its event."""
    comment.version += 1
    db.session.flush()
    if comment.is_published:
        record(events.CommentChanged(comment.id))


def _written(
    act: str, comment: Comment, before: traces.Values, by: Account, **kept: object
) -> audit.AuditEntry:
    detail = traces.difference(before, traces.seen(comment))
    detail["kept"].update(kept)
    return audit.write(act, "comment", comment.id, by=by, detail=detail)
