"""A real HTTP server on this machine that answers as badly as it is told to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

Manner = Callable[["Stranger", socket.socket], None]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; header names in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


class Stranger:
    """`manner` answers each request from now on; `asked` are those that came, oldest first."""

    def __init__(self, certificate: tuple[Path, Path] | None = None) -> None:
        self.asked: list[Asked] = []
        self.manner: Manner = hangs
        self.ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*certificate)
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}/opinion"
        self._threads = [threading.Thread(target=self._listen)]
        self._threads[0].start()

    def close(self) -> None:
        if self.ended.is_set():
            return
        self.ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _listen(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return  # closed
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                if self._context is not None:
                    connection = self._context.wrap_socket(connection, server_side=True)
                with connection:
                    self.asked.append(_read(connection))
                    self.manner(self, connection)
        except OSError:
            return  # whoever asked went away, which many of these tests are about


def _read(connection: socket.socket) -> Asked:
    with connection.makefile("rb") as stream:
        line = stream.readline().decode(errors="replace").strip()
        headers: dict[str, str] = {}
        while (header := stream.readline().decode(errors="replace").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
    return Asked(line, headers, body)


def answering(
    body: bytes = b'{"verdict": "ham"}',
    *,
    status: str = "200 OK",
    content_type: str = "application/json",
    more: str = "",
) -> Manner:
    """A plain answer; `more` are further header lines, each ended by CRLF."""
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n{more}\r\n"
    )
    return raw(head.encode() + body)


def raw(content: bytes) -> Manner:
    return lambda _stranger, connection: connection.sendall(content)


def hangs(stranger: Stranger, _connection: socket.socket) -> None:
    stranger.ended.wait(20)


def dripping(start: bytes) -> Manner:
    """After `start` one more byte every twentieth of a second, for as long as somebody listens."""

    def drip(stranger: Stranger, connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(400):
            if stranger.ended.wait(0.05):
                return
            connection.sendall(b"a")

    return drip


def pouring(megabytes: int) -> Manner:
    """An answer of this size, without saying how long it is."""

    def pour(_stranger: Stranger, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        for _ in range(megabytes):
            connection.sendall(b" " * 1_000_000)

    return pour
