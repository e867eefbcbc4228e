"""Turns at writing to SQLite, between the processes of a machine (R03)."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.config import PROJECT
from app.infra import turns
from app.infra.db import db, is_postgresql
from app.infra.unit_of_work import unit_of_work
from tests.support.alone import ALONE
from tests.support.eventually import eventually

HOLDER = """
import sys
from app.infra import turns
with turns.of(sys.argv[1]).taken(30) as has_it:
    print(has_it, flush=True)
    sys.stdin.read(1)
"""
COUNTER = """
import sys
from app.infra import turns
turn, file = turns.of(sys.argv[1]), sys.argv[2]
for _ in range(200):
    with turn.taken(60) as has_it:
        assert has_it
        with open(file) as found:
            number = int(found.read())
        with open(file, "w") as kept:
            kept.write(str(number + 1))
"""
LONG = 30.0


def program(code: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", ALONE + code, *words],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@contextmanager
def held_elsewhere(database: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process has the turn."""
    with program(HOLDER, database) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"True\n"
            yield holder
        finally:
            holder.kill()


def test_another_processs_turn_is_waited_for_only_so_long(tmp_path: Path) -> None:
    turn = turns.of(str(tmp_path / "site.db"))

    with held_elsewhere(str(tmp_path / "site.db")), turn.taken(0.05) as has_it:
        assert not has_it
    with turn.taken(LONG) as has_it:
        assert has_it


def test_r03_a_killed_process_leaves_no_turn_behind(tmp_path: Path) -> None:
    turn = turns.of(str(tmp_path / "site.db"))
    with held_elsewhere(str(tmp_path / "site.db")) as holder:
        holder.kill()
        holder.wait(LONG)

        with turn.taken(LONG) as has_it:
            assert has_it


def test_r03_no_two_processes_have_the_turn_at_once(tmp_path: Path) -> None:
    number = tmp_path / "number"
    number.write_text("0")
    counters = [program(COUNTER, str(tmp_path / "site.db"), str(number)) for _ in range(3)]

    for counter in counters:
        with counter:
            assert counter.wait(60) == 0

    assert number.read_text() == "600"


def test_two_threads_never_have_the_turn_at_once(tmp_path: Path) -> None:
    turn = turns.of(str(tmp_path / "site.db"))
    found: list[bool] = []

    def reach() -> None:
        with turn.taken(0.01) as has_it:
            found.append(has_it)

    with turn.taken(LONG):
        other = threading.Thread(target=reach)
        other.start()
        other.join(LONG)
    reach()

    assert found == [False, True]


def _somebody_is_next(turn: turns.Turn) -> bool:
    assert turn._file is not None
    if turns._is_ours(turn._file, turns._NEXT):
        turns._let_go(turn._file, turns._NEXT)
        return False
    return True


def test_whoever_waited_is_before_whoever_has_just_written(tmp_path: Path) -> None:
    database = str(tmp_path / "site.db")
    turn = turns.of(database)
    with held_elsewhere(database):  # it holds the first byte; who is next holds the second
        next_one = program(HOLDER, database)
        assert next_one.stdout is not None
        eventually(lambda: _somebody_is_next(turn), LONG)
    with next_one:
        assert next_one.stdout.readline() == b"True\n"
        next_one.kill()


def test_a_folder_that_cannot_be_written_leaves_turns_to_the_threads(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    turn = turns.of(str(tmp_path / "no folder" / "site.db"))

    with turn.taken(LONG) as has_it:
        assert has_it
    assert "only the threads" in caplog.text


def test_a_unit_of_work_takes_the_turn_of_its_file_and_none_on_postgresql(bench: Flask) -> None:
    database = db.engine.url.database or ""
    with unit_of_work():
        db.session.execute(text("SELECT 1"))

    assert (database in turns._turns) != is_postgresql()
    assert Path(database + turns.SUFFIX).exists() != is_postgresql()


@pytest.mark.one_database
def test_r03_work_that_nobody_waits_for_waits_longer_for_its_turn(
    bench: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine a worker was refused after ten seconds, and its job lay until its claim
    was over."""
    waited: list[float] = []

    @contextmanager
    def taken(_turn: turns.Turn, seconds: float) -> Iterator[bool]:
        waited.append(seconds)
        yield True

    monkeypatch.setattr(turns.Turn, "taken", taken)
    with bench.test_request_context(), unit_of_work():
        pass
    with unit_of_work():
        pass

    in_a_request, at_work = waited
    assert in_a_request <= 5
    assert at_work >= 60
