"""The same key raced: twenty posts at once, other words, somebody else, and after a day

The answers are compared with each other, and the rows counted. A day passes by the key's row being
made a day older.
"""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import func, select

from app.domains.comments.models import Comment
from app.infra import repeats
from app.infra.db import db
from app.infra.repeats import AnsweredRequest
from app.infra.unit_of_work import unit_of_work
from benchmarks.faults.clients import Answer, Client, comment
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES, Site
from benchmarks.faults.writers import opened

PATH = f"{ARTICLES[0]}/ask"
AT_ONCE = 20


def run(place: Place) -> Outcome:
    checks = Checks()
    with place.site() as site:
        server = site.serve()
        chance = random.Random(4)  # noqa: S311  (the same texts at every run)
        for number in range(place.many(10, 1)):
            key = f"raced-{number}"
            client = opened(server.port)
            fields = comment(key, chance)
            answers = _at_once(client, key, fields)
            checks.same("all twenty are taken", Counter(one.status for one in answers), {303: 20})
            checks.same("all twenty lead to one page", len({a.location for a in answers}), 1)
            checks.same("they are one row", _rows(site, key), 1)
            _others(site, checks, client, key, fields, answers[0])
        checks.figure(f"{number + 1} keys, {AT_ONCE} posts of each at once: one row of each")
    return checks.outcome()


def _at_once(client: Client, key: str, fields: dict[str, object]) -> list[Answer]:
    """The same post from twenty connections of one browser, let go in the same moment."""
    barrier = Barrier(AT_ONCE, timeout=60)

    def send(_number: int) -> Answer:
        copy = Client(client.port)
        copy.cookies, copy.token = dict(client.cookies), client.token
        barrier.wait()
        return copy.post(PATH, fields, key=key)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(send, range(AT_ONCE)))


def _others(
    site: Site,
    checks: Checks,
    client: Client,
    key: str,
    fields: dict[str, object],
    first: Answer,
) -> None:
    other_words = client.post(PATH, {**fields, "body": f"{key}-other words"}, key=key)
    checks.same("other words under the key are refused", other_words.status, 422)
    elsewhere = client.post(f"{ARTICLES[1]}/ask", fields, key=key)
    checks.same("another article under the key is refused", elsewhere.status, 422)

    stranger = opened(client.port)
    theirs = stranger.post(PATH, {**fields, "body": f"{key}-stranger's text"}, key=key)
    checks.same("somebody else's post under the key is taken", theirs.status, 303)
    checks.that("and is answered by a page of its own", theirs.location != first.location)
    checks.that("which says nothing of the first one's", key + " " not in theirs.text)

    _pass_a_day(site)
    later = client.post(PATH, {**fields, "body": f"{key}-a day later"}, key=key)
    checks.same("after a day the key stands for a new text", later.status, 303)
    checks.same("which is a row of its own", _rows(site, f"{key}-a"), 1)


def _pass_a_day(site: Site) -> None:
    """As if the keys were a day older: the clock of the server is its own."""
    with site.inside(), unit_of_work():
        for row in db.session.scalars(select(AnsweredRequest)):
            row.at -= repeats.KEPT + timedelta(seconds=1)


def _rows(site: Site, first_word: str) -> int:
    begun = select(func.count()).where(Comment.source.like(f"{first_word} %"))
    return site.look(lambda: db.session.scalar(begun) or 0)
