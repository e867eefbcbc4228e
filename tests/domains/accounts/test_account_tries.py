"""How often one may try to sign in, counted in the database."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.domains.accounts import sessions
from app.domains.accounts.errors import TooManyTries
from app.domains.accounts.policy import Limit, wait_for
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
LIMIT = Limit(3, timedelta(minutes=5))


def fail(login: str, network: str) -> None:
    with unit_of_work():
        sessions.open_try(login, network)


def lock_wait(login: str, network: str) -> timedelta:
    """How long this login is locked from this network; a try that is let through is counted."""
    try:
        fail(login, network)
    except TooManyTries as refusal:
        return refusal.wait
    return timedelta(0)


@given(st.lists(st.integers(-900, 900), max_size=12))
def test_d08_no_lock_is_longer_than_its_window_whatever_the_clock_did(seconds: list[int]) -> None:
    tries = [NOON + timedelta(seconds=each) for each in seconds]
    assert timedelta(0) <= wait_for(tries, LIMIT, NOON) <= LIMIT.within


def test_a_lock_opens_when_the_oldest_try_that_counts_leaves_the_window() -> None:
    tries = [NOON - timedelta(seconds=each) for each in (290, 200, 100, 10)]
    assert wait_for(tries, LIMIT, NOON) == timedelta(seconds=100)
    assert wait_for(tries[2:], LIMIT, NOON) == timedelta(0)


@pytest.mark.usefixtures("app", "clock")
@pytest.mark.parametrize("login", ["anna", "anna@example.com"])
def test_a05_the_eleventh_try_at_a_name_is_refused_from_every_network(login: str) -> None:
    make_account(username="anna", email="anna@example.com")
    for number in range(10):
        fail(login, f"192.0.2.{number}")
    with pytest.raises(TooManyTries) as refused:
        fail(login, "198.51.100.1")
    assert refused.value.seconds == 300


@pytest.mark.usefixtures("app", "clock")
def test_a07_a_lock_does_not_tell_that_a_name_and_an_address_are_one_accounts() -> None:
    """Nor does who guesses at the name that everybody reads lock out who types the address."""
    make_account(username="anna", email="anna@example.com")
    for number in range(10):
        fail("anna", f"192.0.2.{number}")
    assert not lock_wait("anna@example.com", "198.51.100.1")


@pytest.mark.usefixtures("app", "clock")
@pytest.mark.parametrize("is_somebodys", [True, False])
@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("anna", " \uff21nna "),
        ("ren\xe9@example.com", "re\u006e\u0065\u0301@Example.com"),
        ("\u017fam@example.com", "sam@example.com"),
    ],
)
def test_a07_a_name_typed_another_way_is_locked_alike_be_it_somebodys_or_not(
    typed: str, other: str, *, is_somebodys: bool
) -> None:
    if is_somebodys:
        make_account(username="anna", email=typed if "@" in typed else "anna@example.com")
    for number in range(10):
        fail(typed, f"192.0.2.{number}")
    assert bool(lock_wait(other, "198.51.100.1")) == ("sam" not in other)


@pytest.mark.usefixtures("app", "clock")
def test_a05_the_eleventh_try_from_a_network_is_refused_for_every_account() -> None:
    for number in range(10):
        fail(f"name{number}", "192.0.2.1")
    with pytest.raises(TooManyTries):
        fail(make_account().username, "192.0.2.1")


@pytest.mark.usefixtures("app", "clock")
def test_a05_a_success_forgets_its_own_try_and_no_failed_one() -> None:
    account = make_account()
    for number in range(9):
        fail(f"name{number}", "192.0.2.1")
    for _ in range(3):
        with unit_of_work():
            sessions.close_try(sessions.open_try(account.username, "192.0.2.1"))
    fail("another", "192.0.2.1")
    with pytest.raises(TooManyTries):
        fail(account.username, "192.0.2.1")


@pytest.mark.usefixtures("app", "clock")
def test_a07_a_name_that_nobody_has_is_locked_as_one_that_somebody_has() -> None:
    for number in range(10):
        fail("nobody@example.com", f"192.0.2.{number}")
    with pytest.raises(TooManyTries):
        fail("Nobody@example.com", "198.51.100.1")


@pytest.mark.usefixtures("app")
def test_a06_one_network_cannot_lock_the_owner_out_for_more_than_fifteen_minutes(
    clock: time_machine.Traveller,
) -> None:
    account = make_account()
    locked, longest = timedelta(0), timedelta(0)
    step = timedelta(seconds=30)
    for _ in range(80):  # forty minutes in which the attacker never rests
        for _ in range(3):
            lock_wait(account.username, "192.0.2.66")
        with unit_of_work():
            try:
                tried = sessions.open_try(account.username, "198.51.100.1")
            except TooManyTries:
                locked += step
                longest = max(longest, locked)
            else:
                sessions.close_try(tried)
                locked = timedelta(0)
        clock.shift(step)
    assert timedelta(0) < longest <= timedelta(minutes=15)


@pytest.mark.usefixtures("app")
def test_a05_after_five_minutes_the_owner_is_let_in_again(clock: time_machine.Traveller) -> None:
    account = make_account()
    for _ in range(10):
        fail(account.username, "192.0.2.1")
    assert lock_wait(account.username, "192.0.2.1") == timedelta(minutes=5)
    clock.shift(timedelta(minutes=5))
    assert lock_wait(account.username, "192.0.2.1") == timedelta(0)


def test_s03_tries_that_come_at_once_are_all_counted(app: Flask) -> None:
    """Sixteen at a time from different processes' connections: ten are looked at, no more."""
    make_account(username="anna")
    let_in, refused = [], []
    together = threading.Barrier(8)

    def hammer() -> None:
        with app.app_context():
            together.wait()
            for _ in range(2):
                try:
                    fail("anna", "192.0.2.1")
                    let_in.append(1)
                except TooManyTries:
                    refused.append(1)
            db.session.remove()

    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(let_in), len(refused)) == (10, 6)


@pytest.mark.usefixtures("app", "clock")
def test_a06_guessers_from_many_networks_do_not_lock_a_browser_out_that_was_here_before() -> None:
    account = make_account()
    for number in range(10):
        fail(account.username, f"192.0.2.{number}")
    with unit_of_work():
        tried = sessions.open_try(account.username, "198.51.100.1", knows=lambda _account: True)
    assert tried.is_known


@pytest.mark.usefixtures("app", "clock")
def test_a05_a_browser_that_was_here_before_is_locked_after_ten_tries_too() -> None:
    account = make_account()
    for number in range(10):
        with unit_of_work():
            sessions.open_try(account.username, f"192.0.2.{number}", knows=lambda _account: True)
    with unit_of_work(), pytest.raises(TooManyTries):
        sessions.open_try(account.username, "198.51.100.1", knows=lambda _account: True)
