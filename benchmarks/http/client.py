"""A closed loop of plain sockets: each line asks again as soon as it was answered."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

TIMEOUT = 60.0
PIECE = 1 << 18


class WrongAnswer(Exception):
    """The server said something else than it should have, or nothing."""


@dataclass
class Asked:
    """What a closed loop saw: the seconds of each request, and how long all of it took."""

    seconds: list[float] = field(default_factory=list)
    lasted: float = 0.0


class Line:
    """One connection that is kept open for as long as the server keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._got = b""
        self._wanted = 0
        self.is_ending = True
        self.status = 0
        self.began = 0.0

    def ask(self, request: bytes, selector: selectors.BaseSelector) -> None:
        """Send it; a new connection, where the last answer ended the one before, takes time."""
        self._got, self._wanted, self.status = b"", 0, 0
        self.began = time.perf_counter()
        if self.is_ending:
            self.leave(selector)
            self.socket = socket.create_connection(("127.0.0.1", self._port), TIMEOUT)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(self.socket, selectors.EVENT_READ, self)
            self.is_ending = False
        self.socket.sendall(request)

    def hear(self) -> bool:
        """Take what has come; whether the answer is whole. Raises WrongAnswer at its early end."""
        piece = self.socket.recv(PIECE)
        if not piece:
            raise WrongAnswer("the server closed the connection")
        self._got += piece
        if not self._wanted:
            head, end, _ = self._got.partition(b"\r\n\r\n")
            if not end:
                return False
            self.status, length = _read(head)
            self.is_ending = b"connection: close" in head.lower()
            self._wanted = len(head) + len(end) + length
        return len(self._got) >= self._wanted

    def leave(self, selector: selectors.BaseSelector) -> None:
        """Close the connection, if there is one."""
        if hasattr(self, "socket") and self.socket.fileno() >= 0:
            selector.unregister(self.socket)
            self.socket.close()


def _read(head: bytes) -> tuple[int, int]:
    """The status, and how long the body is."""
    lines = head.split(b"\r\n")
    status = int(lines[0].split()[1])
    if status in (204, 304):
        return status, 0
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return status, int(value)
    raise WrongAnswer("an answer without a length")


def request(
    path: str, headers: Mapping[str, str] | None = None, fields: object = None, *, port: int = 80
) -> bytes:
    """The bytes of a request: a GET, or the POST of a form where there are fields."""
    body = b"" if fields is None else urlencode(fields, doseq=True).encode()  # type: ignore[arg-type]
    lines = {"Host": f"127.0.0.1:{port}", **(headers or {})}
    if fields is not None:
        lines["Content-Type"] = "application/x-www-form-urlencoded"
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def loop(
    port: int,
    ask: Callable[[], bytes],
    *,
    status: int = 200,
    lines: int = 1,
    seconds: float = TIMEOUT,
    most: int = 1_000_000,
) -> Asked:
    """Ask over this many lines until the seconds are over or `most` requests are sent. What `ask`
    does before it returns the request is not in a request's time. Raises WrongAnswer."""
    told = Asked()
    with selectors.DefaultSelector() as selector:
        opened = [Line(port) for _ in range(min(lines, most))]
        began = time.perf_counter()
        try:
            for line in opened:
                line.ask(ask(), selector)
            sent = len(opened)
            while selector.get_map():
                for line in _heard(selector, status):
                    now = time.perf_counter()
                    told.seconds.append(now - line.began)
                    if sent < most and now - began < seconds:
                        line.ask(ask(), selector)
                        sent += 1
                    else:
                        line.leave(selector)
            told.lasted = time.perf_counter() - began
        finally:
            for line in opened:
                line.leave(selector)
    return told


def _heard(selector: selectors.BaseSelector, status: int) -> Iterator[Line]:
    """The lines whose answer is whole now."""
    ready = selector.select(TIMEOUT)
    if not ready:
        raise WrongAnswer(f"no answer within {TIMEOUT:.0f} s")
    for key, _ in ready:
        line: Line = key.data
        if line.hear():
            if line.status != status:
                raise WrongAnswer(f"{line.status} instead of {status}")
            yield line
