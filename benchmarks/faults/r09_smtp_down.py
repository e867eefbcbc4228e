"""SMTP down while 200 mails arise, then up

No mail server listens while texts are sent that each have a mail to their writer. Sending a text
must cost no more than with a server there; what waits shows in /healthz; once a server listens, all
mails come within two pauses, each once. The pauses are passed by making what waits due.
"""

from __future__ import annotations

import json
import random

from app.notifications.states import Mail
from benchmarks.faults import later
from benchmarks.faults.bad_mail import choosy
from benchmarks.faults.clients import comment
from benchmarks.faults.measuring import cpu_seconds
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server, free_port
from benchmarks.faults.sites import ARTICLES, Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import opened

MORE_MILLISECONDS = 10.0
SECONDS = 300.0
TRIES_WHILE_AWAY = 2
"""The pauses after them are 1 and 5 minutes: what is tried a third time was away for ten."""


def run(place: Place) -> Outcome:
    checks = Checks()
    mails = place.many(200, 10)
    with place.site(environment={"MAIL_BACKEND": "smtp", "SMTP_PORT": str(free_port())}) as site:
        server, worker = site.gunicorn(workers=1), site.worker()
        away = _send(server, checks, mails, "away")
        until(lambda: site.look(lambda: _tried(mails)), SECONDS, what="each mail tried", pause=0.2)
        _check_health(server, checks, mails)
        server.stop()
        worker.stop()
        while site.look(lambda: _least_tries() < TRIES_WHILE_AWAY):
            later.pass_time(site, Mail.RECEIVED)
            later.work(site)
        _let_through(site, checks, mails)
    with choosy({}) as there, place.site(environment=_settings(there.port)) as site:
        server, worker = site.gunicorn(workers=1), site.worker()
        usual = _send(server, checks, mails, "there")
        server.stop()
        worker.stop()
    more = away - usual
    checks.that("a text costs at most 10 ms more", more <= MORE_MILLISECONDS, f"{more:.1f} ms")
    checks.figure(f"a post computes {away:.0f} ms without a mail server, {usual:.0f} ms with one")
    return checks.outcome()


def _settings(port: int) -> dict[str, str]:
    return {"MAIL_BACKEND": "smtp", "SMTP_PORT": str(port)}


def _send(server: Server, checks: Checks, count: int, name: str) -> float:
    """Texts of as many people; what the process that serves computed for each, in milliseconds (the
    clock would count what else the machine does)."""
    client, chance = opened(server.port), random.Random(9)  # noqa: S311  (words, not secrets)
    (serving,) = server.children()
    began = cpu_seconds(serving)
    for number in range(count):
        key = f"{name}-{number}"
        answer = client.post(f"{ARTICLES[0]}/ask", comment(key, chance), key=key)
        checks.same("texts are taken", answer.status, 303)
    return (cpu_seconds(serving) - began) / count * 1000


def _tried(mails: int) -> bool:
    found = later.open_jobs(Mail.RECEIVED)
    return len(found) == mails and all(tries for tries, _, _ in found)


def _least_tries() -> int:
    return min((tries for tries, _, _ in later.open_jobs(Mail.RECEIVED)), default=10**6)


def _check_health(server: Server, checks: Checks, mails: int) -> None:
    told = json.loads(server.client().get("/healthz").text)["jobs"]
    checks.that("/healthz tells how many wait", told["waiting"] >= mails, told)
    checks.that("and for how long", "oldest_waiting_seconds" in told, told)


def _let_through(site: Site, checks: Checks, mails: int) -> None:
    with choosy({}) as server:
        rounds = 0
        while site.look(lambda: later.open_jobs(Mail.RECEIVED)) and rounds < 5:
            later.pass_time(site, Mail.RECEIVED)
            later.work(site, smtp_port=server.port)
            rounds += 1
    names = [str(message["Message-ID"]) for message in server.messages]
    checks.that("all come within two pauses", rounds <= 2, rounds)
    checks.same("each mail comes", len(set(names)), mails)
    checks.same("and once", len(names), len(set(names)))
    checks.figure(f"{mails} mails, all within {rounds} pause after its return")
