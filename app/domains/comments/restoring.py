"""Putting a comment back to what it was before an act, as that act's row in the record tells it.

Whether nothing else happened since is the caller's question.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domains.accounts.models import Account
from app.domains.answers import linking
from app.domains.articles.models import Article
from app.domains.comments import errors, mending, moves, moving, texts, traces
from app.domains.comments.models import Comment, CommentRevision, CommentTag
from app.domains.comments.states import Status, check_move
from app.domains.screening import teaching
from app.domains.screening.teaching import Lesson
from app.domains.tags.models import Tag
from app.infra.db import db
from app.infra.language import _

PLACE = ("parent_id", "article_id")


def put_back(comment: Comment, detail: Mapping[str, Any], *, by: Account) -> None:
    """Give a comment again what `detail` (of `traces.difference`) says it had before.

    Raises IllegalMove for a state it cannot go back to, and NoPlace when the place where it stood
    is gone.
    """
    before, kept = detail["before"], detail.get("kept", {})
    was = Status(comment.status)
    if "status" in before:
        check_move(was, before["status"])
    if "text" in before:
        former = db.session.get_one(CommentRevision, kept["revision"])
        texts.revise(comment, former.source, editor=by, editor_name=by.name)
    if any(name in before for name in PLACE):
        _put_in_place(comment, before)
    traces.put_columns(comment, before)
    db.session.flush()
    if "kind" in before:
        mending.link_answers(comment.thread_id)
    if "links" in kept:
        _put_tags(comment, kept["links"])
    if "card_links" in kept:
        linking.put_back(comment.id, kept["card_links"])
    if "lesson" in kept:
        _put_lesson(comment, kept["lesson"])
    if "status" in before:
        moves.moved(comment, was, by=by)
    else:
        mending.changed(comment)


def _put_in_place(comment: Comment, before: Mapping[str, Any]) -> None:
    parent_id = before.get("parent_id", comment.parent_id)
    article = db.session.get(Article, before.get("article_id", comment.article_id))
    below = db.session.get(Comment, parent_id) if parent_id is not None else None
    if article is None or (parent_id is not None and below is None):
        raise errors.NoPlace(_("The place where it stood is gone."))
    moving.take_turns(comment, below)
    if below is not None and below.article_id != article.id:
        raise errors.NoPlace(_("The text it stood under was moved to another article since."))
    if below is not None and below.id in moving.branch_ids(comment):
        raise errors.NoPlace(_("The text it stood under stands below it by now."))
    moving.hang(comment, below, article)


def _put_tags(comment: Comment, links: list[list[Any]]) -> None:
    """The tags as they were, but for those that the site has no more."""
    known = set(db.session.scalars(db.select(Tag.id).where(Tag.id.in_([one[0] for one in links]))))
    comment.tags = []
    db.session.flush()
    comment.tags = [
        CommentTag(tag_id=tag_id, by_hand=by_hand, words=words)
        for tag_id, by_hand, words in links
        if tag_id in known
    ]
    db.session.flush()


def _put_lesson(comment: Comment, lesson: Mapping[str, Any] | None) -> None:
    if lesson is None:
        teaching.decided(comment.id, comment.source, Lesson.NOTHING)
    else:
        label = Lesson.SPAM if lesson["is_spam"] else Lesson.GOOD
        teaching.decided(comment.id, lesson["source"], label)
