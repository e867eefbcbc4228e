"""What the tables of the benchmarks are made of."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.figures import BEGIN, END, failure, other
from benchmarks.http.client import WrongAnswer, loop, request
from benchmarks.http.pieces import A_PIECE
from benchmarks.http.report import Aim
from benchmarks.http.rounds import Found, Subject, measure, ratio


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(304 if self.path == "/same" else 200)
        if self.path != "/same":
            self.send_header("Content-Length", "5")
        if self.path == "/ends":
            self.send_header("Connection", "close")
        self.end_headers()
        if self.path != "/same":
            self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        """A test says nothing of requests that went well."""


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/same", 304), ("/ends", 200)])
def test_the_loop_asks_as_often_as_it_is_told(port: int, path: str, status: int) -> None:
    asked = loop(port, lambda: request(path, port=port), status=status, lines=2, most=9)
    assert len(asked.seconds) == 9
    assert asked.lasted >= max(asked.seconds)


def test_another_answer_than_expected_is_a_fault(port: int) -> None:
    with pytest.raises(WrongAnswer, match="200 instead of 303"):
        loop(port, lambda: request("/", port=port), status=303, most=1)


def test_a_subject_that_fails_leaves_the_others_measured(port: int) -> None:
    good = Subject("good", port, os.getpid(), lambda: request("/", port=port), most=2)
    bad = Subject("bad", port, os.getpid(), lambda: request("/", port=port), status=303, most=2)
    found = measure([bad, good], rounds=2, seconds=0.01)
    assert "200 instead of 303" in found["bad"].wrong
    assert len(found["good"].cpu) == 2


def test_a_ratio_is_taken_round_by_round() -> None:
    ours, floor = Found(cpu=[2.0, 40.0, 6.0]), Found(cpu=[1.0, 10.0, 2.0])
    assert ratio(ours, floor) == (3.0, 2.0, 4.0)


def test_an_aim_by_the_clock_looks_at_the_slowest_but_five_percent() -> None:
    own = Found(cpu=[1.0], wall=[1.0] * 90 + [30.0] * 10)
    assert Aim(5).is_met(own, {})
    assert not Aim(25, by_clock=True).is_met(own, {})


def test_cutting_a_page_into_pieces_loses_nothing() -> None:
    page = b"<main><article id=a>one</article><ul><li>two</li><link></ul></main>"
    parts = A_PIECE.split(page)
    assert b"".join(parts) == page
    assert len(parts) == 3


def test_tables_are_laid_between_the_marks_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"before\n{BEGIN}\nold\n{END}\nafter")
    rows = [other("a", "1|2", met=False), failure("b", "it\nbroke")]
    figures.write(figures.tables("here", [], rows), file)
    text = file.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter")
    assert "| a | 1/2 |  |  | **no** |\n| b | it broke |  |  | failed |" in text
    assert "old" not in text


def test_a_file_without_marks_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text("nothing")
    with pytest.raises(ValueError, match="no place"):
        figures.write("text", file)
    assert file.read_text() == "nothing"
