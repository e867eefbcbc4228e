"""Copies of sessions in Redis: quick while nothing changed, and gone as soon as anything did."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import redis
from flask import Flask
from sqlalchemy import delete, update

from app.domains.accounts import known_sessions, queries, services, sessions
from app.domains.accounts.models import Account, Address, LoginSession
from app.domains.accounts.states import Role
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.support.client import Browser, signed_in
from tests.support.queries import Counted
from tests.support.redis import running_redis
from tests.support.settings import change_settings

Count = Callable[[], AbstractContextManager[Counted]]


@pytest.fixture
def site(app: Flask, redis_url: str) -> Iterator[Flask]:
    """The site with Redis."""
    change_settings(app, redis_url=redis_url)
    yield app
    if (client := app.extensions.get("redis")) is not None:
        client.close()


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def copies(url: str) -> list[bytes]:
    with redis.Redis.from_url(url) as client:
        found = [client.get(key) for key in client.keys("threshold:session:*")]
    return [one for one in found if one not in (None, known_sessions.MARK)]


def test_a_second_page_asks_the_database_for_no_account(site: Flask, count_queries: Count) -> None:
    browser = signed_in(site, make_account(name="Anna"))
    with count_queries() as first:
        assert "Anna" in browser.get("/account/").text
    with count_queries() as second:
        assert "Anna" in browser.get("/account/").text

    assert second.total == first.total - 1


def test_a_copy_holds_no_password_and_ends_in_five_seconds(site: Flask, redis_url: str) -> None:
    account = make_account()
    hashed = account.password_hash or ""
    assert is_signed_in(signed_in(site, account))

    (copy,) = copies(redis_url)
    with redis.Redis.from_url(redis_url) as client:
        left = [client.pttl(key) for key in client.keys("threshold:session:*")]

    assert hashed.encode() not in copy
    assert b"argon2" not in copy
    assert 0 < max(left) <= 5000


def end_by_service(account: Account) -> None:
    sessions.end_other_sessions(account, keep=None)


def disable(account: Account) -> None:
    services.disable(account)


def give_another_role(account: Account) -> None:
    services.change_role(account, Role.MODERATOR)


def delete_in_bulk(account: Account) -> None:
    db.session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))


def delete_the_row(account: Account) -> None:
    for row in db.session.query(LoginSession).filter_by(account_id=account.id):
        db.session.delete(row)


def disable_in_bulk(account: Account) -> None:
    at = account.created_at
    db.session.execute(update(Account).where(Account.id == account.id).values(disabled_at=at))


ENDINGS = [
    end_by_service, disable, give_another_role, delete_in_bulk, delete_the_row, disable_in_bulk,
]  # fmt: skip


@pytest.mark.parametrize("end", ENDINGS)
def test_a03_whoever_ends_a_session_ends_its_copies(
    site: Flask, end: Callable[[Account], None]
) -> None:
    account, other = make_account(), make_account()
    browser, beside = signed_in(site, account), signed_in(site, other)
    assert is_signed_in(browser)
    assert is_signed_in(beside)

    with unit_of_work():
        end(db.session.get_one(Account, account.id))

    assert not is_signed_in(browser)
    assert is_signed_in(beside)


def test_a03_signing_out_ends_a_copied_cookie_in_another_process(
    site: Flask, make_app: Callable[..., Flask], redis_url: str
) -> None:
    elsewhere = make_app(redis_url=redis_url)
    here = signed_in(site, make_account())
    thief = elsewhere.test_client()
    assert isinstance(thief, Browser)
    with here.session_transaction() as stored:
        stolen = dict(stored)
    with thief.session_transaction() as stored:
        stored.update(stolen)
    assert is_signed_in(here)
    assert is_signed_in(thief)

    here.submit("/sign-out")

    assert not is_signed_in(thief)
    elsewhere.extensions["redis"].close()


def test_what_is_changed_of_an_account_is_seen_on_the_next_page(site: Flask) -> None:
    account = make_account(name="Anna")
    browser = signed_in(site, account)
    assert "Anna" in browser.get("/account/").text

    with unit_of_work():
        found = db.session.get_one(Account, account.id)
        services.change_profile(found, name="Berta", bio="")
        db.session.execute(
            update(Address).where(Address.id == found.address_id).values(email="b@example.com")
        )

    page = browser.get("/account/").text
    assert "Berta" in page
    assert "b@example.com" in page


def test_a_change_that_was_rolled_back_leaves_the_copy(site: Flask, redis_url: str) -> None:
    account = make_account()
    browser = signed_in(site, account)
    assert is_signed_in(browser)

    with pytest.raises(KeyError), unit_of_work():
        services.disable(db.session.get_one(Account, account.id))
        raise KeyError

    assert len(copies(redis_url)) == 1
    assert is_signed_in(browser)


def test_a03_a_copy_that_comes_late_is_not_put_over_the_mark(
    site: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account()
    browser = signed_in(site, account)
    read = queries.find_signed_in

    def read_and_be_overtaken(secret: str) -> Account | None:
        found = read(secret)
        known_sessions._mark([known_sessions.tokens.fingerprint(secret)])
        return found

    monkeypatch.setattr(queries, "find_signed_in", read_and_be_overtaken)
    browser.get("/account/")

    assert copies(redis_url) == []


def test_a03_a_forged_copy_makes_nobody_an_admin(site: Flask, redis_url: str) -> None:
    account = make_account()
    browser = signed_in(site, account)
    assert is_signed_in(browser)
    with redis.Redis.from_url(redis_url) as client:
        (key,) = client.keys("threshold:session:*")
        copy = client.get(key) or b""
        client.set(key, copy.replace(b'"reader"', b'"admin"'), ex=60)
    assert b'"reader"' in copy

    assert browser.get("/moderation/").status_code in (403, 404)
    assert is_signed_in(browser)


def test_who_changes_something_is_looked_up_in_the_database(site: Flask, redis_url: str) -> None:
    account = make_account()
    browser = signed_in(site, account)
    assert is_signed_in(browser)
    with redis.Redis.from_url(redis_url) as client:
        (key,) = client.keys("threshold:session:*")
        copy = client.get(key) or b""
    with unit_of_work():
        services.disable(db.session.get_one(Account, account.id))
    with redis.Redis.from_url(redis_url) as client:
        client.set(key, copy, ex=60)  # as if the mark had never come

    assert browser.submit("/account/", name="Anna", bio="").status_code == 401


@pytest.mark.one_database
def test_r08_while_redis_is_away_the_database_is_asked_and_no_ended_session_comes_back(
    app: Flask, run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    with running_redis(tmp_path, own=True) as url:
        change_settings(app, redis_url=url)
        with redis.Redis.from_url(url) as client:
            process = int(client.info("server")["process_id"])
        account = make_account()
        browser, other = signed_in(app, account), signed_in(app, make_account())
        assert is_signed_in(browser)
        assert is_signed_in(other)

        def come_back(seconds: float) -> None:
            """All copies have ended by then."""
            waited.append(seconds)
            os.kill(process, signal.SIGCONT)
            with redis.Redis.from_url(url) as client:
                client.flushall()

        monkeypatch.setattr(known_sessions, "wait", come_back)
        os.kill(process, signal.SIGSTOP)
        assert is_signed_in(other)
        with unit_of_work():
            services.disable(db.session.get_one(Account, account.id))

        assert waited == [known_sessions.COPY_SECONDS]
        assert not is_signed_in(browser)
        assert is_signed_in(other)
        app.extensions["redis"].close()


@pytest.mark.one_database
def test_without_redis_nothing_is_copied(app: Flask, count_queries: Count) -> None:
    browser = signed_in(app, make_account())
    with count_queries() as first:
        browser.get("/account/")
    with count_queries() as second:
        browser.get("/account/")

    assert first.total == second.total
