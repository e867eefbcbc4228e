"""Redis down, silent, slow, flushed and full

Two processes serve and share limits, kept pages and counts through a Redis behind a faulty proxy.
Texts are written and pages read through each fault; a text that is hidden while Redis is away must
not come back with it. With the limits on, too many tries at signing in are refused all the while.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

import redis
from sqlalchemy.engine import make_url

from app.domains.comments.models import Comment
from app.infra.db import db
from benchmarks.faults import agreement, laying
from benchmarks.faults.clients import Client, comment
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.proxy import Proxy, between
from benchmarks.faults.sites import ARTICLES, MODERATORS, Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, check_rows, opened
from tests.factories import PASSWORD
from tests.support.redis import running_redis

ADDED_MILLISECONDS = 250.0
SOON_SECONDS = 5.0
TOO_MANY = 429


def run(place: Place) -> Outcome:
    checks = Checks()
    with running_redis(place.folder, own=True) as url:
        at = make_url(url)
        with between(str(at.host), int(at.port or 0)) as proxy:
            through = f"redis://127.0.0.1:{proxy.port}/0"
            with place.site(environment={"REDIS_URL": through, "RATE_LIMITS": "0"}) as site:
                _texts_and_pages(place, site, url, proxy, checks)
            with place.site(environment={"REDIS_URL": through, "RATE_LIMITS": "1"}) as site:
                _signing_in(site, proxy, checks)
    return checks.outcome()


def _texts_and_pages(place: Place, site: Site, url: str, proxy: Proxy, checks: Checks) -> None:
    hidden = laying.published(site, 6, name="canary")
    server, rounds = site.gunicorn(workers=2), place.many(40, 6)
    worker = site.worker()
    moderator = Client(server.port)
    moderator.sign_in(MODERATORS[0], PASSWORD)
    ledger = Ledger()
    usual = _requests(server.port, "usual", rounds, ledger, checks)
    with redis.Redis.from_url(url) as direct:
        faults: list[tuple[str, Callable[[], object]]] = [
            ("flushed", direct.flushall),
            ("full", lambda: direct.config_set("maxmemory", 1)),
            ("slow", lambda: setattr(proxy, "latency", 0.5)),
            ("silent", lambda: setattr(proxy, "swallows", True)),
            ("down", lambda: setattr(proxy, "is_cut", True)),
        ]
        for number, (name, begin) in enumerate(faults):
            canary = hidden[number]
            text = f"canary-{number} waits"
            shown = until(lambda text=text: text in Client(server.port).get(ARTICLES[0]).text, 30)  # type: ignore[misc]
            checks.that("the text is there before it is hidden", shown)
            begin()
            added = _requests(server.port, name, rounds, ledger, checks) - usual
            checks.that(
                f"{name}: it adds at most 250 ms", added <= ADDED_MILLISECONDS, f"{added:.0f} ms"
            )
            checks.figure(f"{name}: {max(added, 0):.0f} ms more")
            _hide(site, moderator, canary, checks)
            proxy.heal()
            direct.config_set("maxmemory", 0)
            _check_hidden(server.port, text, checks)
            began = time.monotonic()
            moderator.get("/moderation/")
            lasted = time.monotonic() - began
            checks.that("well within 5 s of its return", lasted <= SOON_SECONDS, lasted)
            place.tell(name)
    server.stop()
    worker.stop()
    check_rows(site, checks, ledger)
    agreement.check(site, checks)


def _requests(port: int, name: str, rounds: int, ledger: Ledger, checks: Checks) -> float:
    """The median of what a page and a post take, in milliseconds; all must be answered well."""
    chance = random.Random(name)  # noqa: S311  (words, not secrets)
    writer, reader = opened(port), Client(port)
    lasted = []
    for number in range(rounds):
        page = reader.get(ARTICLES[number % 3])
        checks.same(f"{name}: pages are shown", page.status, 200)
        key = f"{name}-{number}"
        answer = writer.post(f"{ARTICLES[0]}/ask", comment(key, chance), key=key)
        checks.same(f"{name}: texts are taken", answer.status, 303)
        ledger.note(key, answer)
        lasted += [page.seconds, answer.seconds]
    return statistics.fmean(lasted) * 1000


def _hide(site: Site, moderator: Client, comment_id: int, checks: Checks) -> None:
    def version() -> int:
        found = db.session.get(Comment, comment_id)
        return found.version if found else 0

    answer = moderator.post(
        "/moderation/decide",
        {"item": f"{comment_id}:{site.look(version)}", "verb": "reject", "reason": "off-topic"},
    )
    checks.that("a moderator hides a text meanwhile", answer.is_acked, answer.status)


def _check_hidden(port: int, text: str, checks: Checks) -> None:
    pages = [Client(port).get(path).text for _ in range(6) for path in (ARTICLES[0], "/feed.atom")]
    checks.that("what was hidden does not come back with Redis", not any(text in p for p in pages))


def _signing_in(site: Site, proxy: Proxy, checks: Checks) -> None:
    server = site.serve()
    for name, fault in (("with Redis", ""), ("without", "is_cut")):
        if fault:
            setattr(proxy, fault, True)
        tries = Client(server.port)
        tries.open_form("/sign-in")
        sent = {"email": f"nobody{len(fault)}@example.com", "password": "not this one"}
        statuses = [tries.post("/sign-in", sent).status for _ in range(40)]
        checks.that(f"{name}: guessing passwords is refused", TOO_MANY in statuses, statuses)
    proxy.heal()
    server.stop()
