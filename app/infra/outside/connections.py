"""What every call outside goes over: one connection that ends in time, to no proxy, and as much of
an answer as is wanted."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class Watch:
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
    def __init__(self, *args: Any, watch: Watch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch

    def _new_conn(self) -> socket.socket:
        return self._watch.over(super()._new_conn())


class _WatchedHttps(HTTPSConnection):
    def __init__(self, *args: Any, watch: Watch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch

    def _new_conn(self) -> socket.socket:
        return self._watch.over(super()._new_conn())


class _Http(HTTPConnectionPool):
    ConnectionCls = _WatchedHttp


class _Https(HTTPSConnectionPool):
    ConnectionCls = _WatchedHttps


def pool(
    scheme: str, host: str, port: int | None, watch: Watch, *, name: str = ""
) -> HTTPConnectionPool:
    """A pool of one connection to `host`, whose certificate is verified where the scheme is https.

    Where `host` is an address that was looked up before, `name` is what the certificate must be
    for.
    """
    if scheme == "https":
        return _Https(
            host, port, cert_reqs="CERT_REQUIRED", server_hostname=name or host, watch=watch
        )
    return _Http(host, port, watch=watch)


def read(response: BaseHTTPResponse, most: int) -> bytes:
    """The body as far as it is read: a whole one, or the first `most` bytes of a longer one."""
    found = b""
    while len(found) < most:
        part = response.read(most - len(found))
        if not part:
            break
        found += part
    return found
