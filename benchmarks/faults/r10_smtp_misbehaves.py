"""SMTP that hangs, drips, hangs up, is busy, and refuses for now or for ever

Each mail is given up in time. What was refused for now is tried again after growing pauses for more
than a day, then laid aside where the operator sees it; what was refused for ever is not sent again;
and others get their mail meanwhile. The pauses are passed by making what waits due.
"""

from __future__ import annotations

import time
from itertools import pairwise

from app.notifications.states import Mail
from benchmarks.faults import later
from benchmarks.faults.bad_mail import DRIP, DROP, HANG, REFUSE, bad_server, choosy
from benchmarks.faults.mail import lay_mails
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import Site

LONGEST_SECONDS = 32.0
DAY = 24 * 3600.0
FOR_EVER, FOR_NOW = "never", "later"
ANSWERS = {FOR_EVER: "550 no such person", FOR_NOW: "451 try again"}


def run(place: Place) -> Outcome:
    checks = Checks()
    ways = (HANG, DRIP, DROP, REFUSE) if not place.is_quick else (DROP, REFUSE)
    for way in ways:
        with place.site() as site:
            _in_time(site, way, checks)
        place.tell(way)
    with place.site() as site:
        _recipients(site, place.many(20, 3), checks)
    return checks.outcome()


def _in_time(site: Site, way: str, checks: Checks) -> None:
    lay_mails(site, 1, "slow")
    with bad_server(way) as server:
        began = time.monotonic()
        later.work(site, mail_backend="smtp", smtp_port=server.port)
        lasted = time.monotonic() - began
    checks.that(f"{way}: given up within 30 s", lasted <= LONGEST_SECONDS, f"{lasted:.0f} s")
    checks.same(f"{way}: the server was asked once", server.met, 1)
    waits = site.look(lambda: later.open_jobs(Mail.PROVE))
    checks.same(f"{way}: tried again later", [tries for tries, _, _ in waits], [1])
    checks.figure(f"{way} {lasted:.0f} s")


def _recipients(site: Site, count: int, checks: Checks) -> None:
    lay_mails(site, 1, FOR_EVER)
    lay_mails(site, 1, FOR_NOW)
    others = lay_mails(site, count, "other")
    with choosy(ANSWERS) as server:
        pauses = []
        for _ in range(20):
            later.work(site, mail_backend="smtp", smtp_port=server.port)
            if not site.look(lambda: later.open_jobs(Mail.PROVE)):
                break
            pauses.append(later.pass_time(site, Mail.PROVE))
    reached = {str(message["To"]) for message in server.messages}
    checks.same("bad recipients keep nobody's mail", reached, others)
    checks.same("each of the others gets one", len(server.messages), count)
    checks.same("refused for ever: sent once", server.asked[f"{FOR_EVER}0@example.com"], 1)
    checks.that("the pauses grow", all(a < b for a, b in pairwise(pauses)), pauses)
    checks.that("and last for more than a day in all", sum(pauses) >= DAY - 5, sum(pauses))
    aside = site.look(lambda: later.failed(Mail.PROVE))
    checks.same("both are laid aside in the end", len(aside), 2)
    checks.that("with what was said", all(code in str(aside) for code in ("550", "451")), aside)
    _shown(site, checks)
    hours = sum(pauses) / 3600
    checks.figure(f"for now: {server.asked[f'{FOR_NOW}0@example.com']} tries in {hours:.1f} h")


def _shown(site: Site, checks: Checks) -> None:
    doctor = site.run("doctor", name="doctor")
    doctor.wait(120)
    checks.that("doctor tells of them", "2 " in doctor.said() and "job" in doctor.said().lower())
    health = site.serve().client().get("/healthz")
    checks.that("and so does /healthz", '"failed":2' in health.text.replace(" ", ""), health.text)
