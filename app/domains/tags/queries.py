"""Reads of tags, and the lexicon that finds them in a text."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Row, Select, String, bindparam, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from app.domains.tags.models import FormerTagSlug, Tag, TagSynonym
from app.engines.matching import Lexicon, TagPhrases
from app.engines.matching.likeness import telling
from app.engines.text.names import same_words
from app.infra.db import db, rows_of

_BETWEEN_FIELDS = "\x1f"  # no phrase holds a control character: services admit none
_BETWEEN_ROWS = "\x1e"


def all_tags() -> list[Tag]:
    """Every tag with its synonyms, by name."""
    return list(db.session.scalars(_all()))


@cache
def _all() -> Select[Tag]:
    """Put together once in each process, as all that public pages ask is."""
    by_name = func.lower(Tag.name), Tag.id
    return select(Tag).options(selectinload(Tag.synonyms)).order_by(*by_name)


def tag_names() -> Sequence[Row[int, str, str]]:
    """Id, slug and name of every tag, by name."""
    return rows_of(_names())


@cache
def _names() -> Select[int, str, str]:
    return select(Tag.id, Tag.slug, Tag.name).order_by(func.lower(Tag.name), Tag.id)


def tag_choices() -> list[tuple[int, str]]:
    """Id and name of every tag, by name, for a form."""
    found = db.session.execute(select(Tag.id, Tag.name).order_by(func.lower(Tag.name), Tag.id))
    return [(tag_id, name) for tag_id, name in found]


def find_tag(slug: str) -> Tag | None:
    return db.session.scalar(_with_slug(), {"slug": slug})


@cache
def _with_slug() -> Select[Tag]:
    return select(Tag).where(Tag.slug == bindparam("slug"))


class TagShown(NamedTuple):
    """A tag as its page draws it; `phrases` are its synonyms in the order of the letters."""

    id: int
    slug: str
    name: str
    description: str
    phrases: tuple[str, ...]


def find_shown(slug: str) -> TagShown | None:
    rows = rows_of(_shown(), {"slug": slug})
    if not rows:
        return None
    said = tuple(row.phrase for row in rows if row.phrase is not None)
    first = rows[0]
    return TagShown(first.id, first.slug, first.name, first.description, said)


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    return (
        select(Tag.id, Tag.slug, Tag.name, Tag.description, TagSynonym.phrase)
        .outerjoin(TagSynonym, TagSynonym.tag_id == Tag.id)
        .where(Tag.slug == bindparam("slug"))
        .order_by(TagSynonym.phrase)
    )


def find_former(slug: str) -> Tag | None:
    """The tag that had this address once, or that took in one which had it."""
    statement = select(Tag).join(FormerTagSlug, FormerTagSlug.tag_id == Tag.id)
    return db.session.scalar(statement.where(FormerTagSlug.slug == slug))


def find_named(words: str, *, but: int | None = None) -> Tag | None:
    """The first tag, other than `but`, whose name reads the same: whatever its case or script."""
    names = db.session.execute(select(Tag.id, Tag.name).order_by(Tag.id))
    return _first_that_says(words, [(tag_id, name) for tag_id, name in names], but)


def find_meant(words: str, *, but: int | None = None) -> Tag | None:
    """The first tag, other than `but`, with a synonym that reads the same."""
    rows = select(TagSynonym.tag_id, TagSynonym.phrase).order_by(TagSynonym.tag_id)
    phrases = db.session.execute(rows)
    return _first_that_says(words, [(tag_id, phrase) for tag_id, phrase in phrases], but)


def _first_that_says(words: str, rows: Collection[tuple[int, str]], but: int | None) -> Tag | None:
    wanted = same_words(words)
    for tag_id, said in rows:
        if tag_id != but and same_words(said) == wanted:
            return db.session.get(Tag, tag_id)
    return None


def find_tag_by_id(tag_id: int) -> Tag | None:
    return db.session.get(Tag, tag_id)


def tags_with_ids(tag_ids: Collection[int]) -> list[Tag]:
    """The tags among these ids that exist, by name."""
    if not tag_ids:
        return []
    return list(db.session.scalars(select(Tag).where(Tag.id.in_(tag_ids)).order_by(Tag.name)))


def names_of(tag_ids: Collection[int]) -> list[str]:
    """The names of the tags among these ids that exist, in the order of the letters."""
    return [row.name for row in rows_of(_names_of(), {"ids": list(tag_ids)})] if tag_ids else []


@cache
def _names_of() -> Select[str]:
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    return select(Tag.name).where(Tag.id.in_(ids)).order_by(Tag.name)


def near_identical(tags: Collection[Tag]) -> list[tuple[Tag, Tag]]:
    """Pairs of these tags whose names or synonyms are the same but for endings, small words and
    their order: they may be one. In the order in which they were given."""
    by_words: dict[frozenset[str], list[Tag]] = {}
    for tag in tags:
        for said in {frozenset(telling(phrase)) for phrase in tag.phrases} - {frozenset()}:
            by_words.setdefault(said, []).append(tag)
    pairs = {pair: None for sharing in by_words.values() for pair in combinations(sharing, 2)}
    return list(pairs)


def lexicon() -> Lexicon:
    """All that means a tag, ready for matching; never older than the caller's transaction.

    One query brings the phrases as one text, and that text is also the key under which the
    compiled lexicon is kept: nothing has to remember to throw it away.
    """
    return _compiled(*rows_of(_all_phrases())[0])


@cache
def _all_phrases() -> Select[tuple[str, str]]:
    names = select(_joined(Tag.id, Tag.name)).scalar_subquery()
    synonyms = select(_joined(TagSynonym.tag_id, TagSynonym.phrase)).scalar_subquery()
    return select(func.coalesce(names, ""), func.coalesce(synonyms, ""))


def _joined(tag_id: InstrumentedAttribute[int], phrase: InstrumentedAttribute[str]) -> Any:
    row = cast(tag_id, String).concat(_BETWEEN_FIELDS).concat(phrase)
    return func.aggregate_strings(row, _BETWEEN_ROWS)


@lru_cache(maxsize=4)
def _compiled(names: str, synonyms: str) -> Lexicon:
    phrases: dict[int, list[str]] = {}
    for row in f"{names}{_BETWEEN_ROWS}{synonyms}".split(_BETWEEN_ROWS):
        tag_id, _, phrase = row.partition(_BETWEEN_FIELDS)
        if phrase:
            phrases.setdefault(int(tag_id), []).append(phrase)
    return Lexicon(TagPhrases(tag_id, tuple(own)) for tag_id, own in sorted(phrases.items()))
