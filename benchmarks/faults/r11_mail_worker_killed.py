"""The worker that sends mail is killed every 50 of 1,000 mails; answers are lost; two at once

A mail that was handed over when its worker died is sent once more, under the same Message-ID. What
a killed worker had taken comes back after five minutes, and a mail whose answer was lost after one:
those minutes are passed by turning the rows' times back.
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.domains.accounts import queries as accounts
from app.domains.accounts.models import Address
from app.infra import clock, jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications import services
from app.notifications.states import Mail, Topic
from benchmarks.faults import laying
from benchmarks.faults.agreement import pass_the_pauses
from benchmarks.faults.mail import Forgetful, lay_mails, listening
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import MODERATORS, Site
from benchmarks.faults.waiting import until

SECONDS = 300.0


def run(place: Place) -> Outcome:
    checks = Checks()
    with listening() as server, place.site(environment=_settings(server)) as site:
        _killed(site, server, checks, place.many(1000, 30), each=place.many(50, 15))
        if not place.is_quick:  # tests/notifications have these two with threads for processes
            server.clear()
            _two(site, server, checks, place.many(200, 30))
            server.clear()
            _unsubscribed(site, server, checks)
    with listening(loses=10) as server, place.site(environment=_settings(server)) as site:
        _answers_lost(site, server, checks, place.many(100, 20))
    return checks.outcome()


def _settings(server: Forgetful) -> dict[str, str]:
    return {"MAIL_BACKEND": "smtp", "SMTP_PORT": str(server.port)}


def _killed(site: Site, server: Forgetful, checks: Checks, mails: int, *, each: int) -> None:
    wanted = lay_mails(site, mails, "killed")
    kills = 0
    worker = site.worker()
    for reached in range(each, mails, each):
        until(lambda reached=reached: len(server.messages) >= reached, SECONDS, what="mails")  # type: ignore[misc]
        worker.kill()
        kills += 1
        worker = site.worker()
    until(lambda: site.look(_left) == 0, SECONDS, what="all but what the killed ones held")
    _release(site)
    until(lambda: set(server.times()) >= wanted, SECONDS, what="every mail")
    until(lambda: site.look(_open) == 0, SECONDS, what="every job done")
    worker.stop()
    times = server.times()
    double = sum(times.values()) - len(times)
    checks.none("every mail comes, whoever is killed", wanted - set(times))
    checks.that("at most one is double for each kill", double <= kills, f"{double} of {kills}")
    doubled = {to for to, count in times.items() if count > 1}
    held = site.look(_taken_twice)
    checks.none("only what a killed worker held is double", doubled - held)
    checks.that("a killed worker held one at most", len(held) <= kills, len(held))
    _check_names(checks, server)
    checks.figure(f"{mails} mails, {kills} kills: {double} double, none lost")
    checks.figure(f"{len(held)} were in a killed worker's hands, all double ones among them")


def _answers_lost(site: Site, server: Forgetful, checks: Checks, mails: int) -> None:
    wanted = lay_mails(site, mails, "lost")
    worker = site.worker()
    until(lambda: set(server.times()) >= wanted, SECONDS, what="every mail")
    server.loses = 0
    until(lambda: site.look(_left) == 0, SECONDS, what="all but what is tried again")
    _release(site)
    until(lambda: site.look(_open) == 0, SECONDS, what="every job done")
    worker.stop()
    double = sum(server.times().values()) - len(wanted)
    checks.that("answers were lost at all", server.lost)
    checks.same("a mail whose answer was lost comes twice", double, server.lost)
    _check_names(checks, server)
    checks.figure(f"{server.lost} answers lost: {double} double")


def _two(site: Site, server: Forgetful, checks: Checks, mails: int) -> None:
    workers = [site.worker(name=f"worker-{number}") for number in range(2)]
    wanted = lay_mails(site, mails, "two")
    until(lambda: site.look(_open) == 0, SECONDS, what="every job done")
    codes = [worker.stop() for worker in workers]
    checks.same("two workers send each mail once", server.times(), dict.fromkeys(wanted, 1))
    checks.same("and end in good order", codes, [0, 0])


def _unsubscribed(site: Site, server: Forgetful, checks: Checks) -> None:
    """A digest is queued for both moderators; one of them says no before it goes."""
    laying.waiting(site, 1, name="digest")
    with site.inside(), unit_of_work():
        ids = [_account(email) for email in MODERATORS]
        for account_id, _address_id in ids:
            jobs.enqueue(Mail.DESK, {"account_id": account_id})
        services.unsubscribe(ids[0][1], Topic.DESK)
    code = site.run("worker", "--once").wait(SECONDS)
    checks.same("the round ends well", code, 0)
    checks.same(
        "who said no after it was queued is not written to", set(server.times()), {MODERATORS[1]}
    )


def _account(email: str) -> tuple[int, int]:
    account = accounts.find_account(email)
    if account is None:
        raise LookupError(email)
    return account.id, account.address_id


def _check_names(checks: Checks, server: Forgetful) -> None:
    several = {to for to, names in server.names().items() if len(names) > 1}
    checks.none("what is double bears one Message-ID", several)


_OPEN = (Job.kind == Mail.PROVE, Job.done_at.is_(None), Job.failed_at.is_(None))


def _open() -> int:
    """Mails that are not done."""
    return db.session.scalar(select(func.count()).where(*_OPEN)) or 0


def _taken_twice() -> set[str]:
    """The addresses of mails that two workers took, one after the other."""
    its_address = Job.payload["address_id"].as_integer() == Address.id
    wanted = select(Address.email).join(Job, its_address)
    return set(db.session.scalars(wanted.where(Job.kind == Mail.PROVE, Job.attempts > 1)))


def _left() -> int:
    """Mails that a worker could take now."""
    now = clock.now()
    free = (Job.locked_until.is_(None) | (Job.locked_until < now), Job.run_at <= now)
    return db.session.scalar(select(func.count()).where(*_OPEN, *free)) or 0


def _release(site: Site) -> None:
    site.look(pass_the_pauses)
