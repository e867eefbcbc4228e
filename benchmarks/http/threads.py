"""The two articles that are measured, laid into a made-up site: 50 comments and 1,000."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Engine, func, insert, select

from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from benchmarks.desk import rows
from benchmarks.desk.rows import LAST, Row

LENGTHS = (50, 1_000)
A_THREAD = 5
"""Comments of one thread, each below the one before: depth 5, as where the targets were taken."""


def slug(comments: int) -> str:
    return f"measured-{comments}"


def lay(engine: Engine) -> None:
    """Add both articles, all of their comments published, by the generator of the rest."""
    chance = random.Random(11)  # noqa: S311  (the same texts at every run)
    tables = db.metadata.tables
    with engine.begin() as connection:
        last_article = connection.scalar(select(func.max(Article.id))) or 0
        last = connection.scalar(select(func.max(Comment.id))) or 0
        site = rows.Site(chance, last, 0)
        for article_id, length in enumerate(LENGTHS, last_article + 1):
            connection.execute(insert(tables["article"]), [_article(article_id, length)])
            content = list(_comments(site, article_id, last, length))
            connection.execute(insert(tables["comment"]), content)
            last += length


def _article(article_id: int, length: int) -> Row:
    return {
        "id": article_id,
        "slug": slug(length),
        "title": f"An article with {length:,} comments",
        "source": "Stand well.",
        "html": "<p>Stand well.</p>",
        "author_id": rows.AUTHOR,
        "status": "published",
        "created_at": LAST,
        "published_at": LAST,
        "updated_at": LAST,
    }


def _comments(site: rows.Site, article_id: int, last: int, length: int) -> Iterator[Row]:
    top = above = last
    for place in range(length):
        number = last + 1 + place
        row = site.published(number, article_id)
        row["created_at"] = row["published_at"] = LAST + timedelta(minutes=place)
        if place % A_THREAD:
            row |= {"kind": str(Kind.COMMENT), "title": "", "parent_id": above, "root_id": top}
            row["question_id"] = top
        else:
            top = number
            row |= {"kind": str(Kind.QUESTION), "title": row["source"][:80]}
        row["status"] = str(Status.APPROVED)
        above = number
        yield row
