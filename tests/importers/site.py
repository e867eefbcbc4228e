"""The whole site as plain values, so that two imports can be compared whatever ids they gave."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.domains.articles.models import Article, Redirect
from app.domains.comments.models import Comment
from app.importers.report import Report
from app.importers.wordpress.run import WordPressImport
from app.infra.db import Base, db

OWN_URL = "https://new.example"


def bring_in(file: bytes, **options: Any) -> Report:
    """Import this file; raises what it raises."""
    return WordPressImport(BytesIO(file), own_url=OWN_URL, **options).run()


def row_counts() -> dict[str, int]:
    """Rows by table, the empty ones left out."""
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    counts = {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }
    return {name: count for name, count in counts.items() if count}


def empty(app: Flask) -> None:
    """Delete every row, so that the next import is a first one."""
    db.session.rollback()
    db.session.remove()
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


def comment(old_text: str) -> Comment:
    """The one comment whose source is this."""
    return db.session.scalars(select(Comment).where(Comment.source == old_text)).one()


def articles() -> list[dict[str, Any]]:
    return [
        {
            "slug": article.slug,
            "title": article.title,
            "summary": article.summary,
            "source": article.source,
            "html": article.html,
            "author": article.author.name,
            "status": article.status,
            "published_at": article.published_at,
            "created_at": article.created_at,
            "comments_open": article.comments_open,
            "tags": sorted(tag.slug for tag in article.tags),
        }
        for article in db.session.scalars(select(Article).order_by(Article.slug))
    ]


def redirects() -> dict[str, str]:
    rows = db.session.execute(
        select(Redirect.path, Article.slug).join(Article, Article.id == Redirect.article_id)
    )
    return {row.path: row.slug for row in rows}


def threads() -> list[dict[str, Any]]:
    """Every comment with its parent, thread and question told by their texts."""
    every = db.session.scalars(select(Comment)).all()
    names = {one.id: (one.source, one.author_name, one.created_at) for one in every}
    facts = [
        {
            "article": one.article.slug,
            "parent": names.get(one.parent_id or 0),
            "root": names.get(one.root_id or 0),
            "question": names.get(one.question_id or 0),
            "kind": one.kind,
            "status": one.status,
            "title": one.title,
            "name": one.author_name,
            "url": one.author_url,
            "email": one.address.email if one.address else None,
            "by_author": one.by_author,
            "source": one.source,
            "html": one.html,
            "created_at": one.created_at,
            "published_at": one.published_at,
            "edited_at": one.edited_at,
            "reject_reason": one.reject_reason,
            "tags": sorted((link.tag.slug, link.by_hand, link.words) for link in one.tags),
        }
        for one in every
    ]
    return sorted(facts, key=lambda one: (one["created_at"], one["source"], str(one["parent"])))


def whole() -> dict[str, Any]:
    db.session.rollback()
    return {"articles": articles(), "threads": threads(), "redirects": redirects()}
