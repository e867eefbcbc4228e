"""One POST to one address, bounded in every way that a stranger's server could stretch it.

No redirect is followed, nothing is tried twice, certificates are verified, at most 64 kB of the
answer are read, and the whole call (connecting, sending, waiting, reading) ends in time even where
the answer comes a byte at a time. Only the lookup of the host's name keeps the system's own limits.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from app.infra.outside.questions import NoAnswer

LONGEST_ANSWER = 64 * 1024
AGENT = "Threshold/1.0 | Threshold"


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer 200, and its content type without parameters."""

    content_type: str
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> Answer:
    """POST to `url` and read the answer.

    Raises NoAnswer for anything but a whole answer 200 of at most 64 kB within `seconds`.
    """
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
    with _Watch(seconds) as watch, _pool(url, watch) as pool:
        try:
            response = pool.urlopen(
                "POST",
                target,
                body=body,
                headers=sent,
                redirect=False,
                retries=False,
                timeout=Timeout(total=seconds),
                preload_content=False,
                decode_content=False,
            )
            try:
                read = _read(response)
            finally:
                response.close()
        except (HTTPError, OSError) as wrong:
            why = "it took too long" if watch.is_over else type(wrong).__name__
            raise NoAnswer(why) from wrong
    if watch.is_over:  # the end of a body without a length may be the watch's doing
        raise NoAnswer("it took too long")
    if response.status != 200:
        raise NoAnswer(f"the answer was {response.status}")
    if len(read) > LONGEST_ANSWER:
        raise NoAnswer("the answer was longer than 64 kB")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NoAnswer("the answer was compressed, which nobody asked for")
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(content_type, read)


def _read(response: BaseHTTPResponse) -> bytes:
    """The body as far as it is read; a whole one, unless it is longer than that."""
    read = b""
    while len(read) <= LONGEST_ANSWER:
        part = response.read(LONGEST_ANSWER + 1 - len(read))
        if not part:
            break
        read += part
    return read


class _Watch:
    """Shuts a connection down when its time is over: a socket's own time limit begins anew with
    every byte, and would let a slow answer hold a worker for hours."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._held: socket.socket | None = None

    def over(self, connection: socket.socket) -> socket.socket:
        """Watch this connection. TLS takes the socket over, so a second handle on it is kept."""
        with self._lock:
            self._held = connection.dup()
        if self.is_over:  # looking the name up took all of it
            self._shut()
        return connection

    def _shut(self) -> None:
        with self._lock:
            self.is_over = True
            if self._held is None:
                return
            with suppress(OSError):  # the other side ended it at this very moment
                self._held.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _wrong: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if self._held is not None:
                self._held.close()
                self._held = None


class _WatchedHttp(HTTPConnection):
    def __init__(self, *args: Any, watch: _Watch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch

    def _new_conn(self) -> socket.socket:
        return self._watch.over(super()._new_conn())


class _WatchedHttps(HTTPSConnection):
    def __init__(self, *args: Any, watch: _Watch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch

    def _new_conn(self) -> socket.socket:
        return self._watch.over(super()._new_conn())


class _Http(HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _Https(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


def _pool(url: str, watch: _Watch) -> HTTPConnectionPool:
    """A pool of one connection to the host of `url`, and to no proxy."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return _Https(host, parts.port, cert_reqs="CERT_REQUIRED", watch=watch)
    return _Http(host, parts.port, watch=watch)
