"""Reads of articles. What everyone may read goes through `visible`, the one place that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article, FormerSlug, Redirect, article_tag
from app.domains.articles.states import ArticleStatus
from app.infra import clock
from app.infra.db import UtcDateTime, as_read, db, rows_of
from app.infra.kept.facts import facts_of_site
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of

ARTICLES_A_PAGE = 10
WITHOUT_TEXTS = defer(Article.source, raiseload=True), defer(Article.html, raiseload=True)
FOR_LISTS = (
    *WITHOUT_TEXTS,
    joinedload(Article.author, innerjoin=True),
)
"""A list draws no texts, and asking for one there is a fault that a test finds."""
BY_SLUG = select(Article.id).where(Article.slug == bindparam("slug"))
_NEWEST_FIRST = (Article.published_at.desc(), Article.id.desc())
_NOW = bindparam("now", type_=UtcDateTime())
"""A parameter of statements that are put together once in each process."""


def visible(at: datetime | BindParameter[datetime] | None = None) -> ColumnElement[bool]:
    """Published, and its time has come (by `at`, or the clock): neither draft nor scheduled."""
    return and_(
        Article.status == ArticleStatus.PUBLISHED,
        Article.published_at <= (clock.now() if at is None else at),
    )


# Lists that everyone may see


def front_page(wanted: Wanted = FIRST, size: int = ARTICLES_A_PAGE) -> tuple[list[Article], Ways]:
    """Visible articles, newest first. Two queries."""
    return _listed(visible(), wanted=wanted, size=size)


def by_author(
    author: Account, wanted: Wanted = FIRST, size: int = ARTICLES_A_PAGE
) -> tuple[list[Article], Ways]:
    """Visible articles of one author, newest first."""
    return _listed(visible(), Article.author_id == author.id, wanted=wanted, size=size)


def with_tag(tag_id: int, most: int) -> Sequence[Row[str, str, str, datetime | None]]:
    """Slug, title, summary and time of publication of the newest visible articles that carry a tag.
    One query, which counts nothing."""
    return rows_of(_with_tag(), {"tag_id": tag_id, "most": most, "now": clock.now()})


@cache
def _with_tag() -> Select[str, str, str, datetime | None]:
    return (
        select(Article.slug, Article.title, Article.summary, Article.published_at)
        .join(article_tag, article_tag.c.article_id == Article.id)
        .where(article_tag.c.tag_id == bindparam("tag_id"), visible(_NOW))
        .order_by(*_NEWEST_FIRST)
        .limit(bindparam("most"))
    )


def published_in(
    year: int, month: int, wanted: Wanted = FIRST, size: int = 50
) -> tuple[list[Article], Ways]:
    """Visible articles of one month in UTC, newest first. Raises ValueError for no such month."""
    start = datetime(year, month, 1, tzinfo=UTC)
    end = start.replace(year=year + month // 12, month=month % 12 + 1)
    within = Article.published_at >= start, Article.published_at < end
    return _listed(visible(), *within, wanted=wanted, size=size)


def months() -> list[tuple[int, int, int]]:
    """Year, month and how many visible articles, newest month first.

    Counted here: the two databases disagree about the zone in which a month begins.
    """
    times = db.session.scalars(select(Article.published_at).where(visible()))
    counts = Counter((at.year, at.month) for at in times if at is not None)
    return [(year, month, counts[year, month]) for year, month in sorted(counts, reverse=True)]


def years() -> list[tuple[int, list[tuple[int, int]]]]:
    """The archive: each year with its months and their counts, newest first."""
    return [
        (year, [(month, count) for _, month, count in own])
        for year, own in groupby(months(), key=lambda entry: entry[0])
    ]


def _listed(*where: ColumnElement[bool], wanted: Wanted, size: int) -> tuple[list[Article], Ways]:
    keys = Article.published_at, Article.id
    rows, ways = page_of(select(*keys).where(*where), keys, wanted, size=size)
    return in_order(Article, rows, *FOR_LISTS), ways


def last_time() -> datetime | None:
    """When the newest article that everyone may see came out, as far as it was known a minute ago;
    None where there is none."""
    known = facts_of_site()
    key = "last time of an article"
    if key not in known:
        known[key] = rows_of(_last_time(), {"now": clock.now()})[0][0]
    found: datetime | None = known[key]
    return found


@cache
def _last_time() -> Select[datetime | None]:
    return select(func.max(Article.published_at)).where(visible(_NOW))


# One article that everyone may see


def find_visible(slug: str) -> Article | None:
    """A visible article with its author and tags."""
    return _whole(Article.slug == slug, visible())


def find_with_author(slug: str) -> Article | None:
    """The same without its tags. What pages do not show of its author is read when it is asked
    for."""
    found = rows_of(_with_author(), {"slug": slug, "now": clock.now()})
    if not found:
        return None
    own, writer = found[0][: len(_DRAWN)], found[0][len(_DRAWN) :]
    article = as_read(Article, dict(zip(_DRAWN, own, strict=True)))
    author = as_read(Account, dict(zip(_OF_AUTHOR, writer, strict=True)))
    set_committed_value(article, "author", author)
    return article


_DRAWN = [one.name for one in Article.__table__.columns]
_OF_AUTHOR = ("id", "username", "name", "role")


@cache
def _with_author() -> Select[*tuple[Any, ...]]:
    columns = [Article.__table__.c[name] for name in _DRAWN]
    writer = [Account.__table__.c[name] for name in _OF_AUTHOR]
    return (
        select(*columns, *writer)
        .join_from(Article, Account, Account.id == Article.author_id)
        .where(Article.slug == bindparam("slug"), visible(_NOW))
    )


def find_to_write_under(slug: str) -> Article | None:
    """A visible article without its text, its author or tags, for those who write under it."""
    found = rows_of(_without_text(), {"slug": slug, "now": clock.now()})
    return as_read(Article, dict(zip(_SHORT, found[0], strict=True))) if found else None


_SHORT = [one.name for one in Article.__table__.columns if one.name not in ("source", "html")]


@cache
def _without_text() -> Select[*tuple[Any, ...]]:
    columns = [Article.__table__.c[name] for name in _SHORT]
    return select(*columns).where(
        Article.slug == bindparam("slug"), visible(bindparam("now", type_=UtcDateTime))
    )


def find_former(slug: str) -> Article | None:
    """The visible article that once had this slug."""
    owner = select(FormerSlug.article_id).where(FormerSlug.slug == slug).scalar_subquery()
    return db.session.scalar(select(Article).where(Article.id == owner, visible()))


def find_redirect(path: str) -> Article | None:
    """The visible article that a former site had under this path (`/2012/01/07/hello/`, `/?p=12`).

    With and without the slash at the end, as blogs answer both.
    """
    spellings = (path, path.rstrip("/"), path.rstrip("/") + "/")
    owner = select(Redirect.article_id).where(Redirect.path.in_(spellings)).limit(1)
    return db.session.scalar(
        select(Article).where(Article.id == owner.scalar_subquery(), visible())
    )


def find_author(username: str) -> Account | None:
    """A person who has an author's page."""
    return db.session.scalar(select(Account).where(Account.username == username, is_author()))


def is_author() -> ColumnElement[bool]:
    """Whether a person has an author's page: by the author's role, or by visible articles."""
    return or_(
        and_(Account.role == Role.AUTHOR, Account.disabled_at.is_(None)),
        select(Article.id).where(Article.author_id == Account.id, visible()).exists(),
    )


def _whole(*where: ColumnElement[bool]) -> Article | None:
    return db.session.scalar(
        select(Article)
        .options(joinedload(Article.author, innerjoin=True), selectinload(Article.tags))
        .where(*where)
    )
