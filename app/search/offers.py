"""What may answer a question already, as it is offered to whoever asks: a few things that everyone
may read, each with the place in it that speaks of the question, and why it is offered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, tuple_

from app.domains.comments.models import Comment
from app.domains.comments.queries import is_answered, published
from app.infra import clock
from app.infra.db import db
from app.search import places
from app.search.alike import KINDS, Alike, alike
from app.search.excerpts import Pieces, excerpt
from app.search.folding import folded
from app.search.models import SearchDocument

MOST = 3
EXCERPT_LENGTH = 140
_LOOKED_AT = 10
"""How many are looked at for three that are answers: questions that still wait are none."""
_LONGEST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that may answer. `excerpt` is plain text in pieces, each with whether it is one of
    the asker's words."""

    alike: Alike
    excerpt: Pieces


@dataclass(frozen=True, slots=True)
class Link:
    """Something that everyone may read, as its title and path."""

    title: str
    href: str


def for_asker(text: str, *, without: Collection[tuple[str, int]] = ()) -> list[Offer]:
    """At most three things that answer what somebody writes, best first; of questions only those
    that are answered. `without` leaves out by kind and id what the asker reads already."""
    found = alike(text, limit=_LOOKED_AT, without=without)
    return answering(folded(found, without=without))


def answering(found: Sequence[Alike]) -> list[Offer]:
    """The first three of these that answer; what has left the index since is left out."""
    asked = [one.ref for one in found if one.kind == "question"]
    answered = answered_among(asked) if asked else set()
    kept = [one for one in found if one.kind != "question" or one.ref in answered][:MOST]
    if not kept:
        return []
    texts = {
        (row.kind, row.ref): row.text
        for row in db.session.execute(
            select(
                SearchDocument.kind,
                SearchDocument.ref,
                func.substr(SearchDocument.body, 1, _LONGEST_READ).label("text"),
            ).where(_are([(one.kind, one.ref) for one in kept]))
        )
    }
    return [
        Offer(one, _excerpt(one, texts[one.kind, one.ref]))
        for one in kept
        if (one.kind, one.ref) in texts
    ]


def link_to(kind: str, ref: int) -> Link | None:
    """The title and path of something in the index; None for what nobody may read any more."""
    if kind not in KINDS:
        return None
    title = db.session.scalar(select(SearchDocument.title).where(_are([(kind, ref)])))
    if title is None:
        return None
    href = places.paths([(kind, ref, title)]).get((kind, ref))
    return Link(title, href) if href else None


def _excerpt(one: Alike, text: str) -> Pieces:
    """Where it speaks of the question; a title that begins the text is not said twice."""
    rest = text.removeprefix(one.title).lstrip()
    return excerpt(rest or text, one.because or one.tags, EXCERPT_LENGTH)


def _are(things: Sequence[tuple[str, int]]) -> ColumnElement[bool]:
    return tuple_(SearchDocument.kind, SearchDocument.ref).in_(things) & (
        SearchDocument.visible_from <= clock.now()
    )


def answered_among(question_ids: Collection[int]) -> set[int]:
    """Those of these questions that everyone may read and that have an answer."""
    return set(
        db.session.scalars(
            select(Comment.id).where(
                Comment.id.in_(question_ids), published(of_few=True), is_answered()
            )
        )
    )
