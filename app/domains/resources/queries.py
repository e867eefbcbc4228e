"""Reads of resources. All of them are public; there are no drafts here."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import defer, raiseload, selectinload

from app.domains.resources.models import Resource, resource_tag
from app.domains.resources.states import ResourceKind
from app.infra.db import db
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
    """Resources by title, with their tags and without their bodies."""
    where = () if kind is None else (Resource.kind == kind,)
    keys = func.lower(Resource.title).label("small_title"), Resource.id
    rows, ways = page_of(select(*keys).where(*where), keys, wanted, size=size, newest_first=False)
    return in_order(Resource, rows, *FOR_LISTS, selectinload(Resource.tags)), ways


def resources_behind(tag_ids: Collection[int], limit: int = 6) -> list[Resource]:
    """Resources that carry any of these tags, those that share most of them first.

    One query; which tags each carries is not loaded.
    """
    if not tag_ids:
        return []
    shared = (
        select(resource_tag.c.resource_id, func.count().label("shared"))
        .where(resource_tag.c.tag_id.in_(tag_ids))
        .group_by(resource_tag.c.resource_id)
        .subquery()
    )
    found = db.session.scalars(
        select(Resource)
        .join(shared, shared.c.resource_id == Resource.id)
        .options(*FOR_LISTS, raiseload(Resource.tags))
        .order_by(shared.c.shared.desc(), Resource.updated_at.desc(), Resource.id)
        .limit(limit)
    )
    return list(found)
