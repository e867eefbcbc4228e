"""The drawn threads of an article: kept for everybody, for each view and page, with the versions of
the marks that they were drawn at.

Where a mark was raised, what it tells says which threads changed (`infra.kept.changes`): only those
are read and drawn anew, and the others stand as they are (`pieces`). What is of the whole site, and
what nobody told, leaves nothing standing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app, get_template_attribute, request
from markupsafe import Markup

from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments import threads
from app.domains.comments.counting import COUNTED
from app.domains.comments.queries import View
from app.infra import clock, language, running
from app.infra.http.front import LONGEST_SECONDS, THREADS
from app.infra.http.stamp import stamp_of
from app.infra.kept import changes, marking
from app.infra.kept.facts import KEPT
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.kept.memory import Shelf
from app.infra.kept.queries import versions
from app.infra.paging import Wanted, Ways
from app.web.questions.laid import Looker
from app.web.questions.pieces import Piece, pieces_of, still_standing, told_of
from app.web.structured import article_json, json_ld

MOST_BYTES = 4 * 1024 * 1024
Beside = Callable[[], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The page of an article's threads that is asked for."""

    view: View
    wanted: Wanted
    whole: bool

    def key(self, article: Article) -> str:
        place = "all" if self.whole else f"{self.wanted.after} {self.wanted.before}"
        return f"{request.root_path} {article.id} {self.view} {place} {language.current().key}"


@dataclass(frozen=True, slots=True)
class State:
    """What a page is drawn by beside its rows: the versions of its marks, read before anything
    else of it, the moment, and this program with its settings."""

    versions: dict[str, int]
    now: datetime
    stamp: str


@dataclass(slots=True)
class Discussion:
    """One page of an article's threads, drawn. `beside` is kept with it since `beside_at`."""

    pieces: list[Piece]
    ways: Ways
    view: View
    comment_count: int
    is_whole: bool
    is_part: bool
    structured: Markup
    state: State
    beside: dict[str, Any]
    beside_at: datetime

    @property
    def size(self) -> int:
        """Bytes, about."""
        return sum(piece.size for piece in self.pieces) + len(self.structured) + 2_000

    def for_one(self, looker: Looker) -> Markup:
        """The threads as this person finds them, or what is said where there are none."""
        if not self.pieces:
            nothing = get_template_attribute("macros/thread.html", "none_of")
            return Markup(nothing(self.view))  # noqa: S704  (our own template)
        parts = [part for piece in self.pieces for part in piece.lines.parts_for(looker)]
        return Markup("".join(parts))  # noqa: S704  (drawn by our own templates)


def discussion(
    article: Article, view: View, wanted: Wanted, beside: Beside, *, whole: bool = False
) -> Discussion:
    """A page of the threads of this article, or the `whole` of them where one page can hold it:
    kept, where nothing that it shows has changed. `beside` tells what else is to be kept with it;
    it must be the same for everybody."""
    asked = Asked(view, wanted, whole)
    state = State(_versions(article), clock.now(), _stamp())
    shelf = _shelf()
    key = asked.key(article)
    known = shelf.get(key)
    if known is not None and FOR_KEEPING not in request.environ and _is_current(known, state):
        return known
    if known is not None and not _is_of_now(known, state):
        known = None
    drawn = _draw(article, asked, state, known, beside)
    shelf.put(key, drawn)
    return drawn


def _is_current(known: Discussion, state: State) -> bool:
    return (
        known.state.versions == state.versions
        and _is_young(known.state.now, state.now)
        and known.state.stamp == state.stamp
    )


def _is_of_now(known: Discussion, state: State) -> bool:
    """Whether nothing changed but what the article's mark tells of. Where an article's time came
    since, nothing was raised, and a question may name it for its tags."""
    if (
        known.state.versions[marking.SITE] != state.versions[marking.SITE]
        or known.state.stamp != state.stamp
        or known.state.now > state.now
    ):
        return False
    last = articles.last_time()
    return last is None or last <= known.state.now - KEPT


def _is_young(at: datetime, now: datetime) -> bool:
    return abs((now - at).total_seconds()) < LONGEST_SECONDS


def _draw(
    article: Article, asked: Asked, state: State, known: Discussion | None, beside: Beside
) -> Discussion:
    standing = _standing(article, state, known)
    shown = threads.published_thread(
        article.id,
        view=asked.view,
        wanted=asked.wanted,
        whole=asked.whole,
        kept={one.id: one.kept for one in standing.values()},
    )
    pieces = pieces_of(shown.threads, standing, state.now)
    told = told_of(pieces)
    if told is None:
        return _draw(article, asked, state, None, beside)
    count = shown.comment_count if shown.comment_count <= COUNTED else None
    around = known if known is not None and _is_young(known.beside_at, state.now) else None
    return Discussion(
        pieces=pieces,
        ways=shown.ways,
        view=shown.view,
        comment_count=shown.comment_count,
        is_whole=shown.is_whole,
        is_part=shown.is_part,
        structured=json_ld(article_json(article, told, count)),
        state=state,
        beside=around.beside if around else beside(),
        beside_at=around.beside_at if around else state.now,
    )


def _standing(article: Article, state: State, known: Discussion | None) -> dict[int, Piece]:
    if known is None:
        return {}
    mark = marking.article_mark(article.id)
    changed = changes.changed_since(mark, known.state.versions[mark], state.versions[mark])
    return {} if changed is None else still_standing(known.pieces, changed, state.now)


def _versions(article: Article) -> dict[str, int]:
    """Those that the page is to be kept by, where it is: they were read before it was begun."""
    marks = marking.SITE, marking.article_mark(article.id)
    brought: dict[str, int] = request.environ.get(FOR_KEEPING, {})
    if all(name in brought for name in marks):
        return {name: brought[name] for name in marks}
    return versions(marks)


def _stamp() -> str:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return stamp_of(app)


def _shelf() -> Shelf[Discussion]:
    kept = running.kept()
    shelf: Shelf[Discussion] = kept.setdefault(THREADS, Shelf(MOST_BYTES))
    return shelf
