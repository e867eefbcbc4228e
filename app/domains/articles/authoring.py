"""Reads for those who write: articles in every state, addresses in use, uploaded pictures.

Nothing here may feed a public page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.articles.models import Article, FormerSlug, Image
from app.domains.articles.queries import FOR_LISTS
from app.domains.articles.states import ArticleStatus
from app.infra.db import db
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of

_IMAGE_PATH = re.compile(r"/media/([A-Za-z0-9_-][A-Za-z0-9._-]*)")


def find(article_id: int) -> Article | None:
    """Any article, in whatever state, for those who may edit it."""
    return db.session.scalar(
        select(Article)
        .options(joinedload(Article.author, innerjoin=True), selectinload(Article.tags))
        .where(Article.id == article_id)
    )


def all_of(author: Account) -> Sequence[int]:
    """The ids of every article of this author, in whatever state."""
    written = select(Article.id).where(Article.author_id == author.id)
    return db.session.scalars(written.order_by(Article.id)).all()


def desk_of(
    author: Account | None, wanted: Wanted = FIRST, size: int = 50
) -> tuple[list[Article], Ways]:
    """All articles of an author, or everyone's for None: drafts first, then the latest.

    Two queries.
    """
    where = () if author is None else (Article.author_id == author.id,)
    is_draft = Article.status == ArticleStatus.DRAFT
    keys = (
        case((is_draft, 1), else_=0).label("is_draft"),
        case((is_draft, Article.updated_at), else_=Article.published_at).label("newest"),
        Article.id,
    )
    rows, ways = page_of(select(*keys).where(*where), keys, wanted, size=size)
    return in_order(Article, rows, *FOR_LISTS), ways


def slug_holder(slug: str) -> int | None:
    """The id of the article that has this slug, or once had it."""
    now_there = select(Article.id).where(Article.slug == slug)
    once_there = select(FormerSlug.article_id).where(FormerSlug.slug == slug)
    return db.session.scalar(now_there.union_all(once_there).limit(1))


def slugs_like(slug: str) -> set[str]:
    """Slugs, present and former, that begin with this one."""
    now_there = select(Article.slug).where(Article.slug.startswith(slug, autoescape=True))
    once_there = select(FormerSlug.slug).where(FormerSlug.slug.startswith(slug, autoescape=True))
    return set(db.session.scalars(now_there.union_all(once_there)))


# Pictures


def image_sizes(source: str) -> dict[str, tuple[int, int]]:
    """(width, height) in pixels of the uploaded pictures in a text, by their `/media/` path."""
    names = set(_IMAGE_PATH.findall(source))
    if not names:
        return {}
    found = db.session.execute(
        select(Image.name, Image.width, Image.height).where(Image.name.in_(names))
    )
    return {f"/media/{name}": (width, height) for name, width, height in found}


def pictures(wanted: Wanted = FIRST, size: int = 24) -> tuple[list[Image], Ways]:
    """Uploaded pictures, newest first."""
    rows, ways = page_of(select(Image.id), (Image.id,), wanted, size=size)
    return in_order(Image, rows), ways
