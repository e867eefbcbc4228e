"""What somebody who guesses passwords learns, and what the others notice of it.

    python -m benchmarks.signing_in [--kind sqlite|postgresql] [--tries 10000] [--pairs 200]

A served site with passwords at their full cost, and limits on. First, names that somebody has and
names that nobody has are tried in turns, and the times compared (security.md A08: medians that
differ by less than 5 %, a rank test with p above .01); once more where a quarter of the accounts
have a hash of an earlier, lower cost. Then the tries of a guesser: all from one network, and each
from a network of its own, half of them for accounts that exist. Meanwhile a reader reads, the owner
of one of these accounts signs in from home, where the browser is known after the first time, so
does somebody whom nobody attacks, and somebody else does so with a new browser each time.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click
from sqlalchemy import delete, update

from app.domains.accounts import passwords
from app.domains.accounts.models import Account, SignInTry
from app.domains.accounts.states import Role
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from benchmarks.faults.clients import NO_ANSWER, Client
from benchmarks.faults.measuring import memory
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.sites import ARTICLES, Site
from benchmarks.faults.writers import percentile
from tests import factories

AT_ONCE = 16
ACCOUNTS = 50
WRONG = "guessed with care 1"
SERVED = {"RATE_LIMITS": "1", "PASSWORD_COST": "3", "TRUSTED_PROXIES": "127.0.0.1/32"}
"""As in production; the addresses that clients name are believed, so that one machine is many."""
HOME = "203.0.113.7"
OTHER_HOME = "198.51.100.9"
ON_THE_WAY = "198.51.100.200"
OLDER_COST = 2

READER = "a reader"
OWNER = "the owner of a guessed account"
ANOTHER = "somebody else who signs in"
STRANGER = "somebody else, each time in a new browser"
PAUSES = {READER: 0.2, OWNER: 31.0, ANOTHER: 31.0, STRANGER: 31.0}
"""Seconds; an account may be tried ten times in five minutes."""


@dataclass
class Seen:
    """Answers by their status, and how long each took."""

    statuses: Counter[int | str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def told(self) -> str:
        counts = ", ".join(f"{number} x {status}" for status, number in self.statuses.items())
        return (
            f"{counts}; p50 {percentile(self.seconds, 0.5):.0f}, "
            f"p95 {percentile(self.seconds, 0.95):.0f} ms"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kind", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--tries", type=int, default=10_000)
    asked.add_argument("--pairs", type=int, default=200)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), options.kind, owner="signing_in")
        with place.site(environment=SERVED) as site:
            names = _people(site)
            server = site.serve()
            click.echo(_compared(server.port, names, options.pairs))
            _grow_old(site)
            click.echo(f"mixed costs, {_compared(server.port, names, options.pairs)}")
            for told, network in (("one network", _one), ("many networks", _many)):
                click.echo(f"\n{options.tries} tries from {told}")
                _guess(server, names, options.tries, network)
            server.stop()


def _people(site: Site) -> list[str]:
    """Accounts to guess at; the last two are the owner's and somebody else's."""
    with site.inside():
        kept = passwords.hash_password(factories.PASSWORD, int(SERVED["PASSWORD_COST"]))
        names = [
            factories.make_account(Role.READER, email=f"person{number}@example.com").username
            for number in range(ACCOUNTS)
        ]
        with unit_of_work():
            db.session.execute(update(Account).values(password_hash=kept))
        return names


def _grow_old(site: Site) -> None:
    """Let a quarter of the accounts not have signed in since PASSWORD_COST was raised, and count
    anew, so that no try is refused for those of the comparison before."""
    with site.inside(), unit_of_work():
        kept = passwords.hash_password(factories.PASSWORD, OLDER_COST)
        theirs = Account.username != "cy", Account.id % 4 == 0
        db.session.execute(update(Account).where(*theirs).values(password_hash=kept))
        db.session.execute(delete(SignInTry))


def _compared(port: int, names: list[str], pairs: int) -> str:
    """The same number of tries for names that are known and not, in turns."""
    known, unknown = Seen(), Seen()
    networks = _networks("10.1")
    for number in range(pairs):
        for seen, name in (
            (known, names[number % (ACCOUNTS - 2)]),
            (unknown, f"nobody{number}"),
        ):
            if number % 8 == 0:
                _try(port, name, next(networks), Seen())
            _try(port, name, next(networks), seen)
    apart = abs(statistics.median(known.seconds) / statistics.median(unknown.seconds) - 1)
    return (
        f"{pairs} pairs: known {known.told()}; unknown {unknown.told()}; "
        f"medians differ by {apart:.1%}, "
        f"rank test p {_rank_test(known.seconds, unknown.seconds):.2f}"
    )


def _guess(server: Server, names: list[str], tries: int, network: Callable[[int], str]) -> None:
    before, began = memory(server.pid), time.monotonic()
    guessed = Seen()
    with _beside(server.port, names) as others, ThreadPoolExecutor(AT_ONCE) as threads:

        def guess(number: int) -> None:
            name = names[number % ACCOUNTS] if number % 2 else f"somebody{number}"
            _try(server.port, name, network(number), guessed)

        with click.progressbar(threads.map(guess, range(tries)), length=tries) as answers:
            for _ in answers:
                pass
    click.echo(f"guesser, {time.monotonic() - began:.0f} s: {guessed.told()}")
    for who, seen in others.items():
        click.echo(f"{who}: {seen.told()}")
    click.echo(f"memory {(memory(server.pid) - before) / 2**20:+.0f} MiB")


def _one(_number: int) -> str:
    return "192.0.2.1"


def _many(number: int) -> str:
    return f"10.{2 + number // 65_025}.{number // 255 % 255}.{1 + number % 255}"


def _networks(first: str) -> Iterator[str]:
    return (f"{first}.{a}.{b}" for a, b in itertools.product(range(255), range(1, 255)))


@contextmanager
def _beside(port: int, names: list[str]) -> Iterator[dict[str, Seen]]:
    """Whoever else is on the site, until the block ends."""
    ended = threading.Event()
    doing: dict[str, Callable[[Seen], None]] = {
        READER: lambda seen: _read(port, seen),
        OWNER: _comes_home(port, names[-1], HOME),
        ANOTHER: _comes_home(port, "cy", OTHER_HOME),
        STRANGER: _comes_anew(port, "cy", ON_THE_WAY),
    }
    found = {who: Seen() for who in doing}

    def go_on(who: str) -> None:
        while not ended.is_set():
            doing[who](found[who])
            ended.wait(PAUSES[who])

    with ThreadPoolExecutor(len(doing)) as threads:
        going = [threads.submit(go_on, who) for who in doing]
        try:
            yield found
        finally:
            ended.set()
        for one in going:
            one.result()


def _read(port: int, seen: Seen) -> None:
    _note(lambda: Client(port).get(ARTICLES[0]).status, seen)


def _comes_home(port: int, name: str, machine: str) -> Callable[[Seen], None]:
    """Sign in with the right password, each time from the same browser."""
    browser = Client(port)

    def come(seen: Seen) -> None:
        _note(lambda: _sign_in(browser, name, factories.PASSWORD, machine), seen)

    return come


def _comes_anew(port: int, name: str, machine: str) -> Callable[[Seen], None]:
    """The same, each time from a browser that the site does not know."""
    return lambda seen: _note(
        lambda: _sign_in(Client(port), name, factories.PASSWORD, machine), seen
    )


def _try(port: int, name: str, machine: str, seen: Seen) -> None:
    _note(lambda: _sign_in(Client(port), name, WRONG, machine), seen)


def _sign_in(browser: Client, name: str, password: str, machine: str) -> int:
    """The status of the answer to the form; a browser that is signed in is given a new session."""
    browser.cookies.pop("threshold", None)
    browser.open_form("/sign-in")
    fields = {"csrf_token": browser.token, "email": name, "password": password}
    told = {"X-Forwarded-For": machine}
    return browser.request("POST", "/sign-in", fields, headers=told).status


def _note(ask: Callable[[], int], seen: Seen) -> None:
    began = time.perf_counter()
    try:
        status: int | str = ask()
    except NO_ANSWER as wrong:
        status = type(wrong).__name__
    seen.seconds.append(time.perf_counter() - began)
    seen.statuses[status] += 1


def _rank_test(some: list[float], others: list[float]) -> float:
    """The p of Mann and Whitney's test, two-sided, by the normal approximation: both lists are
    long, and no two times are equal."""
    ranked = sorted([(one, True) for one in some] + [(one, False) for one in others])
    ranks = sum(rank for rank, (_, is_first) in enumerate(ranked, 1) if is_first)
    n, m = len(some), len(others)
    statistic = ranks - n * (n + 1) / 2
    spread = (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * (1 - statistics.NormalDist().cdf(abs(statistic - n * m / 2) / spread))


if __name__ == "__main__":
    main()
