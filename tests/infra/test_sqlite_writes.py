"""SQLite under several writers: each writing transaction begins as one (R03)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from app.domains.accounts.models import SignInTry
from app.infra.db import begin_mode, db
from app.infra.unit_of_work import unit_of_work

pytestmark = pytest.mark.one_database

WRITERS = 8
TIMES = 25


def add_one(app: Flask) -> None:
    """Read, then write what was read: the way to lose an update where reads come unlocked."""
    with app.app_context():
        for _ in range(TIMES):
            with unit_of_work():
                row = db.session.get_one(SignInTry, 1)
                row.bucket = str(int(row.bucket) + 1)


def together(works: list[Callable[[], None]]) -> list[BaseException]:
    """Run all at once; what was raised."""
    raised: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as wrong:  # noqa: BLE001  (shown by the caller)
            raised.append(wrong)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def test_r03_eight_writers_lose_no_update_and_never_meet_a_lock(bench: Flask) -> None:
    with unit_of_work():
        db.session.add(SignInTry(id=1, bucket="0"))

    raised = together([lambda: add_one(bench)] * WRITERS)

    assert raised == []
    assert db.session.get_one(SignInTry, 1).bucket == str(WRITERS * TIMES)


def test_a_reader_with_an_open_transaction_holds_no_writer_up(bench: Flask) -> None:
    with unit_of_work():
        db.session.add(SignInTry(id=1, bucket="0"))
    before = db.session.get_one(SignInTry, 1).bucket

    raised = together([lambda: add_one(bench)])

    assert raised == []
    assert before == "0"


def test_the_unit_begins_immediate_and_everything_else_deferred(bench: Flask) -> None:
    with unit_of_work():
        assert begin_mode.get() == "IMMEDIATE"
    assert begin_mode.get() == "DEFERRED"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000), ("synchronous", 2)],
)
def test_every_connection_is_made_safe(bench: Flask, pragma: str, value: object) -> None:
    assert db.session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
