"""The drawn thread of an article: kept in pieces for everybody, and laid together for one.

What a thread shows to all is drawn once for each version of its marks, view and page. Between the
pieces are gaps, one behind each comment, for what differs by who looks at it: the ways to reply and
report, and for the staff to decide. What most people find there is kept too, so that for a reader
only their own comments are drawn by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, render_template, request
from markupsafe import Markup

from app.domains.articles.models import Article
from app.domains.comments import threads
from app.domains.comments.faces import Shown
from app.domains.comments.queries import View
from app.engines.thread import PageBounds
from app.infra import clock, running
from app.infra.http.front import LONGEST_SECONDS, THREADS
from app.infra.http.stamp import stamp_of
from app.infra.kept import marking
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.kept.memory import Shelf
from app.infra.kept.queries import versions
from app.web.structured import article_json, json_ld

MOST_BYTES = 16 * 1024 * 1024
GAP = "\0"
"""No text holds it: it is refused at the door, and PostgreSQL takes none."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at a thread, as far as it changes what is drawn: `own` are the comments that are
    known to be theirs, and `account_id` those of an account."""

    may_reply: bool
    moderates: bool = False
    writes: bool = False
    account_id: int | None = None
    own: frozenset[int] = frozenset()


@dataclass(slots=True)
class Gaps:
    """The comments behind which a gap was left, in the order they were drawn."""

    rows: list[tuple[Shown, bool]] = field(default_factory=list)

    def leave(self, row: Shown, became: bool) -> Markup:
        self.rows.append((row, became))
        return Markup(GAP)  # noqa: S704  (a constant)


@dataclass(slots=True)
class Discussion:
    """One page of an article's threads, drawn. `pieces` are one more than `rows`."""

    pieces: list[str]
    rows: list[tuple[Shown, bool]]
    bounds: PageBounds
    view: View
    comment_count: int
    structured: Markup
    versions: dict[str, int]
    drawn_at: float
    stamp: str
    beside: dict[str, Any] = field(default_factory=dict)
    usual: dict[tuple[bool, bool], list[str]] = field(default_factory=dict)
    """What stands in the gaps for most, by whether they may reply and whether they moderate."""

    @property
    def size(self) -> int:
        """Bytes, about: what is drawn, and as much again for the rows and what fills the gaps."""
        return 2 * sum(map(len, self.pieces)) + 2_000

    def laid_for(self, looker: Looker) -> Markup:
        """The thread as this person finds it."""
        kind = looker.may_reply, looker.moderates
        usual = self.usual.get(kind)
        if usual is None:
            usual = self.usual[kind] = _usual_actions(self.rows, *kind)
        parts = [self.pieces[0]]
        for row, filled, piece in zip(self.rows, usual, self.pieces[1:], strict=True):
            parts.append(_actions(row, looker) if _is_special(row, looker) else filled)
            parts.append(piece)
        return Markup("".join(parts))  # noqa: S704  (drawn by our own templates)


def discussion(
    article: Article, view: View, page: int, beside: Callable[[], dict[str, Any]]
) -> Discussion:
    """A page of the threads of this article: kept, where nothing that it shows has changed.
    `beside` tells what else is to be kept with it; it must be the same for everybody."""
    marks = marking.SITE, marking.article_mark(article.id)
    found = _versions(marks)  # before anything else of it is read
    key = f"{article.id} {view} {page}"
    shelf = _shelf()
    known = shelf.get(key)
    if known is not None and FOR_KEEPING not in request.environ and _is_current(known, found):
        return known
    drawn = _draw(article, view, page, found)
    drawn.beside = beside()
    shelf.put(key, drawn)
    return drawn


def _draw(article: Article, view: View, page: int, found: dict[str, int]) -> Discussion:
    at = clock.now().timestamp()
    shown = threads.published_thread(article.id, view=view, page=page)
    gaps = Gaps()
    html = render_template("questions/_threads.html", thread=shown, gaps=gaps)
    lines = [line for one in shown.threads for line in one.lines]
    return Discussion(
        pieces=html.split(GAP),
        rows=gaps.rows,
        bounds=shown.bounds,
        view=view,
        comment_count=shown.comment_count,
        structured=json_ld(article_json(article, lines, shown.comment_count)),
        versions=found,
        drawn_at=at,
        stamp=_stamp(),
    )


def _versions(marks: tuple[str, ...]) -> dict[str, int]:
    """Those that the page is to be kept by, where it is: they were read before it was begun."""
    brought: dict[str, int] = request.environ.get(FOR_KEEPING, {})
    if all(name in brought for name in marks):
        return {name: brought[name] for name in marks}
    return versions(marks)


def _is_current(known: Discussion, found: dict[str, int]) -> bool:
    return (
        known.versions == found
        and abs(clock.now().timestamp() - known.drawn_at) < LONGEST_SECONDS
        and known.stamp == _stamp()
    )


def _is_special(row: tuple[Shown, bool], looker: Looker) -> bool:
    """Whether this gap holds something else for this person than for most."""
    return looker.writes or _is_own(row[0], looker)


def _is_own(row: Shown, looker: Looker) -> bool:
    is_theirs = looker.account_id is not None and row.account_id == looker.account_id
    return is_theirs or row.id in looker.own


def _actions(entry: tuple[Shown, bool], looker: Looker) -> str:
    row, became = entry
    becomes = row.badge and not became and not (row.is_question or row.is_chat) and looker.writes
    drawn: Markup = _macros().actions(
        row, looker.may_reply, looker.moderates, not _is_own(row, looker), becomes
    )
    return str(drawn)


def _usual_actions(
    entries: list[tuple[Shown, bool]], may_reply: bool, moderates: bool
) -> list[str]:
    """What stands behind each of these texts for who wrote none of them."""
    rows = [row for row, _ in entries]
    drawn: Markup = _macros().actions_of(rows, may_reply, moderates, GAP)
    return str(drawn).split(GAP)[:-1]


def _macros() -> Any:
    return current_app.jinja_env.get_template("macros/thread.html").module


def _stamp() -> str:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return stamp_of(app)


def _shelf() -> Shelf[Discussion]:
    kept = running.kept()
    shelf: Shelf[Discussion] = kept.setdefault(THREADS, Shelf(MOST_BYTES))
    return shelf
