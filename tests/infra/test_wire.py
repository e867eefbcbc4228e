"""Processes of one site ask each other over a socket, and nobody waits for who does not answer."""

from __future__ import annotations

import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.infra import wire
from app.infra.wire import Message, NotUnderstood
from tests.support.eventually import eventually

KEY = b"only this site knows it"


@contextmanager
def answering(path: Path, key: bytes = KEY, patience: float = 0.2) -> Iterator[list[Exception]]:
    """Somebody who answers with the question; what went wrong with a caller."""
    done = threading.Event()
    faults: list[Exception] = []

    def echo(question: Message) -> Message:
        if "stumble" in question:
            raise ZeroDivisionError("stumbled")
        return {"asked": question}

    thread = threading.Thread(
        target=wire.answer_until, args=(done.is_set, path, key, echo, faults.append, patience)
    )
    thread.start()
    eventually(path.exists)
    try:
        yield faults
    finally:
        done.set()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "line.sock"


def test_a_question_has_its_answer(path: Path) -> None:
    with answering(path):
        assert eventually_asked(path, {"title": "Hüfte 🦴"}) == {"asked": {"title": "Hüfte 🦴"}}


def eventually_asked(path: Path, question: Message, key: bytes = KEY) -> Message:
    """The socket stands a moment before anybody listens on it."""

    def look() -> Message | None:
        try:
            return wire.ask(path, key, question, 2)
        except ConnectionRefusedError:
            return None

    found = eventually(look)
    assert found is not None
    return found


def test_a_path_of_any_length_will_do(tmp_path: Path) -> None:
    deep = tmp_path / ("long" * 30) / "folder"
    deep.mkdir(parents=True)
    with answering(deep / "line.sock"):
        assert eventually_asked(deep / "line.sock", {"a": 1}) == {"asked": {"a": 1}}


def test_nobody_else_on_the_machine_may_call(path: Path) -> None:
    with answering(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_wrong_secret_gets_no_answer(path: Path) -> None:
    with answering(path) as faults:
        eventually_asked(path, {})
        with pytest.raises(NotUnderstood):
            wire.ask(path, b"guessed", {"title": "hip"}, 2)
        eventually(lambda: faults)
        assert "not signed" in str(faults[0])


def test_an_answer_of_somebody_without_the_secret_does_not_count(path: Path) -> None:
    thread_done = threading.Event()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def impostor() -> None:
            caller, _ = listening.accept()
            with caller:
                caller.recv(4096)
                body = b'{"found": [[1, 1.0]]}'
                caller.sendall(struct.pack("!I", len(body)) + b"x" * 32 + body)
            thread_done.set()

        threading.Thread(target=impostor, daemon=True).start()
        with pytest.raises(NotUnderstood, match="not signed"):
            wire.ask(path, KEY, {}, 2)
        assert thread_done.wait(5)


@pytest.mark.parametrize(
    "garbage", [b"", b"\n", b"GET / HTTP/1.1\r\n\r\n" * 9, b"\xff" * 200_000, b"\0" * 100]
)
def test_garbage_ends_nothing(path: Path, garbage: bytes) -> None:
    with answering(path):
        eventually_asked(path, {})
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(path))
            try:
                line.sendall(garbage)
                line.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the other side hung up on it, as it may
        assert wire.ask(path, KEY, {"still": "there"}, 5) == {"asked": {"still": "there"}}


def test_who_says_nothing_holds_nobody_up_for_long(path: Path) -> None:
    with answering(path, patience=0.1), socket.socket(socket.AF_UNIX) as silent:
        eventually_asked(path, {})
        silent.connect(str(path))
        assert wire.ask(path, KEY, {"a": 1}, 5) == {"asked": {"a": 1}}


def test_an_answer_that_fails_is_told_and_ends_nothing(path: Path) -> None:
    with answering(path) as faults:
        eventually_asked(path, {})
        with pytest.raises(NotUnderstood, match="hung up"):
            wire.ask(path, KEY, {"stumble": True}, 5)
        assert [type(fault) for fault in faults] == [ZeroDivisionError]
        assert wire.ask(path, KEY, {}, 5) == {"asked": {}}


def test_one_who_never_answers_is_waited_for_no_longer_than_said(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as hanging:
        hanging.bind(str(path))
        hanging.listen()
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            wire.ask(path, KEY, {}, 0.2)
        assert time.monotonic() - begun < 10


def test_one_who_drips_is_waited_for_no_longer_than_said(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        enough = threading.Event()

        def drip() -> None:
            caller, _ = listening.accept()
            with caller:
                while not enough.wait(0.05):
                    try:
                        caller.sendall(b"\0")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            wire.ask(path, KEY, {}, 0.3)
        assert time.monotonic() - begun < 10
        enough.set()
        thread.join(5)


def test_what_a_dead_process_left_is_swept_aside(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with answering(path):
        assert eventually_asked(path, {"a": 1}) == {"asked": {"a": 1}}
    assert not path.exists()


def test_nobody_there_is_told_at_once(path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(FileNotFoundError):
        wire.ask(path, KEY, {}, 5)
    assert time.monotonic() - begun < 10


def test_no_message_is_longer_than_both_sides_take(path: Path) -> None:
    with answering(path):
        eventually_asked(path, {})
        with pytest.raises(NotUnderstood, match="too long"):
            wire.ask(path, KEY, {"title": "x" * wire.LONGEST_MESSAGE}, 2)


def test_no_file_stays_open(path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with answering(path):
        eventually_asked(path, {})
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
