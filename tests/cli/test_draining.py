"""R23, the quick form: a TERM signal lets the request in flight end, and lets nobody else in."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import click
import pytest
from flask import Flask

from app.cli import serving
from app.config import PROJECT
from tests.support.alone import ALONE
from tests.support.eventually import eventually
from tests.support.settings import change_settings
from tests.support.smtp import free_port

SITE = """
import sys
from app.cli.draining import Server

def app(environ, start_response):
    if environ["PATH_INFO"] == "/same":
        start_response("304 Not Modified", [("ETag", '"a"')])
        return []
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/slow":
        print("inside", flush=True)
        with open(sys.argv[2]) as gate:  # until the test opens it
            return [gate.read().encode() * 100_000]
    return [b"quick"]

server = Server(app, host="127.0.0.1", port=int(sys.argv[1]), threads=2,
                ident=None, room_for=lambda method, path: (2**16, False))
print("ready", flush=True)
server.run()
print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_r23_a_signal_ends_the_server_after_the_answers_that_it_owes(
    tmp_path: Path, number: signal.Signals
) -> None:
    port, gate = free_port(), tmp_path / "gate"
    os.mkfifo(gate)
    answers: list[tuple[int, bytes, str | None]] = []

    def ask() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("GET", "/slow")
            answer = connection.getresponse()
            answers.append((answer.status, answer.read(), answer.getheader("Server")))

    with subprocess.Popen(
        [sys.executable, "-c", ALONE + SITE, str(port), str(gate)],
        cwd=PROJECT, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        asking = threading.Thread(target=ask)
        asking.start()
        assert process.stdout.readline() == "inside\n"
        process.send_signal(number)
        eventually(lambda: not lets_in(port))
        assert process.poll() is None
        gate.write_text("whole ")
        asking.join(60)
        assert process.stdout.readline() == "ended\n"

    assert process.returncode == 0
    assert answers == [(200, b"whole " * 100_000, None)]


def lets_in(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_r23_a_server_with_nobody_inside_ends_at_once(tmp_path: Path) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", ALONE + SITE, str(port), str(tmp_path)],
        cwd=PROJECT, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as waiting:
            waiting.request("GET", "/")
            assert waiting.getresponse().read() == b"quick"  # and the connection stays open
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


def test_an_unchanged_page_leaves_the_connection_open(tmp_path: Path) -> None:
    """A reader who comes back gets many of these, and each would cost a connection."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", ALONE + SITE, str(port), str(tmp_path)],
        cwd=PROJECT, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as reader:
            for path, status in (("/same", 304), ("/same", 304), ("/", 200)):
                reader.request("GET", path)
                answer = reader.getresponse()
                assert (answer.status, answer.getheader("Connection")) == (status, None)
                answer.read()
            reader.request("GET", "/same", headers={"Connection": "close"})
            assert reader.getresponse().getheader("Connection") == "close"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.one_database
def test_a_port_that_another_program_has_is_named_in_one_sentence(app: Flask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = change_settings(app, host="127.0.0.1", port=other.getsockname()[1])

        with pytest.raises(click.ClickException) as refused:
            serving.at_its_port(app, settings)

    assert f"Nothing is served: 127.0.0.1:{settings.port} cannot be taken" in str(refused.value)
    assert "set HOST and PORT to another place." in str(refused.value)
