"""Reads of resources. All of them are public; there are no drafts here."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import defer, selectinload

from app.domains.resources.models import Resource, resource_path, resource_tag
from app.domains.resources.states import ResourceKind
from app.infra.db import db, rows_of
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of

RESOURCES_A_PAGE = 50
FOR_LISTS = (defer(Resource.source, raiseload=True), defer(Resource.html, raiseload=True))
"""A list draws no bodies, and asking for one there is a fault that a test finds."""


def find_resource(slug: str) -> Resource | None:
    return db.session.scalar(
        select(Resource).options(selectinload(Resource.tags)).where(Resource.slug == slug)
    )


def find_resource_by_id(resource_id: int) -> Resource | None:
    return db.session.get(Resource, resource_id)


def all_resources(
    *, kind: ResourceKind | None = None, wanted: Wanted = FIRST, size: int = RESOURCES_A_PAGE
) -> tuple[list[Resource], Ways]:
    """Resources by title, with their tags and without their bodies. They are as many as those who
    run the site wrote, and are put in order where they are asked for."""
    where = () if kind is None else (Resource.kind == kind,)
    keys = func.lower(Resource.title, type_=Resource.title.type).label("small_title"), Resource.id
    rows, ways = page_of(select(*keys).where(*where), keys, wanted, size=size, newest_first=False)
    return in_order(Resource, rows, *FOR_LISTS, selectinload(Resource.tags)), ways


class Entry(NamedTuple):
    """A resource as a list draws it; `href` is the path of its page."""

    kind: str
    title: str
    href: str
    summary: str


def with_tag(tag_id: int, *, most: int) -> list[Entry]:
    """Resources that carry a tag, those that were changed last first. One query."""
    rows = rows_of(_with_tag(), {"tag_id": tag_id, "most": most})
    return [Entry(row.kind, row.title, resource_path(row.slug), row.summary) for row in rows]


@cache
def _with_tag() -> Select[*tuple[Any, ...]]:
    """Put together once in each process."""
    return (
        select(Resource.kind, Resource.title, Resource.slug, Resource.summary)
        .join(resource_tag, resource_tag.c.resource_id == Resource.id)
        .where(resource_tag.c.tag_id == bindparam("tag_id"))
        .order_by(Resource.updated_at.desc(), Resource.id)
        .limit(bindparam("most"))
    )
