"""Adding, changing and removing resources; a row in the record beside every change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts.models import Account
from app.domains.resources.addresses import tidy_url
from app.domains.resources.errors import ResourceSlugTaken, UnfitResource
from app.domains.resources.events import ResourceChanged, ResourceRemoved
from app.domains.resources.models import SUMMARY_LENGTH, TITLE_LENGTH, Resource
from app.domains.resources.states import ResourceKind
from app.domains.tags.models import SLUG_LENGTH
from app.domains.tags.queries import tags_with_ids
from app.engines.text.render import RENDER_VERSION, render_article
from app.engines.text.slug import slugify
from app.infra import admitted, audit, clock
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _
from app.infra.saying import say_to_all

SOURCE_LENGTH = 50_000

ImageSizes = Mapping[str, tuple[int, int]]
_NO_SIZES: ImageSizes = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceText:
    """What a resource is, as it came from a form or a file. An empty slug is made from the title;
    `source` is Markdown for the resource's own page."""

    kind: ResourceKind
    title: str
    slug: str = ""
    summary: str = ""
    url: str = ""
    source: str = ""
    tag_ids: Collection[int] = ()


def add_resource(
    text: ResourceText, *, by: Account | None = None, sizes: ImageSizes = _NO_SIZES
) -> Resource:
    """Add a resource. `sizes` is (width, height) of the pictures in its text, by `/media/` path
    (they belong to the articles, which stand above). `by` None is a command or an import.

    Raises UnfitResource and ResourceSlugTaken.
    """
    resource = Resource(created_at=clock.now())
    _write(resource, text, sizes)
    _put_on_record("create", resource, by)
    record(ResourceChanged(resource.id))
    return resource


def edit_resource(
    resource: Resource,
    text: ResourceText,
    *,
    by: Account | None = None,
    sizes: ImageSizes = _NO_SIZES,
) -> Resource:
    """Replace all that a resource says. Raises UnfitResource and ResourceSlugTaken."""
    before = resource.slug
    _write(resource, text, sizes)
    _put_on_record("edit", resource, by, {"slug_before": before} if before != resource.slug else {})
    record(ResourceChanged(resource.id))
    return resource


def remove_resource(resource: Resource, *, by: Account | None = None) -> None:
    """Take a resource away for good; the record keeps its title and address."""
    _put_on_record("remove", resource, by, {"url": resource.url})
    record(ResourceRemoved(resource.id))
    db.session.delete(resource)
    db.session.flush()


def render_again(resource: Resource, sizes: ImageSizes = _NO_SIZES) -> bool:
    """Render the source by today's rules; whether the HTML changed."""
    html = render_article(resource.source, sizes, say_to_all)
    changed = html != resource.html
    resource.html = html
    resource.render_version = RENDER_VERSION
    return changed


def _write(resource: Resource, text: ResourceText, sizes: ImageSizes) -> None:
    """Set and flush. The database has the last word on slugs when two people save at once."""
    title = admitted.line(text.title, "title", TITLE_LENGTH, UnfitResource)
    slug = slugify(text.slug or title, SLUG_LENGTH)
    url = tidy_url(text.url)
    summary = admitted.line(
        text.summary, "summary", SUMMARY_LENGTH, UnfitResource, may_be_empty=True
    )
    source = admitted.body(text.source, "source", SOURCE_LENGTH, UnfitResource)
    if url is None and not source:
        raise UnfitResource(_("Give it an address, a text of its own, or both."), "url")
    tags = tags_with_ids(text.tag_ids)
    holder = db.session.scalar(select(Resource.id).where(Resource.slug == slug))
    if holder is not None and holder != resource.id:
        raise ResourceSlugTaken
    try:
        with db.session.begin_nested():
            resource.kind, resource.title, resource.slug = text.kind, title, slug
            resource.summary, resource.url, resource.source = summary, url, source
            resource.updated_at = clock.now()
            resource.tags = tags
            render_again(resource, sizes)
            db.session.add(resource)
    except IntegrityError as taken:
        raise ResourceSlugTaken from taken


def _put_on_record(
    act: str, resource: Resource, by: Account | None, detail: dict[str, object] | None = None
) -> None:
    audit.write(
        act,
        "resource",
        resource.id,
        by=by,
        detail={"title": resource.title, "slug": resource.slug, **(detail or {})},
    )
