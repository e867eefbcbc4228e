"""The site that is measured: its database, those who look at it, and what changes a page of it."""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from itertools import count, cycle
from pathlib import Path
from typing import cast

import click
import flask_migrate
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app import create_app
from app.config import reading
from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.comments.threads import THREADS_A_PAGE
from app.domains.tags.models import Tag
from app.infra.db import SQLITE, db
from app.infra.kept.marking import article_mark
from benchmarks import posting
from benchmarks.desk.bases import SqliteBases
from benchmarks.desk.loading import Size
from benchmarks.desk.rows import MODERATOR
from benchmarks.http import threads
from benchmarks.http.client import request
from benchmarks.http.machine import Cores
from benchmarks.http.pieces import fetch
from tests.support.client import Browser, signed_in

NEXT = re.compile(r'href="(/moderation/\?[^"]*after=[^"]*)"')
READER = 3
"""The first account that is nobody's staff (`benchmarks.desk.rows`)."""
Ask = Callable[[], bytes]


class Measured:
    """A site of this size in `folder`, with the articles of `threads` laid into it."""

    def __init__(self, folder: Path, size: Size) -> None:
        self.folder = folder
        self.url = SqliteBases(folder).copy_of(size)
        self.file = Path(str(make_url(self.url).database))
        given = posting.settings(self.url, folder, 0)
        self.app: Flask = create_app(reading.read(given), serving=False)
        self.app.test_client_class = Browser
        with self.app.app_context():
            flask_migrate.upgrade()  # a kept database may be of an earlier release
            threads.lay(db.engine)
            self.articles = {
                length: db.session.scalars(
                    select(Article.id).where(Article.slug == threads.slug(length))
                ).one()
                for length in threads.LENGTHS
            }
            self.question = self._question()
            self.tag = f"/tags/{db.session.scalars(select(Tag.slug).order_by(Tag.id)).first()}"
            self._threads = {
                article_mark(one): cycle(self._roots(one)) for one in self.articles.values()
            }
            self._waiting = deque(self._undecided())
            db.session.remove()
        self.reader, _ = self._entered(READER)
        self.moderator, self._token = self._entered(MODERATOR)
        self._marks = SQLITE.connect(str(self.file), isolation_level=None, timeout=30)
        self._marks.execute("PRAGMA synchronous=OFF")

    @contextmanager
    def served(self, cores: Cores, *, worker: bool = False) -> Iterator[tuple[int, int]]:
        """`flask serve` on its core; its port and process. Without a worker, so that what a post
        leaves to be done later is not counted with the next page."""
        with cores.for_served():
            serving = posting.served(self.url, self.folder, worker=worker)
            port, pid = serving.__enter__()
        try:
            yield port, pid
        finally:
            serving.__exit__(None, None, None)

    def close(self) -> None:
        self._marks.close()
        with self.app.app_context():
            db.engine.dispose()

    def change(self, mark: str) -> None:
        """What a change of one comment does to its page, in its transaction, the threads of an
        article in turn: the next reader is the first."""
        own = self._threads.get(mark)
        self._raise(mark, f":{next(own)}" if own else None)

    def raise_mark(self, mark: str) -> None:
        """The same for a change that showed on all of the page, or that nobody told more of."""
        self._raise(mark, None)

    def _raise(self, mark: str, told: str | None) -> None:
        self._marks.execute(
            "INSERT INTO page_mark (name, version, changes) VALUES (?, 1, ?)"
            " ON CONFLICT (name) DO UPDATE SET version = version + 1, changes ="
            " substr(coalesce(changes, '') || ' ' || (version + 1) || excluded.changes, -400)",
            (mark, told),
        )

    def desk_page(self, port: int, number: int) -> str | None:
        """Where this page of the desk begins, found by walking there; None where there is none."""
        path = "/moderation/"
        with click.progressbar(range(number - 1), label=f"walking to page {number}") as steps:
            for _ in steps:
                body = fetch(port, path, self.moderator).body.decode()
                found = NEXT.findall(body)
                if not found:
                    return None
                path = unescape(found[-1])
        return path

    def deciding(self, port: int) -> Ask:
        """Requests that each approve one text that waits."""

        def ask() -> bytes:
            comment_id, version = self._waiting.popleft()
            fields = {
                "csrf_token": self._token,
                "verb": "approve",
                "item": f"{comment_id}:{version}",
            }
            return request("/moderation/decide", self.moderator, fields, port=port)

        return ask

    def posting(self, port: int) -> Ask:
        """Requests that each send a comment of somebody new."""
        browser = cast("Browser", self.app.test_client())
        token, headers = browser.csrf_token(), _cookie(browser)
        chance, numbers = random.Random(5), count(1)  # noqa: S311  (the same texts at every run)

        def ask() -> bytes:
            number = next(numbers)
            fields = {
                "csrf_token": token,
                "body": posting.text(chance),
                "kind": "comment",
                "name": f"Visitor {number}",
                "email": f"visitor{number}@example.com",
            }
            place = f"/articles/article-{number % 9 + 1}/ask"
            return request(place, headers, fields, port=port)

        return ask

    def _entered(self, account_id: int) -> tuple[dict[str, str], str]:
        """The header of somebody who is signed in, and the token of their forms."""
        with self.app.app_context():
            browser = signed_in(self.app, db.session.get_one(Account, account_id))
        token = browser.csrf_token()
        return _cookie(browser), token

    def _question(self) -> str:
        first = select(Comment).where(
            Comment.article_id == self.articles[threads.LENGTHS[0]], Comment.parent_id.is_(None)
        )
        question = db.session.scalars(first.order_by(Comment.id)).first()
        if question is None:
            raise RuntimeError("the measured article has no question")
        return question.href

    def _roots(self, article_id: int) -> list[int]:
        """The threads on the first page of an article."""
        own = select(Comment.id).where(
            Comment.article_id == article_id, Comment.parent_id.is_(None)
        )
        newest = own.order_by(Comment.created_at.desc(), Comment.id.desc())
        return list(db.session.scalars(newest.limit(THREADS_A_PAGE)))

    def _undecided(self) -> list[tuple[int, int]]:
        found = db.session.execute(
            select(Comment.id, Comment.version)
            .where(
                Comment.status == Status.PENDING,
                Comment.held_for_id.is_(None),
                Comment.red_flag.is_(False),
            )
            .order_by(Comment.id)
        )
        return [(row.id, row.version) for row in found]


def _cookie(browser: Browser) -> dict[str, str]:
    name = browser.application.config["SESSION_COOKIE_NAME"]
    found = browser.get_cookie(name)
    if found is None:
        raise RuntimeError("nobody came in")
    return {"Cookie": f"{name}={found.value}"}
