"""How each thing grows from 10,000 comments to 10,000,000, on PostgreSQL.

    python -m benchmarks.growth --folder DIR [--sizes 10000 100000 1000000 10000000]

Loads a site of each size by COPY (437 characters a text, 100 comments a thread, 9,000 waiting at
every size) and keeps them in DIR: what was loaded is loaded once, and a run that was ended goes on
where it was. Ten million comments take about an hour and 43 GB. Then asks the program itself for
each thing, the sizes in turn, and prints CPU time (the program's and PostgreSQL's) and wall time,
medians and 95th percentiles, with their growth from the smallest to the largest. What is posted and
decided stays in the kept databases: some hundred texts. DIR/bytes.json says what the rows take; see
benchmarks.billion. `--load-only` measures nothing.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import func, select

from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from app.infra.paging import write_place
from benchmarks.desk.acting import DESK, Act, Desk, Task
from benchmarks.desk.bases import program
from benchmarks.desk.loading import Size
from benchmarks.desk.measuring import MOST_GROWTH, measure, show
from benchmarks.desk.rows import FIRST, LAST, OFTEN, RARE
from benchmarks.growth_loading import Kept, bytes_of

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
WAITING = 9_000
"""More than the 8,000 that stand before page 400 of the desk."""
HALF_WAY = write_place((FIRST + (LAST - FIRST) / 2, 1))
"""In the lists by time; no row need stand there."""
BYTES_A_COMMENT = 5_000
"""About, all tables and indexes counted, to refuse what the disk cannot hold."""


class Site(Desk):
    """A site with a stranger beside the moderator."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._written = count(time.time_ns() // 10**6)  # not what an earlier run has posted
        self._stranger = app.test_client()
        with app.app_context():
            self._articles = db.session.scalar(select(func.count()).select_from(Article)) or 1
            self._question = db.session.scalar(
                select(Comment.id)
                .where(Comment.status == Status.APPROVED, Comment.kind == Kind.QUESTION)
                .order_by(Comment.id.desc())
                .limit(1)
            )
            article = db.session.get_one(Comment, self._question).article
            self._article = article.slug
            self._thread = _middle_thread(article.id)
            db.session.rollback()

    def kept(self, path: str) -> Act:
        """A page that somebody has asked for already."""
        self._stranger.get(path)
        return lambda: self._stranger.get(path)

    def drawn(self, path: str) -> Act:
        """A page that nobody has asked for since it changed."""
        self.app.extensions["front"].forget()
        return lambda: self._stranger.get(path, follow_redirects=True)

    @property
    def article(self) -> str:
        return f"/articles/{self._article}"

    @property
    def half_of_article(self) -> str:
        """The article from the middle of its threads on."""
        return f"{self.article}?after={self._thread}"

    @property
    def question(self) -> str:
        return f"/questions/{self._question}"


def _middle_thread(article_id: int) -> str:
    """The place in an article's list that half of its threads stand behind."""
    began = db.session.execute(
        select(Comment.created_at, Comment.id)
        .where(Comment.article_id == article_id, Comment.root_id.is_(None))
        .order_by(Comment.created_at, Comment.id)
    ).all()
    return write_place(began[len(began) // 2])


def tasks() -> list[Task]:
    def drawn(path: Callable[[Site], str]) -> Callable[[Desk], Act]:
        return lambda desk: desk.drawn(path(desk))  # type: ignore[attr-defined, arg-type]

    def kept(path: Callable[[Site], str]) -> Callable[[Desk], Act]:
        return lambda desk: desk.kept(path(desk))  # type: ignore[attr-defined, arg-type]

    def page(number: int) -> Callable[[Desk], Act]:
        return lambda desk: lambda: desk.get(desk.page(number) or DESK)

    return [
        Task("nothing (/healthz)", lambda desk: lambda: desk.get("/healthz")),
        Task("article, kept", kept(lambda site: site.article)),
        Task("article, drawn", drawn(lambda site: site.article)),
        Task("article, deep", drawn(lambda site: site.half_of_article)),
        Task("home, deep", drawn(lambda _site: f"/?after={HALF_WAY}")),
        Task("questions, deep", drawn(lambda _site: f"/questions/?after={HALF_WAY}")),
        Task("resources, deep", drawn(lambda _site: "/resources/?after=m_1")),
        Task("question, drawn", drawn(lambda site: site.question)),
        Task("tag, drawn", drawn(lambda _site: "/tags/hip-29")),
        Task("search, rare word", drawn(lambda _site: f"/search?q={RARE}")),
        Task("search, common word", drawn(lambda _site: f"/search?q={OFTEN}")),
        Task("desk, first page", page(1)),
        Task("desk, page 400", page(400)),
        Task("post, screened", lambda desk: desk.writing()),
        Task("decide", lambda desk: desk.deciding("approve", 1)),
    ]


def main() -> None:
    options = _options()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    folder = Path(options.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    kept = Kept(folder, options.server)
    urls: dict[int, str] = {}
    for comments in options.sizes:
        size = Size(comments, min(WAITING, comments * 9 // 10))
        _refuse_too_much(folder, size)
        click.echo(size.name)
        urls[comments] = kept.url_of(size)
    (folder / "bytes.json").write_text(
        json.dumps({comments: bytes_of(url) for comments, url in urls.items()}, indent=1)
    )
    if options.load_only:
        return
    sites: dict[int, Desk] = {
        comments: Site(program(url, folder)) for comments, url in urls.items()
    }
    try:
        grown = show(measure(sites, tasks(), options.rounds))
    finally:
        for site in sites.values():
            with site.app.app_context():
                db.session.remove()
                db.engine.dispose()
    click.echo(f"more than {MOST_GROWTH} times: {', '.join(grown) or 'nothing'}")


def _refuse_too_much(folder: Path, size: Size) -> None:
    ready = folder / f"{size.name}.steps"
    needed = 0 if ready.exists() else size.comments * BYTES_A_COMMENT
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise SystemExit(f"{size.name} needs {needed >> 30} GB and {free >> 30} GB are free")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", required=True, help="where databases are made, and kept")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--server", default="", help="the URL of a PostgreSQL to make databases on")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--load-only", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
