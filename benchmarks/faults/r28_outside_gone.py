"""The world outside is gone: a service that is asked about texts hangs, and names lead nowhere

Each text is to be shown to a hook that takes the connection and says nothing, then to a name that
does not exist. Texts and pages cost what they cost without it, for only the worker asks outside.
"""

from __future__ import annotations

import random
import statistics

from benchmarks.faults.bad_mail import HANG, bad_server
from benchmarks.faults.clients import Client, comment
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES
from benchmarks.faults.writers import Ledger, check_rows, opened

KEY = "only-for-an-experiment-" * 2
ADDED_MILLISECONDS = 250.0
SLOWEST_SECONDS = 2.5
"""Less than the three that a question outside may take: nobody can have waited for one."""


def run(place: Place) -> Outcome:
    checks = Checks()
    texts = place.many(100, 12)
    usual = _cost(place, checks, texts, {})
    with bad_server(HANG) as hanging:
        places = {
            "hangs": f"http://127.0.0.1:{hanging.port}/ask",
            "no such name": "https://nowhere.invalid/ask",
        }
        for name, url in places.items():
            asked = {"OPINION_SERVICE": "hook", "OPINION_URL": url, "OPINION_KEY": KEY}
            cost = _cost(place, checks, texts, {**asked, "LINK_CHECKS": "1"})
            more = cost - usual
            checks.that(f"{name}: nobody waits", more <= ADDED_MILLISECONDS, f"{more:.0f} ms")
            checks.figure(f"{name}: {max(more, 0):.0f} ms more")
        checks.that("it was asked at all", hanging.met)
    return checks.outcome()


def _cost(place: Place, checks: Checks, texts: int, environment: dict[str, str]) -> float:
    """The mean of what a text and a page take, in milliseconds."""
    chance, ledger, lasted = random.Random(28), Ledger(), []  # noqa: S311  (words, not secrets)
    with place.site(environment=environment) as site:
        server = site.serve()
        writer, reader = opened(server.port), Client(server.port)
        for number in range(texts):
            key = f"outside-{number}"
            answer = writer.post(f"{ARTICLES[0]}/ask", comment(key, chance), key=key)
            page = reader.get(ARTICLES[number % 3])
            checks.same("texts are taken", answer.status, 303)
            checks.same("pages are shown", page.status, 200)
            ledger.note(key, answer)
            lasted += [answer.seconds, page.seconds]
        slowest = max(lasted)
        checks.that("no request waits for it", slowest < SLOWEST_SECONDS, f"{slowest:.1f} s")
        server.kill()  # the worker in it may stand at a question outside: that is its to bear
        check_rows(site, checks, ledger)
    return statistics.fmean(lasted) * 1000
