"""Making and changing tags; a row in the record beside every change."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts.models import Account
from app.domains.tags import queries
from app.domains.tags.errors import TagSlugTaken, UnfitTag
from app.domains.tags.events import TagChanged
from app.domains.tags.models import PHRASE_LENGTH, SLUG_LENGTH, FormerTagSlug, Tag, TagSynonym
from app.engines.text.names import same_words
from app.engines.text.slug import slugify
from app.infra import admitted, audit, locks
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _

DESCRIPTION_LENGTH = 2000
TURN = "tags"
"""The name under which whoever names or merges tags waits for whoever else does."""


def create_tag(
    name: str,
    *,
    slug: str = "",
    description: str = "",
    synonyms: Iterable[str] = (),
    by: Account | None = None,
) -> Tag:
    """Add a tag; an empty slug is made from the name. `by` None is a command or an import.

    Raises UnfitTag and TagSlugTaken.
    """
    tag = Tag()
    _write(tag, name, slug, description, synonyms)
    _put_on_record("create", tag, by)
    return tag


def edit_tag(
    tag: Tag,
    *,
    name: str,
    slug: str = "",
    description: str = "",
    synonyms: Iterable[str] = (),
    by: Account | None = None,
) -> Tag:
    """Change all that a tag is; synonyms that are left out are forgotten.

    Raises UnfitTag and TagSlugTaken.
    """
    before = as_facts(tag)
    _write(tag, name, slug, description, synonyms)
    if as_facts(tag) != before:
        _put_on_record("edit", tag, by, before=before)
        record(TagChanged(tag.id))
    return tag


def _write(tag: Tag, name: str, slug: str, description: str, synonyms: Iterable[str]) -> None:
    """Set and flush. The database has the last word on slugs when two people save at once."""
    tidy_name = admitted.line(name, "name", PHRASE_LENGTH, UnfitTag)
    tidy_slug = slugify(slug or tidy_name, SLUG_LENGTH)
    tidy_description = admitted.body(
        description.strip(), "description", DESCRIPTION_LENGTH, UnfitTag
    )
    phrases = tidy_synonyms(tidy_name, synonyms)
    locks.take([TURN])
    holder = db.session.scalar(select(Tag.id).where(Tag.slug == tidy_slug))
    if holder is not None and holder != tag.id:
        raise TagSlugTaken
    check_words(tag, tidy_name, phrases)
    known = {synonym.phrase: synonym for synonym in tag.synonyms}
    former = tag.slug
    try:
        with db.session.begin_nested():
            tag.name, tag.slug, tag.description = tidy_name, tidy_slug, tidy_description
            tag.synonyms = [known.get(phrase) or TagSynonym(phrase=phrase) for phrase in phrases]
            db.session.add(tag)
    except IntegrityError as taken:
        raise TagSlugTaken from taken
    _keep_addresses(tag, former)


def check_words(tag: Tag, name: str, phrases: Iterable[str]) -> None:
    """Refuse a name that another tag has or is found by, and a synonym that is another tag's name:
    a question could mean either. What the tag has already may stay. Raises UnfitTag."""
    had = {same_words(phrase) for phrase in tag.phrases} if tag.id is not None else set()
    if same_words(name) not in had:
        holder = queries.find_named(name, but=tag.id)
        if holder is not None:
            raise UnfitTag(
                _("There is a tag “%(name)s” already. Choose another name.", name=holder.name),
                "name",
            )
        holder = queries.find_meant(name, but=tag.id)
        if holder is not None:
            raise UnfitTag(
                _(
                    "“%(name)s” is a synonym of the tag “%(tag)s”. Take it from there first.",
                    name=name,
                    tag=holder.name,
                ),
                "name",
            )
    for phrase in phrases:
        other = queries.find_named(phrase, but=tag.id) if same_words(phrase) not in had else None
        if other is not None:
            raise UnfitTag(
                _(
                    "“%(phrase)s” is the name of the tag “%(tag)s”. Where the two mean the same, "
                    "merge them.",
                    phrase=phrase,
                    tag=other.name,
                ),
                "synonyms",
            )


def _keep_addresses(tag: Tag, former: str | None) -> None:
    """The address that a tag had leads to it, until another tag takes it."""
    taken = db.session.get(FormerTagSlug, tag.slug)
    if taken is not None:
        db.session.delete(taken)
    if former is not None and former != tag.slug:
        db.session.merge(FormerTagSlug(slug=former, tag_id=tag.id))
    db.session.flush()


def tidy_synonyms(name: str, synonyms: Iterable[str]) -> list[str]:
    """Synonyms without blanks around them, each once whatever its case, and none that is the name.

    Raises UnfitTag for one that is too long or cannot be seen.
    """
    kept: dict[str, str] = {}
    for synonym in synonyms:
        if synonym.strip():
            phrase = admitted.line(synonym, "synonyms", PHRASE_LENGTH, UnfitTag)
            kept.setdefault(phrase.casefold(), phrase)
    kept.pop(name.casefold(), None)
    return sorted(kept.values(), key=str.casefold)


def as_facts(tag: Tag) -> dict[str, object]:
    """A tag as the record keeps it."""
    return {
        "name": tag.name,
        "slug": tag.slug,
        "description": tag.description,
        "synonyms": sorted(synonym.phrase for synonym in tag.synonyms),
    }


def _put_on_record(
    act: str, tag: Tag, by: Account | None, before: dict[str, object] | None = None
) -> None:
    audit.write(
        act,
        "tag",
        tag.id,
        by=by,
        detail={"before": before, "after": as_facts(tag)} if before else as_facts(tag),
    )
