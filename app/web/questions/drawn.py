"""The drawn thread of an article: kept in pieces for everybody (`laid`), for each version of its
marks, view and page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, render_template, request
from markupsafe import Markup

from app.domains.articles.models import Article
from app.domains.comments import threads
from app.domains.comments.counting import COUNTED
from app.domains.comments.queries import View
from app.infra import clock, running
from app.infra.http.front import LONGEST_SECONDS, THREADS
from app.infra.http.stamp import stamp_of
from app.infra.kept import marking
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.kept.memory import Shelf
from app.infra.kept.queries import versions
from app.infra.paging import Wanted, Ways
from app.web.questions.laid import Laid
from app.web.questions.lines import ThreadPen
from app.web.questions.remarks import GAP
from app.web.structured import article_json, json_ld

MOST_BYTES = 4 * 1024 * 1024


@dataclass(slots=True)
class Discussion:
    """One page of an article's threads, drawn."""

    lines: Laid
    ways: Ways
    view: View
    comment_count: int
    is_whole: bool
    is_part: bool
    structured: Markup
    versions: dict[str, int]
    drawn_at: float
    stamp: str
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes, about."""
        return self.lines.size + len(self.structured) + 2_000


def discussion(
    article: Article,
    view: View,
    wanted: Wanted,
    beside: Callable[[], dict[str, Any]],
    *,
    whole: bool = False,
) -> Discussion:
    """A page of the threads of this article, or the `whole` of them where one page can hold it:
    kept, where nothing that it shows has changed. `beside` tells what else is to be kept with it;
    it must be the same for everybody."""
    marks = marking.SITE, marking.article_mark(article.id)
    found = _versions(marks)  # before anything else of it is read
    key = f"{article.id} {view} " + ("all" if whole else f"{wanted.after} {wanted.before}")
    shelf = _shelf()
    known = shelf.get(key)
    if known is not None and FOR_KEEPING not in request.environ and _is_current(known, found):
        return known
    shown = threads.published_thread(article.id, view=view, wanted=wanted, whole=whole)
    drawn = _draw(article, shown, found)
    drawn.beside = beside()
    shelf.put(key, drawn)
    return drawn


def _draw(article: Article, shown: threads.ThreadPage, found: dict[str, int]) -> Discussion:
    at = clock.now().timestamp()
    pen = ThreadPen()
    html = render_template("questions/_threads.html", thread=shown, pen=pen)
    lines = [line for one in shown.threads for line in one.lines]
    count = shown.comment_count if shown.comment_count <= COUNTED else None
    return Discussion(
        lines=Laid(html.split(GAP), pen.said),
        ways=shown.ways,
        view=shown.view,
        comment_count=shown.comment_count,
        is_whole=shown.is_whole,
        is_part=shown.is_part,
        structured=json_ld(article_json(article, lines, count)),
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


def _stamp() -> str:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return stamp_of(app)


def _shelf() -> Shelf[Discussion]:
    kept = running.kept()
    shelf: Shelf[Discussion] = kept.setdefault(THREADS, Shelf(MOST_BYTES))
    return shelf
