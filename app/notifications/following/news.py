"""News: one thing that came to be readable, who follows it, and how a mail tells of it.

A piece of news is named by its cause ("comment:12"). It is read anew each time it is needed, so
that what was hidden meanwhile is told to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.articles.models import Article
from app.domains.articles.queries import visible
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.infra.db import db
from app.infra.http.links import absolute
from app.notifications import queries
from app.notifications.card_changes import changed_since
from app.notifications.models import Follow
from app.notifications.words import BY_NOBODY


class Sort(StrEnum):
    """What came to be: a text, an article, a card's other words (by the revision that was kept),
    a card that answers a question (by their link)."""

    COMMENT = "comment"
    ARTICLE = "article"
    REVISION = "revision"
    LINK = "link"

    def cause(self, number: int) -> str:
        return f"{self}:{number}"


@dataclass(frozen=True, slots=True)
class News:
    """`html` are its words, safe, and `by` is whoever wrote them. `knowing` are the addresses of
    those who need not be told: who wrote it, or hears of it in another mail. One of `where` holds
    for whoever follows a thing that it is new in; of its tags, `tag_ids` are those. `text` is the
    comment, where it is one."""

    sort: Sort
    title: str
    by: str
    html: str
    link: str
    knowing: Collection[int]
    where: tuple[ColumnElement[bool], ...]
    tag_ids: frozenset[int] = frozenset()
    text: Comment | None = None


def read(cause: str) -> News | None:
    """None for what is not there any more, or is not for everyone to read."""
    sort, _, number = cause.partition(":")
    return _READING[Sort(sort)](int(number))


def _of_comment(comment_id: int) -> News | None:
    """What somebody wrote is new under its article and in the question that it is about; a
    question also in its tags, and what an author wrote in what the author does."""
    comment = comments.find_visible(comment_id)
    if comment is None:
        return None
    where = [Follow.article_id == comment.article_id]
    if comment.question_id is not None:
        where.append(Follow.question_id == comment.question_id)
    tag_ids = frozenset(link.tag_id for link in comment.tags if comment.is_question)
    if tag_ids:
        where.append(Follow.tag_id.in_(tag_ids))
    if comment.by_author and comment.account_id is not None:
        where.append(Follow.author_id == comment.account_id)
    return News(
        Sort.COMMENT,
        comment.title if comment.kind == Kind.QUESTION else comment.article.title,
        comment.author_name,
        comment.html,
        absolute(comment.href),
        queries.told_of_comment(comment) | _addresses_of(comment),
        tuple(where),
        tag_ids,
        comment,
    )


def _of_article(article_id: int) -> News | None:
    """An article is new in what its author does, and in its tags."""
    article = db.session.scalar(
        select(Article)
        .options(joinedload(Article.author, innerjoin=True), selectinload(Article.tags))
        .where(Article.id == article_id, visible())
    )
    if article is None:
        return None
    return News(
        Sort.ARTICLE,
        article.title,
        article.author.name,
        article.html,
        absolute(article.href),
        {article.author.address_id},
        (
            Follow.author_id == article.author_id,
            Follow.tag_id.in_([tag.id for tag in article.tags]),
        ),
        frozenset(tag.id for tag in article.tags),
    )


def _of_revision(revision_id: int) -> News | None:
    """A card says something else in substance than the revision; whoever hears of it because of a
    question that it answers needs no second mail."""
    revision = changed_since(revision_id)
    card = db.session.get(AnswerCard, revision.card_id) if revision else None
    if revision is None or card is None:
        return None
    editor = db.session.get(Account, revision.editor_id) if revision.editor_id else None
    own = {editor.address_id} if editor is not None else set()
    return News(
        Sort.REVISION,
        card.title,
        card.owner.name if card.owner else BY_NOBODY,
        card.html,
        absolute(card.href),
        queries.told_of_revision(revision_id) | own,
        (Follow.card_id == card.id,),
    )


def _of_link(link_id: int) -> News | None:
    """A card answers a question, unless its asker said that it does not, or the card was made of
    what stands there."""
    link = db.session.get(CardLink, link_id, populate_existing=True)
    question = comments.find_visible(link.comment_id) if link is not None else None
    if link is None or question is None or link.helped is False or queries.was_said_here(link):
        return None
    by = db.session.get(Account, link.by_id) if link.by_id else None
    own = {by.address_id} if by is not None else set()
    return News(
        Sort.LINK,
        question.title,
        link.card.owner.name if link.card.owner else BY_NOBODY,
        link.card.html,
        absolute(question.href),
        queries.told_of_link(link) | own,
        (Follow.question_id == question.id,),
    )


def _addresses_of(comment: Comment) -> set[int]:
    own = {comment.address_id, comment.account.address_id if comment.account else None}
    return {one for one in own if one is not None}


_READING: Mapping[Sort, Callable[[int], News | None]] = {
    Sort.COMMENT: _of_comment,
    Sort.ARTICLE: _of_article,
    Sort.REVISION: _of_revision,
    Sort.LINK: _of_link,
}
