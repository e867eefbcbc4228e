"""What a moderator does at the desk, over HTTP; getting each thing ready is not measured."""

from __future__ import annotations

import random
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from itertools import count
from typing import cast

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.audit import AuditEntry
from app.infra.db import db
from benchmarks.desk.rows import COMMON, MODERATOR, OFTEN, RARE
from tests.support.client import Browser, signed_in

Act = Callable[[], TestResponse]
_NEXT = re.compile(r'href="(/moderation/\?[^"]*after=[^"]*)"')
BULK = 100
DESK = "/moderation/"


class Desk:
    """A signed-in moderator at one site."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.browser = signed_in(app, db.session.get_one(Account, MODERATOR))
        self._token = self.browser.csrf_token()
        with app.app_context():
            found = db.session.scalars(
                select(Comment.id)
                .where(
                    Comment.status == Status.PENDING,
                    Comment.held_for_id.is_(None),
                    Comment.red_flag.is_(False),
                )
                .order_by(Comment.nonce.desc(), Comment.id)
            )
            self._undecided = deque(found)
        self._places: dict[int, str] = {}

        self._guest = cast("Browser", app.test_client())
        self._guest_token = self._guest.csrf_token()
        self._written = count(1)
        self._articles = 900

    def get(self, path: str) -> TestResponse:
        return self.browser.get(path)

    def page(self, number: int) -> str | None:
        """The address of this page of the waiting lane, found by walking there; None where the
        lane is shorter."""
        if number not in self._places:
            path: str | None = DESK
            for reached in range(1, number + 1):
                if path is None:
                    return None
                self._places[reached] = path
                path = self._following(path)
        return self._places.get(number)

    def _following(self, path: str) -> str | None:
        found = _NEXT.findall(self.browser.get(path).get_data(as_text=True))
        return unescape(found[-1]) if found else None

    def writing(self) -> Act:
        """A guest asks something that nobody asked before."""
        number = next(self._written)
        chance = random.Random(number)  # noqa: S311 - the same texts at every size
        words = chance.choices(COMMON, k=50) + [f"w{chance.randrange(10**9)}" for _ in range(10)]
        fields = {
            "csrf_token": self._guest_token,
            "body": " ".join(words),
            "name": f"Newcomer {number}",
            "email": f"newcomer{number}@example.com",
        }
        path = f"/articles/article-{number % self._articles + 1}/ask"
        return lambda: self._guest.post(path, data=fields)

    def deciding(self, verb: str, many: int) -> Act:
        """A verdict on this many texts that wait, each at its version."""
        chosen = [self._undecided.popleft() for _ in range(many)]
        with self.app.app_context():
            rows = db.session.execute(
                select(Comment.id, Comment.version).where(Comment.id.in_(chosen))
            ).all()
        fields = {
            "csrf_token": self._token,
            "verb": verb,
            "item": [f"{comment_id}:{version}" for comment_id, version in rows],
        }
        return lambda: self.browser.post("/moderation/decide", data=fields)

    def undoing(self) -> Act:
        """Taking back a verdict that was given a moment ago."""
        self.deciding("approve", 1)()
        with self.app.app_context():
            entry = db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id.desc())).first()
        fields = {"csrf_token": self._token, "entry": str(entry)}
        return lambda: self.browser.post("/moderation/undo", data=fields)


@dataclass(frozen=True)
class Task:
    """`ready` makes the act that is measured; `every` how many rounds lie between two of it."""

    name: str
    ready: Callable[[Desk], Act]
    every: int = 1


def _get(path: str) -> Callable[[Desk], Act]:
    return lambda desk: lambda: desk.get(path)


def _page(number: int) -> Callable[[Desk], Act]:
    return lambda desk: lambda: desk.get(desk.page(number) or DESK)


def tasks(deepest: int) -> list[Task]:
    """All that is measured; `deepest` is the last page that every size has."""
    lanes = ("red-flag", "reported", "held", "recheck", "spam", "decided")
    depths = [number for number in (100, 400) if number <= deepest]
    return [
        Task("nothing (/healthz)", _get("/healthz")),
        Task("first page", _page(1)),
        *(Task(f"page {number}", _page(number)) for number in depths),
        Task("people waiting first", _get(f"{DESK}?order=people")),
        Task("most certain first", _get(f"{DESK}?order=certain")),
        Task("newest first", _get(f"{DESK}?order=newest")),
        *(Task(f"lane {lane}", _get(f"{DESK}?lane={lane}")) for lane in lanes),
        Task("search, rare word", _get(f"{DESK}?lane=decided&q={RARE}")),
        Task("search, common word", _get(f"{DESK}?lane=decided&q={OFTEN}")),
        Task("search in what waits", _get(f"{DESK}?q={OFTEN}")),
        Task("by tag", _get(f"{DESK}?tag=3")),
        Task("by language", _get(f"{DESK}?language=de")),
        Task("counts", _get("/moderation/counts")),
        Task("write one, screened", lambda desk: desk.writing()),
        Task("approve one", lambda desk: desk.deciding("approve", 1)),
        Task("spam one", lambda desk: desk.deciding("spam", 1)),
        Task("undo one", lambda desk: desk.undoing(), every=2),
        Task(f"approve {BULK}", lambda desk: desk.deciding("approve", BULK), every=4),
    ]
