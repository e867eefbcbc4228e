"""Index rows kept in step with what everyone may read. Rows are read afresh, whatever the session
remembers, and written in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select

from app.domains.answers.models import AnswerCard, card_tag
from app.domains.articles.models import Article, article_tag
from app.domains.articles.states import ArticleStatus
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Kind
from app.domains.resources.models import Resource, resource_tag
from app.domains.tags.models import Tag, TagSynonym
from app.engines.text.excerpt import plain_text
from app.infra import locks
from app.infra.db import adding, db
from app.search import reading, vectors
from app.search.models import SearchDocument

LONGEST_BODY = 100_000
"""Characters of a text that are indexed. A tsvector holds 1 MiB of words, and the worst text of
this length (four bytes a letter, every word hyphenated) still fits."""
LONGEST_TAGS = 10_000
MOST_ANSWERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    kind: str
    ref: int
    title: str
    body: str
    tags: str
    visible_from: datetime


def index_article(article_id: int) -> None:
    """Put a published article (also one whose time has not come) in the index, or take it out."""
    _one_at_a_time()
    row = db.session.execute(
        select(
            Article.title, Article.summary, Article.html, Article.status, Article.published_at
        ).where(Article.id == article_id)
    ).one_or_none()
    if row is None or row.status != ArticleStatus.PUBLISHED or row.published_at is None:
        forget("article", article_id)
        return
    tagged = select(article_tag.c.tag_id).where(article_tag.c.article_id == article_id)
    _put(
        _Document(
            kind="article",
            ref=article_id,
            title=row.title,
            body=_body(row.summary, row.html),
            tags=_phrases(tagged),
            visible_from=row.published_at,
        )
    )


def index_questions_under(article_id: int) -> None:
    """Bring the questions under an article in step with it: with its time, or with its absence."""
    _one_at_a_time()
    article = db.session.execute(
        select(Article.status, Article.published_at).where(Article.id == article_id)
    ).one_or_none()
    asked = select(Comment.id).where(Comment.article_id == article_id)
    if article is None or article.status != ArticleStatus.PUBLISHED or not article.published_at:
        gone = SearchDocument.ref.in_(asked) | SearchDocument.ref.not_in(select(Comment.id))
        theirs = select(SearchDocument.id).where(SearchDocument.kind == "question", gone)
        reading.forget(db.session.scalars(theirs).all())
        db.session.execute(
            delete(SearchDocument).where(SearchDocument.kind == "question", gone),
            execution_options={"synchronize_session": False},
        )
        return
    rows = db.session.execute(
        select(Comment.id, Comment.published_at, SearchDocument.visible_from)
        .outerjoin(
            SearchDocument,
            (SearchDocument.kind == "question") & (SearchDocument.ref == Comment.id),
        )
        .where(
            Comment.article_id == article_id,
            Comment.kind == Kind.QUESTION,
            comments.published(),
        )
    ).all()
    for row in rows:
        if row.visible_from != max(article.published_at, row.published_at or article.published_at):
            index_question(row.id)


def index_resource(resource_id: int) -> None:
    """Put a resource in the index, or take out one that is gone."""
    _one_at_a_time()
    row = db.session.execute(
        select(Resource.title, Resource.summary, Resource.html, Resource.created_at).where(
            Resource.id == resource_id
        )
    ).one_or_none()
    if row is None:
        forget("resource", resource_id)
        return
    tagged = select(resource_tag.c.tag_id).where(resource_tag.c.resource_id == resource_id)
    _put(
        _Document(
            kind="resource",
            ref=resource_id,
            title=row.title,
            body=_body(row.summary, row.html),
            tags=_phrases(tagged),
            visible_from=row.created_at,
        )
    )


def index_card(card_id: int) -> None:
    """Put a card in the index; take out one that is retired or gone."""
    _one_at_a_time()
    row = db.session.execute(
        select(AnswerCard.title, AnswerCard.html, AnswerCard.created_at).where(
            AnswerCard.id == card_id, AnswerCard.retired_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        forget("card", card_id)
        return
    tagged = select(card_tag.c.tag_id).where(card_tag.c.card_id == card_id)
    _put(
        _Document(
            kind="card",
            ref=card_id,
            title=row.title,
            body=_body("", row.html),
            tags=_phrases(tagged),
            visible_from=row.created_at,
        )
    )


def index_question(comment_id: int) -> None:
    """Put a published question with its published answers in the index; take out what is none."""
    _one_at_a_time()
    row = db.session.execute(
        select(
            Comment.title,
            Comment.html,
            Comment.published_at,
            Article.published_at.label("article_published_at"),
        )
        .join(Article, Article.id == Comment.article_id)
        .where(
            Comment.id == comment_id,
            Comment.kind == Kind.QUESTION,
            comments.published(),
            Article.status == ArticleStatus.PUBLISHED,
            Article.published_at.is_not(None),
        )
    ).one_or_none()
    if row is None:
        forget("question", comment_id)
        return
    answers = db.session.scalars(
        select(Comment.html)
        .where(Comment.question_id == comment_id, Comment.kind != Kind.CHAT, comments.published())
        .order_by(Comment.by_author.desc(), Comment.id)
        .limit(MOST_ANSWERS)
    )
    tagged = select(CommentTag.tag_id).where(CommentTag.comment_id == comment_id)
    since: datetime = row.article_published_at
    _put(
        _Document(
            kind="question",
            ref=comment_id,
            title=row.title,
            body=_body("", row.html, *answers),
            tags=_phrases(tagged),
            visible_from=max(since, row.published_at or since),
        )
    )


def carriers(tag_id: int) -> list[tuple[Callable[[int], None], int]]:
    """All that carries a tag: how each is indexed, and its id."""
    ids = (
        (index_article, select(article_tag.c.article_id).where(article_tag.c.tag_id == tag_id)),
        (index_resource, select(resource_tag.c.resource_id).where(resource_tag.c.tag_id == tag_id)),
        (index_card, select(card_tag.c.card_id).where(card_tag.c.tag_id == tag_id)),
        (index_question, select(CommentTag.comment_id).where(CommentTag.tag_id == tag_id)),
    )
    return [(index, ref) for index, of in ids for ref in db.session.scalars(of).all()]


def forget(kind: str, ref: int) -> None:
    """Take one thing out of the index; nothing happens when it is not there."""
    theirs = select(SearchDocument.id).where(SearchDocument.kind == kind, SearchDocument.ref == ref)
    reading.forget(db.session.scalars(theirs).all())
    db.session.execute(
        delete(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.ref == ref),
        execution_options={"synchronize_session": False},
    )


def _one_at_a_time() -> None:
    """Of two transactions that publish answers to one question, the second must see the first's.

    Held until the commit, which follows at once: reactions run last in a unit of work.
    """
    locks.take(["search index"])


def _body(summary: str, *texts: str) -> str:
    """The words of safe HTML texts, as far as they are indexed."""
    words = summary
    for html in texts:
        words = f"{words} {plain_text(html)}".strip()
        if len(words) >= LONGEST_BODY:
            break
    return words[:LONGEST_BODY]


def _phrases(tag_ids: Select[int]) -> str:
    """Names and synonyms of these tags, a line each."""
    names = select(Tag.name).where(Tag.id.in_(tag_ids)).order_by(Tag.name)
    synonyms = (
        select(TagSynonym.phrase).where(TagSynonym.tag_id.in_(tag_ids)).order_by(TagSynonym.phrase)
    )
    lines = [*db.session.scalars(names), *db.session.scalars(synonyms)]
    return "\n".join(lines)[:LONGEST_TAGS]


def _put(document: _Document) -> None:
    """Add the row or replace its text, in one statement that two writers can both send. What was
    read of an older text is read again by a job."""
    values = {
        "title": document.title[:200],
        "body": document.body,
        "tags": document.tags,
        "visible_from": document.visible_from,
        "read_version": 0,
    }
    document_id = db.session.scalars(
        adding(SearchDocument)
        .values(kind=document.kind, ref=document.ref, **values)
        .on_conflict_do_update(index_elements=["kind", "ref"], set_=values)
        .returning(SearchDocument.id)
    ).one()
    vectors.forget([document_id])
    reading.ask()
