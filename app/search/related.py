"""What is related to a thing that everyone may read, for the foot of its page.

Found once an hour in each process, because finding costs more than the rest of the page. What was
found is asked again at every draw whether everyone may still read it, and where: one query.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.domains.answers.models import AnswerCard, card_path
from app.domains.articles.models import Article, article_path
from app.domains.comments.models import Comment
from app.domains.resources.models import Resource, resource_path
from app.engines.said import Said
from app.infra import clock, running
from app.infra.db import UtcDateTime, rows_of
from app.search.alike import alike_to
from app.search.models import SearchDocument
from app.search.places import Thing, question_path

MOST_SHOWN = 4
MOST_FOUND = 12
"""More than are shown: some of them stand on the page already, or are taken away meanwhile."""
SECONDS = 3600.0
MOST_KEPT = 2_000
_PATHS = {"article": article_path, "resource": resource_path, "card": card_path}
_THINGS: BindParameter[Any] = bindparam("things", expanding=True)
_WORDS = {"card": "answer"}


@dataclass(frozen=True, slots=True)
class Related:
    """`kind` is a reader's word for it; `article_id` says under which article a question stands,
    `why` in a sentence what made it related."""

    kind: str
    title: str
    href: str
    article_id: int | None
    why: Said


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was found, best first, each with why: it is said anew to everybody."""

    until: float
    things: Mapping[Thing, Said]


def related_to(
    kind: str, ref: int, *, shown: Collection[str] = (), outside: int | None = None
) -> list[Related]:
    """What is most like this thing, best first, at most four. Left out is what stands on the page
    already: the paths in `shown`, and the questions under the article with the id `outside`."""
    found = _readable(_found(kind, ref))
    fresh = [
        one
        for one in found
        if one.href not in shown and (outside is None or one.article_id != outside)
    ]
    return fresh[:MOST_SHOWN]


def _found(kind: str, ref: int) -> Mapping[Thing, Said]:
    """From memory where it was found within the hour."""
    kept: dict[Thing, _Kept] = running.kept().setdefault("related", {})
    known = kept.get((kind, ref))
    if known is not None and time.monotonic() < known.until:
        return known.things
    if not _is_read(kind, ref):
        return {}
    things = {(one.kind, one.ref): one.why_both for one in alike_to(kind, ref, limit=MOST_FOUND)}
    kept.pop((kind, ref), None)
    kept[kind, ref] = _Kept(time.monotonic() + SECONDS, things)
    for oldest in list(kept)[: max(0, len(kept) - MOST_KEPT)]:
        kept.pop(oldest, None)  # another thread may have been here
    return things


def _is_read(kind: str, ref: int) -> bool:
    """Whether a worker has read it: what is new has nothing like it until then."""
    rows = rows_of(_READ_VERSION, {"kind": kind, "ref": ref})
    return bool(rows and rows[0][0])


_READ_VERSION = select(SearchDocument.read_version).where(
    SearchDocument.kind == bindparam("kind"), SearchDocument.ref == bindparam("ref")
)


@cache
def _documents() -> Select[*tuple[Any, ...]]:
    """Put together once in each process."""

    def of(kind: str, key: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        return and_(SearchDocument.kind == kind, key == SearchDocument.ref)

    return (
        select(
            SearchDocument.kind,
            SearchDocument.ref,
            SearchDocument.title,
            func.coalesce(Article.slug, Resource.slug, AnswerCard.slug).label("slug"),
            Resource.kind.label("sort"),
            Comment.article_id,
        )
        .outerjoin(Article, of("article", Article.id))
        .outerjoin(Resource, of("resource", Resource.id))
        .outerjoin(AnswerCard, of("card", AnswerCard.id))
        .outerjoin(Comment, of("question", Comment.id))
        .where(
            tuple_(SearchDocument.kind, SearchDocument.ref).in_(_THINGS),
            SearchDocument.visible_from <= bindparam("now", type_=UtcDateTime()),
        )
    )


def _readable(things: Mapping[Thing, Said]) -> list[Related]:
    """Those of these that everyone may read now, as they are called now, in the same order."""
    if not things:
        return []
    rows = rows_of(_documents(), {"things": list(things), "now": clock.now()})
    found: dict[Thing, Related] = {}
    for row in rows:
        if row.kind == "question":
            href = question_path(row.ref, row.title)
        elif row.slug:
            href = _PATHS[row.kind](row.slug)
        else:
            continue
        words = row.sort or _WORDS.get(row.kind, row.kind)
        found[row.kind, row.ref] = Related(
            words, row.title, href, row.article_id, things[row.kind, row.ref]
        )
    return [found[thing] for thing in things if thing in found]
