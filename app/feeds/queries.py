"""The newest of what everyone may read, as entries. Each query joins the two rules that say so:
`comments.published` and `articles.visible`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.domains.articles import queries as articles
from app.domains.articles.models import Article, article_tag
from app.domains.comments import listed
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment, CommentTag
from app.domains.resources.models import Resource, resource_tag
from app.domains.tags.models import Tag
from app.engines.text.excerpt import excerpt
from app.feeds.entries import Entry, lasting_id
from app.feeds.markup import with_absolute_links
from app.infra.db import db
from app.infra.http.links import absolute

MOST_ENTRIES = 50


def newest_articles(*where: ColumnElement[bool]) -> list[Entry]:
    """Visible articles with their whole text, newest first."""
    found = db.session.scalars(
        select(Article)
        .options(joinedload(Article.author), selectinload(Article.tags))
        .where(articles.visible(), *where)
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(MOST_ENTRIES)
    )
    return [_of_article(article) for article in found]


def newest_comments(article: Article) -> list[Entry]:
    """Published comments under an article, newest first."""
    return _of_comments(_published().where(Comment.article_id == article.id), with_parents=True)


def newest_with_tag(tag: Tag) -> list[Entry]:
    """Visible articles, resources and published questions that carry a tag, newest first."""
    tagged_articles = select(article_tag.c.article_id).where(article_tag.c.tag_id == tag.id)
    newest = listed.newest_of_tag(tag.id, MOST_ENTRIES)
    questions = _published(of_few=True).where(Comment.id.in_(newest))
    entries = [
        *newest_articles(Article.id.in_(tagged_articles)),
        *_newest_resources(tag),
        *_of_comments(questions, with_parents=False),
    ]
    return sorted(entries, key=lambda entry: entry.published, reverse=True)[:MOST_ENTRIES]


def _newest_resources(tag: Tag) -> list[Entry]:
    tagged = select(resource_tag.c.resource_id).where(resource_tag.c.tag_id == tag.id)
    found = db.session.scalars(
        select(Resource)
        .options(selectinload(Resource.tags))
        .where(Resource.id.in_(tagged))
        .order_by(Resource.created_at.desc(), Resource.id.desc())
        .limit(MOST_ENTRIES)
    )
    return [_of_resource(resource) for resource in found]


def _published(*, of_few: bool = False) -> Select[Comment]:
    """Comments that everyone may read, newest first, with their articles and tags. `of_few`: among
    those that are named by their ids."""
    return (
        select(Comment)
        .join(Article, Article.id == Comment.article_id)
        .options(
            contains_eager(Comment.article), selectinload(Comment.tags).joinedload(CommentTag.tag)
        )
        .where(comments.published(of_few=of_few), articles.visible())
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(MOST_ENTRIES)
    )


def _of_comments(query: Select[Comment], *, with_parents: bool) -> list[Entry]:
    found = db.session.scalars(query).all()
    parents = _published_parents(found) if with_parents else {}
    return [_of_comment(comment, parents.get(comment.parent_id or 0)) for comment in found]


def _published_parents(found: Sequence[Comment]) -> dict[int, datetime]:
    """When those parents were written that everyone may read; the others are not named."""
    ids = {comment.parent_id for comment in found if comment.parent_id is not None}
    if not ids:
        return {}
    rows = db.session.execute(
        select(Comment.id, Comment.created_at).where(
            Comment.id.in_(ids), comments.published(of_few=True)
        )
    )
    return {row.id: row.created_at for row in rows}


def _of_article(article: Article) -> Entry:
    page = absolute(article.href)
    published = article.published_at or article.created_at
    return Entry(
        id=_id("article", article.id, article.created_at),
        title=article.title,
        link=page,
        published=published,
        updated=max(published, article.updated_at),
        author=article.author.name,
        author_link=absolute(url_for("articles.author", username=article.author.username)),
        html=with_absolute_links(article.html, page),
        summary=article.summary,
        categories=_categories(article.tags),
    )


def _of_resource(resource: Resource) -> Entry:
    page = absolute(resource.href)
    return Entry(
        id=_id("resource", resource.id, resource.created_at),
        title=resource.title,
        link=page,
        published=resource.created_at,
        updated=max(resource.created_at, resource.updated_at),
        author="",
        html=with_absolute_links(resource.html, page),
        summary=resource.summary,
        categories=_categories(resource.tags),
        related=resource.url,
    )


def _of_comment(comment: Comment, parent_written: datetime | None) -> Entry:
    page = absolute(comment.href)
    times = (comment.created_at, comment.published_at, comment.edited_at)
    return Entry(
        id=_id("comment", comment.id, comment.created_at),
        title=comment.title or f"{comment.author_name}: {excerpt(comment.html, 70)}",
        link=page,
        published=comment.created_at,
        updated=max(time for time in times if time is not None),
        author=comment.author_name,
        html=with_absolute_links(comment.html, page),
        categories=_categories(link.tag for link in comment.tags),
        in_reply_to=_answered(comment, parent_written),
    )


def _answered(comment: Comment, parent_written: datetime | None) -> tuple[str, str]:
    """The comment that this one answers where that is published, else the article."""
    if comment.parent_id is not None and parent_written is not None:
        page = absolute(url_for("questions.permalink", comment_id=comment.parent_id))
        return _id("comment", comment.parent_id, parent_written), page
    article = comment.article
    return (
        _id("article", article.id, article.created_at),
        absolute(article.href),
    )


def _id(kind: str, ref: int, created: datetime) -> str:
    return lasting_id(absolute(""), kind, ref, created)


def _categories(tags: Iterable[Tag]) -> tuple[tuple[str, str], ...]:
    return tuple((tag.slug, tag.name) for tag in tags)
