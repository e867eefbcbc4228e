"""What is kept for a second: asked once however many ask, and never older than that."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import time_machine
from flask import Flask

from app.infra.db import db
from app.infra.lately import Lately

pytestmark = pytest.mark.one_database


def test_within_a_second_nothing_is_read_twice(app: Flask, clock: time_machine.Traveller) -> None:
    numbers, kept = count(), Lately[int]()

    assert [kept.get("a", lambda: next(numbers)) for _ in range(3)] == [0, 0, 0]
    assert kept.get("b", lambda: next(numbers)) == 1
    clock.shift(1)
    assert kept.get("a", lambda: next(numbers)) == 2


def test_what_this_process_commits_is_seen_at_once(
    app: Flask, clock: time_machine.Traveller
) -> None:
    numbers, kept = count(), Lately[int]()
    assert kept.get("a", lambda: next(numbers)) == 0

    db.session.commit()

    assert kept.get("a", lambda: next(numbers)) == 1


def test_r26_those_who_come_at_once_read_once(app: Flask, clock: time_machine.Traveller) -> None:
    numbers, kept = count(), Lately[int]()

    def ask(_number: int) -> int:
        with app.app_context():
            return kept.get("a", lambda: next(numbers))

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(40))) == {0}
