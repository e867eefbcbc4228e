"""What stands beside an article, and what answers questions already: things that share tags, found
for everybody. What everyone may read of articles is told by `queries.visible`."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.domains.articles.models import Article, article_path, article_tag
from app.domains.articles.queries import visible
from app.domains.resources.models import Resource, resource_path, resource_tag
from app.domains.tags.models import Tag
from app.infra import clock
from app.infra.db import UtcDateTime, rows_of
from app.infra.kept.facts import facts_of_site

ARTICLE = "article"
NEWEST = 500
"""Of how many articles those that share a tag are chosen, so that a page costs the same on any
site."""
_NEWEST_FIRST = (Article.published_at.desc(), Article.id.desc())
_NOW = bindparam("now", type_=UtcDateTime())
_TAG_IDS: BindParameter[Any] = bindparam("tag_ids", expanding=True)
"""Parameters of statements that are put together once in each process."""


# What stands beside an article

TAG = "tag"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A thing that answers already: `kind` is article or a kind of resource, `href` its path."""

    kind: str
    title: str
    href: str
    summary: str


@cache
def _around() -> Select[*tuple[Any, ...]]:
    """The tags of an article, and the resources that carry any of them, those that share most of
    them first. In one statement, since every page that is drawn asks for both."""
    own = select(article_tag.c.tag_id).where(article_tag.c.article_id == bindparam("article_id"))
    shared = func.count().label("shared")
    carrying = (
        select(resource_tag.c.resource_id, shared)
        .where(resource_tag.c.tag_id.in_(own))
        .group_by(resource_tag.c.resource_id)
        .subquery()
    )
    nearest = (carrying.c.shared.desc(), Resource.updated_at.desc(), Resource.id)
    resources = (
        select(
            func.row_number().over(order_by=nearest).label("place"),
            Resource.kind,
            Resource.slug,
            Resource.title,
            Resource.summary,
        )
        .join(carrying, carrying.c.resource_id == Resource.id)
        .order_by(*nearest)
        .limit(bindparam("most"))
        .subquery()
    )
    tags = select(literal(0), literal(TAG), Tag.slug, Tag.name, literal("")).where(Tag.id.in_(own))
    whole = union_all(select(*resources.c), tags).subquery()
    return select(*whole.c)


def around(article_id: int, *, most: int) -> tuple[list[tuple[str, str]], list[Pointer]]:
    """The tags of an article as (slug, name), by name, and at most so many resources that carry any
    of them, nearest first. One query; none for what is known of this version of the site."""
    known = facts_of_site()
    key = "around", article_id, most
    found: tuple[list[tuple[str, str]], list[Pointer]] | None = known.get(key)
    if found is None:
        found = known[key] = _find_around(article_id, most)
    return found


def _find_around(article_id: int, most: int) -> tuple[list[tuple[str, str]], list[Pointer]]:
    rows = rows_of(_around(), {"article_id": article_id, "most": most})
    tags = [(row.slug, row.title) for row in rows if row.kind == TAG]
    tags.sort(key=itemgetter(1))
    things = sorted((row for row in rows if row.kind != TAG), key=itemgetter(0))
    return tags, [
        Pointer(row.kind, row.title, resource_path(row.slug), row.summary) for row in things
    ]


# What answers questions already


@dataclass(frozen=True, slots=True)
class _Carrier:
    """A thing and those of the asked tags that it carries; `fresh` is when it last was news."""

    pointer: Pointer
    tag_ids: frozenset[int]
    fresh: datetime


def pointers_for(
    wanted: Mapping[int, Collection[int]], *, limit: int = 5
) -> dict[int, list[Pointer]]:
    """For many things at once, each with its own tag ids: the visible articles and resources with
    any of them, most shared first, then newest. One query in all, and one more where a site has
    more than NEWEST articles: what stands first is then chosen among the newest of all, and of
    those with a rare tag. None for what is known of this version of the site."""
    alike = {key: frozenset(own) for key, own in wanted.items()}
    known = facts_of_site()
    nearest = {own: known.get(("pointers", own, limit)) for own in set(alike.values())}
    missing = [own for own, found in nearest.items() if found is None]
    tag_ids = frozenset[int]().union(*missing)
    carriers = _carrying(tag_ids, limit) if tag_ids else []
    for own in missing:
        nearest[own] = known["pointers", own, limit] = _nearest(carriers, own, limit)
    return {key: nearest[own] or [] for key, own in alike.items()}


def _nearest(carriers: list[_Carrier], tag_ids: frozenset[int], limit: int) -> list[Pointer]:
    sharing = [
        (len(shared), carrier.fresh, carrier.pointer.href, carrier.pointer)
        for carrier in carriers
        if (shared := carrier.tag_ids & tag_ids)
    ]
    nearest = heapq.nlargest(limit, sharing, key=itemgetter(0, 1, 2))
    return [pointer for _, _, _, pointer in nearest]


def _carrying(tag_ids: Collection[int], limit: int) -> list[_Carrier]:
    """Resources with any of these tags, and of the newest articles those with any; of a tag that
    is rare among them older ones too, which on a large site is a second query."""
    asked = {"tag_ids": list(tag_ids), "now": clock.now()}
    rows = rows_of(_newest_carrying(), asked)
    found = [row for row in rows if row.tag_id is not None]
    if any(row.is_large for row in rows):
        often = Counter(row.tag_id for row in found if row.kind == ARTICLE)
        rare = [tag_id for tag_id in tag_ids if often[tag_id] < limit]
        if rare:
            found += rows_of(_all_carrying(), {**asked, "tag_ids": rare})
    return _carriers(found)


@cache
def _newest_carrying() -> Select[*tuple[Any, ...]]:
    """The things, and a row without one that says whether there are more articles than NEWEST."""
    newest = select(Article.id).where(visible(_NOW)).order_by(*_NEWEST_FIRST)
    some = newest.limit(NEWEST).subquery()
    last = newest.offset(NEWEST - 1).limit(1).scalar_subquery()
    articles = _tagged().join(some, some.c.id == Article.id).subquery()
    no_thing = (cast(null(), column.type).label(column.name) for column in articles.c)
    is_large = select(last.is_not(None).label("is_large"), *no_thing)
    things = (select(false(), *part.c) for part in (articles, _resources().subquery()))
    whole = union_all(is_large, *things).subquery()
    return select(*whole.c)


@cache
def _all_carrying() -> Select[*tuple[Any, ...]]:
    some = _tagged().where(visible(_NOW)).order_by(*_NEWEST_FIRST).limit(NEWEST).subquery()
    return select(false().label("is_large"), *some.c)


def _tagged() -> Select[int, str, str, str, str, datetime | None]:
    return (
        select(
            article_tag.c.tag_id,
            literal(ARTICLE).label("kind"),
            Article.slug,
            Article.title,
            Article.summary,
            Article.published_at.label("fresh"),
        )
        .join(article_tag, article_tag.c.article_id == Article.id)
        .where(article_tag.c.tag_id.in_(_TAG_IDS))
    )


def _resources() -> Select[*tuple[Any, ...]]:
    return (
        select(
            resource_tag.c.tag_id,
            Resource.kind,
            Resource.slug,
            Resource.title,
            Resource.summary,
            Resource.updated_at.label("fresh"),
        )
        .join(resource_tag, resource_tag.c.resource_id == Resource.id)
        .where(resource_tag.c.tag_id.in_(_TAG_IDS))
    )


def _carriers(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[_Carrier]:
    """One carrier a thing out of rows of (tag, thing)."""
    carried: dict[tuple[str, str], set[int]] = {}
    things: dict[tuple[str, str], Pointer] = {}
    fresh: dict[tuple[str, str], datetime] = {}
    for _is_large, tag_id, kind, slug, title, summary, at in rows:
        thing = kind, slug
        if thing not in things:
            path = article_path(slug) if kind == ARTICLE else resource_path(slug)
            things[thing], fresh[thing] = Pointer(kind, title, path, summary), at
            carried[thing] = set()
        carried[thing].add(tag_id)
    return [
        _Carrier(pointer, frozenset(carried[thing]), fresh[thing])
        for thing, pointer in things.items()
    ]
