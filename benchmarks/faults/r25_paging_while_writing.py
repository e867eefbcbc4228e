"""A walk from page to page through 10,000 questions while others are written and deleted

The author publishes and a moderator deletes, twenty a second together, while a reader follows
"next" from the first page of questions to the last, and a moderator likewise through what waits.
"""

from __future__ import annotations

import html
import random
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy import select

from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from benchmarks.faults import laying
from benchmarks.faults.clients import Client, comment
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES, AUTHOR, MODERATORS, Site
from tests.factories import PASSWORD

A_SECOND = 20
MOST_PAGES = 1000
_NEXT = re.compile(r'<a rel="next" href="([^"]+)"')
_LAST = "data-more-line hidden"
"""What the desk says on its last page, whose link leads to itself."""
_QUESTION = re.compile(r'href="/questions/(\d+)-')
_ITEM = re.compile(r'id="item-(\d+)"')


def run(place: Place) -> Outcome:
    checks = Checks()
    count = place.many(10_000, 300)
    with place.site() as site:
        laid = laying.published(site, count, kind=Kind.QUESTION, name="public")
        waits = laying.waiting(site, place.many(2_000, 60), name="waits")
        server = site.serve()
        reader, moderator, author = (Client(server.port) for _ in range(3))
        moderator.sign_in(MODERATORS[0], PASSWORD)
        author.sign_in(AUTHOR, PASSWORD)
        deleted: list[int] = []
        with _changing(author, moderator, laid[::7] + waits[::7], deleted):
            questions = _walk(reader, "/questions/", _QUESTION)
            items = _walk(moderator, "/moderation/?order=oldest", _ITEM)
        _check(site, checks, "the questions", questions, laid, Status.APPROVED)
        _check(site, checks, "the desk", items, waits, Status.PENDING)
        checks.that("something was deleted meanwhile", deleted)
        checks.figure(
            f"{len(laid)} questions and {len(waits)} that wait, {len(deleted)} deleted meanwhile"
        )
        server.stop()
    return checks.outcome()


def _walk(client: Client, path: str, row: re.Pattern[str]) -> Counter[int]:
    """How often each row was seen, following "next" to the end."""
    seen: Counter[int] = Counter()
    for _ in range(MOST_PAGES):
        page = client.get(path)
        if page.status in (301, 302, 308):
            path = page.location
            continue
        if page.status != 200:
            raise RuntimeError(f"{path} answered {page.status}")
        seen.update(set(map(int, row.findall(page.text))))
        following = _NEXT.search(page.text)
        if following is None or _LAST in page.text:
            return seen
        path = html.unescape(following[1])
    raise RuntimeError(f"no end after {MOST_PAGES} pages")


def _check(
    site: Site, checks: Checks, where: str, seen: Counter[int], laid: list[int], status: Status
) -> None:
    stands = set(site.look(lambda: list(db.session.scalars(_with(status)))))
    throughout = [one for one in laid if one in stands]
    missed = [one for one in throughout if seen[one] == 0]
    double = [one for one in throughout if seen[one] > 1]
    checks.that(f"{where}: most rows stay throughout", len(throughout) > len(laid) / 2)
    checks.none(f"{where}: no row that stays is missed", missed)
    checks.none(f"{where}: no row that stays is seen twice", double)


def _with(status: Status):  # type: ignore[no-untyped-def]
    return select(Comment.id).where(Comment.status == status)


@contextmanager
def _changing(
    author: Client, moderator: Client, going: list[int], deleted: list[int]
) -> Iterator[None]:
    """Twenty changes a second until the block ends: a new question, then a text deleted."""
    stop = threading.Event()
    chance = random.Random(25)  # noqa: S311  (words, not secrets)
    chance.shuffle(going)

    def change() -> None:
        number = 0
        while not stop.wait(1 / A_SECOND):
            number += 1
            if number % 2 and going:
                comment_id = going.pop()
                decision = {"verb": "delete", "item": f"{comment_id}:1"}
                if moderator_two.post("/moderation/decide", decision).status < 400:
                    deleted.append(comment_id)
            else:
                key = f"new-{number}"
                fields = comment(key, chance, kind="question", title=f"What of {key}?")
                author.post(f"{ARTICLES[0]}/ask", fields, key=key)

    moderator_two = Client(moderator.port)
    moderator_two.cookies, moderator_two.token = dict(moderator.cookies), moderator.token
    with ThreadPoolExecutor(1) as threads:
        changing = threads.submit(change)
        try:
            yield
        finally:
            stop.set()
        changing.result()
