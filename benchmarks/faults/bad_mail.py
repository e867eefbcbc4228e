"""A mail server that misbehaves in one way at a time, and counts."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.smtp import MailServer

HANG, DRIP, DROP, REFUSE, CLOSED = "hang", "slowloris", "drop", "refuse421", "refuse554"
GREETINGS = {REFUSE: "421 too busy", CLOSED: "554 no mail here today"}
DRIP_SECONDS = 1.0


class BadServer(socketserver.ThreadingTCPServer):
    """`way` is what it does to whoever connects: says nothing for ever, drips its greeting a byte a
    second, hangs up, or greets with a refusal. `met` counts who came."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, way: str) -> None:
        super().__init__(("127.0.0.1", 0), _Meeting)
        self.way = way
        self.met = 0
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Meeting(socketserver.BaseRequestHandler):
    server: BadServer
    request: socket.socket

    def handle(self) -> None:
        self.server.met += 1
        with contextlib.suppress(OSError):  # the other side has had enough
            if self.server.way == HANG:
                self.server.over.wait()
            elif self.server.way == DRIP:
                self._drip()
            elif self.server.way != DROP:
                self.request.sendall(f"{GREETINGS[self.server.way]}\r\n".encode())

    def _drip(self) -> None:
        while not self.server.over.wait(DRIP_SECONDS):
            self.request.sendall(b"2")


@contextmanager
def bad_server(way: str) -> Iterator[BadServer]:
    server = BadServer(way)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


class Choosy(MailServer):
    """Answers some recipients badly, each time: `answers_to` by the beginning of their address."""

    def __init__(self, answers_to: dict[str, str]) -> None:
        super().__init__()
        self.answers_to = answers_to
        self.asked: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.asked[address] += 1
        for beginning, answer in self.answers_to.items():
            if address.startswith(beginning):
                return answer
        return await super().handle_RCPT(server, session, envelope, address, options)


@contextmanager
def choosy(answers_to: dict[str, str]) -> Iterator[Choosy]:
    server = Choosy(answers_to)
    server.start()
    try:
        yield server
    finally:
        server.stop()
