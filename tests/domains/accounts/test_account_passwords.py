"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import itertools
import threading
import unicodedata
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domains.accounts import passwords
from app.domains.accounts.common_words import COMMON_WORDS
from app.domains.accounts.errors import Crowded, WeakPassword
from app.domains.accounts.guessable import is_guessable

GOOD = "seven quiet herons by the river"


@pytest.mark.parametrize("password", ["", "x", "dk39fk2", "ünïcöd"])
def test_a09_fewer_than_eight_characters_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="at least 8"):
        passwords.refuse_weak(password)


@pytest.mark.parametrize(
    "password",
    ["xkq82hz0", "ñandú cóndor", "🐟🐠🐡🦈🐙🦑🐚🪸", "  two  spaces  kept  ", "k" + "ab9" * 300],
)
def test_a09_any_characters_and_long_ones_are_taken(password: str) -> None:
    passwords.refuse_weak(password)
    assert passwords.check(passwords.hash_password(password, cost=1), password, cost=1).fits


def test_a09_nothing_is_cut_off_behind_the_72nd_byte_or_the_1024th_character() -> None:
    for length in (72, passwords.LONGEST - 1):
        stored = passwords.hash_password("ä" * length + "x", cost=1)
        assert not passwords.check(stored, "ä" * length + "y", cost=1).fits


def test_a09_a_password_fits_however_its_accents_were_composed() -> None:
    composed, decomposed = (unicodedata.normalize(form, "crème brûlée") for form in ("NFC", "NFD"))
    assert composed != decomposed
    stored = passwords.hash_password(composed, cost=1)
    assert passwords.check(stored, decomposed, cost=1).fits


def test_a09_more_than_3000_common_passwords_are_refused() -> None:
    endings = ("", "1", "12", "123", "1234", "!", "2024", "1985", "99", "007", ".", "123!")
    refused = {
        word + ending
        for word, ending in itertools.product(COMMON_WORDS, endings)
        if len(word + ending) >= passwords.SHORTEST and is_guessable(word + ending)
    }
    assert len(refused) > 6000


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "P@ssw0rd2024",
        "passw0rd!",
        "Letmein1",
        "iloveyou2",
        "trustno1",
        "hunter2hunter2",
        "12345678",
        "987654321",
        "19841984",
        "11111111",
        "aaaaaaaa",
        "abababab",
        "abcd1234",
        "qwertyuiop",
        "1q2w3e4r5t",
        "1qaz2wsx",
        "zaq12wsx",
        "!QAZ2wsx",
        "asdfqwer",
        "Michael1985",
        "dragon.monkey",
        "0123456789",
        "zyxwvuts",
    ],
)
def test_a09_what_a_guesser_tries_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="guesser"):
        passwords.refuse_weak(password)


@pytest.mark.parametrize(
    "password", ["annaberg1985", "Berg-Anna!", "anna@example.com", "StandingWell1", "annab1985"]
)
def test_a09_what_is_known_about_the_person_or_the_site_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.refuse_weak(password, "Anna Berg", "annab", "anna@example.com", "Standing Well")


@pytest.mark.parametrize(
    "password",
    [GOOD, "correct horse battery staple", "hip-hinge-2026", "Tr0ub4dor&3", "48151623425108"],
)
def test_what_takes_a_guesser_long_is_taken(password: str) -> None:
    passwords.refuse_weak(password, "Anna Berg", "annab", "anna@example.com", "Standing Well")


@given(st.text(max_size=80))
@settings(max_examples=60)
def test_judging_a_password_never_fails_and_ignores_case(password: str) -> None:
    assert is_guessable(password.lower()) == is_guessable(password.lower().lower())
    assert isinstance(is_guessable(password, [password]), bool)


def test_a10_hashes_are_argon2id_over_64_mebibytes() -> None:
    found = extract_parameters(passwords.hash_password(GOOD, cost=3))
    assert (found.type, found.time_cost, found.memory_cost) == (Type.ID, 3, 65536)


def test_a10_a_hash_made_with_other_parameters_is_called_outdated() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=512, parallelism=1).hash(GOOD)
    assert passwords.check(old, GOOD, cost=1) == passwords.Check(fits=True, outdated=True)
    new = passwords.hash_password(GOOD, cost=1)
    assert passwords.check(new, GOOD, cost=1) == passwords.Check(fits=True, outdated=False)


def test_a10_a_password_of_100_kilobytes_is_refused_without_hashing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_work(*_: Any) -> None:
        raise AssertionError("it was hashed")

    stored = passwords.hash_password(GOOD, cost=1)
    passwords.check(None, GOOD, cost=1)
    monkeypatch.setattr(PasswordHasher, "verify", no_work)
    monkeypatch.setattr(PasswordHasher, "hash", no_work)
    assert not passwords.check(stored, "x" * 100_000, cost=1).fits
    with pytest.raises(WeakPassword):
        passwords.refuse_weak("xk" * 50_000)
    with pytest.raises(WeakPassword):
        passwords.hash_password("x" * 100_000, cost=1)


def test_half_a_character_is_refused_in_words() -> None:
    with pytest.raises(WeakPassword):
        passwords.refuse_weak("seven quiet \ud800 herons")
    assert not passwords.check(None, "seven quiet \ud800 herons", cost=1).fits


def test_an_account_without_a_password_lets_nobody_in() -> None:
    assert not passwords.check(None, "", cost=1).fits
    assert not passwords.check(None, GOOD, cost=1).fits


def test_at_most_two_hashes_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = [0], [0], threading.Lock()
    real = PasswordHasher.hash

    def counted(self: PasswordHasher, data: bytes) -> str:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        try:
            return real(self, data)
        finally:
            with lock:
                running[0] -= 1

    monkeypatch.setattr(PasswordHasher, "hash", counted)
    with ThreadPoolExecutor(5) as threads:
        known = [True, False, True, False, False]
        made = [threads.submit(passwords.hash_password, GOOD, 1, is_known=one) for one in known]
    assert all(one.result() for one in made)
    assert 1 <= most[0] <= 2


def test_a_crowd_of_strangers_is_sent_away_and_keeps_nobody_out_who_was_here_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leave, real = threading.Event(), PasswordHasher.hash

    def slow(self: PasswordHasher, data: bytes) -> str:
        leave.wait(30)
        return real(self, data)

    monkeypatch.setattr(PasswordHasher, "hash", slow)
    with ThreadPoolExecutor(5) as threads:
        crowd = [threads.submit(passwords.hash_password, GOOD, 1) for _ in range(4)]
        refused, _ = wait(crowd, timeout=30, return_when=FIRST_COMPLETED)
        known = threads.submit(passwords.hash_password, GOOD, 1, is_known=True)
        leave.set()
        assert known.result()
    assert [type(one.exception()) for one in refused] == [Crowded]
