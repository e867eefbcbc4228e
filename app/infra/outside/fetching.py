"""A look at an address that a person typed: whether it still leads somewhere, and nothing else.

The name is looked up once and the connection made to exactly what was found, so that no second
answer can lead inside; each redirect is a new address and checked like the first. Of an answer only
its head is read, whatever follows.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from urllib.parse import quote, urljoin, urlsplit

from urllib3 import Timeout
from urllib3.exceptions import HTTPError, LocationParseError, NewConnectionError, SSLError
from urllib3.util import Url, parse_url

from app.infra.outside.connections import Watch, pool
from app.infra.outside.reachable import is_public

SECONDS = 8.0
MOST_REDIRECTS = 5
MOST_SENT = 16 * 1024
"""Bytes of a page that its server is asked for."""
MOST_MACHINES = 3
"""Of those that a name stands for, where the first does not answer."""
PORTS = frozenset({80, 443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
LONGEST = 4_000
"""Characters of an address that is followed."""
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))

Lookup = Callable[[str, int], Sequence[str]]
"""The addresses of the machines that a name and a port stand for. Raises OSError."""


class Problem(StrEnum):
    """Why a look got no answer; it is stored so, and pages say it."""

    LATE = "late"
    LATE_NAME = "late name"
    ENDLESS = "endless"
    TOO_LONG = "too long"
    UNREADABLE = "unreadable"
    NO_PAGE = "no page"
    SECRET = "secret"  # noqa: S105  (the name of a fault)
    PORT = "port"
    NO_MACHINE = "no machine"
    PRIVATE = "private"
    CERTIFICATE = "certificate"
    NOBODY = "nobody"
    NO_SENSE = "no sense"


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a look: the status of the last answer, or why there was none.
    `was_refused` where it was our rule that let nobody call. `moved_to` is the address at the end
    of redirects that are all for good and lead to a success."""

    status: int | None = None
    problem: Problem | None = None
    was_refused: bool = False
    moved_to: str = ""


class _NoAnswer(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class _Refused(_NoAnswer):
    """Nobody was called."""


def looked_up(host: str, port: int) -> list[str]:
    """The addresses that the system knows for a name, in the order in which it would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def look(
    url: str,
    *,
    agent: str,
    seconds: float = SECONDS,
    ports: frozenset[int] = PORTS,
    may_reach: Callable[[str], bool] = is_public,
    lookup: Lookup = looked_up,
) -> Seen:
    """Ask for `url`, by HEAD and, where that is no success, by GET for its beginning; the whole
    ends within `seconds`. `agent` says who asks. Raises nothing."""
    visit = _Visit(agent, monotonic() + seconds, ports, may_reach, lookup)
    try:
        status, moved_to = visit.end(url)
        return Seen(status=status, moved_to=moved_to)
    except _Refused as refused:
        return Seen(problem=refused.problem, was_refused=True)
    except _NoAnswer as none:
        return Seen(problem=none.problem)


@dataclass(frozen=True, slots=True)
class _Visit:
    agent: str
    ends: float
    ports: frozenset[int]
    may_reach: Callable[[str], bool]
    lookup: Lookup

    @property
    def left(self) -> float:
        """Seconds. Raises _NoAnswer when there are none."""
        seconds = self.ends - monotonic()
        if seconds <= 0:
            raise _NoAnswer(Problem.LATE)
        return seconds

    def end(self, url: str) -> tuple[int, str]:
        """The status at the end of all redirects, and what `Seen.moved_to` says."""
        first, is_for_good = url, True
        for _ in range(MOST_REDIRECTS + 1):
            status, leads_to = self._ask(self._tidy(url))
            if leads_to is None:
                moved = url != first and is_for_good and 200 <= status < 300
                return status, _with_place(url, first) if moved else ""
            is_for_good = is_for_good and status in FOR_GOOD
            url = leads_to
        raise _NoAnswer(Problem.ENDLESS)

    def _tidy(self, url: str) -> Url:
        """The one reading of an address, which is checked and then connected to."""
        if len(url) > LONGEST:
            raise _NoAnswer(Problem.TOO_LONG)
        try:
            parts = parse_url(url)
        except LocationParseError as wrong:
            raise _NoAnswer(Problem.UNREADABLE) from wrong
        if parts.scheme not in ("http", "https") or not parts.host:
            raise _Refused(Problem.NO_PAGE)
        if parts.auth is not None:
            raise _Refused(Problem.SECRET)
        if self._port(parts) not in self.ports:
            raise _Refused(Problem.PORT)
        return parts

    def _port(self, parts: Url) -> int:
        return parts.port or (443 if parts.scheme == "https" else 80)

    def _ask(self, parts: Url) -> tuple[int, str | None]:
        """The status of this one address, and where it leads on to, if it does."""
        machines = self._machines((parts.host or "").strip("[]"), self._port(parts))
        try:
            status, location = self._call("HEAD", parts, machines)
        except _Dropped:
            status, location = 0, ""
        if not 200 <= status < 400:  # many servers know no HEAD, or answer it differently
            status, location = self._call("GET", parts, machines)
        if status in REDIRECTS and location:
            return status, urljoin(parts.url, quote(location.encode("latin-1"), safe=_PRINTABLE))
        return status, None

    def _machines(self, host: str, port: int) -> list[str]:
        """Looked up in a thread of its own: the system's lookup has no limit that we could set."""
        found: list[str] = []
        wrong: list[Exception] = []

        def find() -> None:
            try:
                found.extend(self.lookup(host, port))
            except (OSError, UnicodeError) as fault:  # unknown, or a name that is none
                wrong.append(fault)

        thread = threading.Thread(target=find, daemon=True)
        thread.start()
        thread.join(self.left)
        if thread.is_alive():
            raise _NoAnswer(Problem.LATE_NAME)
        if wrong or not found:
            raise _NoAnswer(Problem.NO_MACHINE)
        if not all(self.may_reach(machine) for machine in found):
            raise _Refused(Problem.PRIVATE)
        return found[:MOST_MACHINES]

    def _call(self, method: str, parts: Url, machines: Sequence[str]) -> tuple[int, str]:
        """Call the first machine that lets us in."""
        for machine in machines[:-1]:
            try:
                return self._call_one(method, parts, machine)
            except _Unreached:
                continue
        return self._call_one(method, parts, machines[-1])

    def _call_one(self, method: str, parts: Url, machine: str) -> tuple[int, str]:
        seconds, host = self.left, (parts.host or "").strip("[]")
        headers = {
            "Host": parts.netloc or "",
            "User-Agent": self.agent,
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            **({"Range": f"bytes=0-{MOST_SENT - 1}"} if method == "GET" else {}),
        }
        with (
            Watch(seconds) as watch,
            pool(parts.scheme or "", machine, self._port(parts), watch, name=host) as line,
        ):
            try:
                response = line.urlopen(
                    method,
                    parts.request_uri,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    timeout=Timeout(total=seconds),
                    assert_same_host=False,
                    preload_content=False,
                    decode_content=False,
                )
            except (HTTPError, OSError, ValueError) as wrong:
                raise _why(wrong, is_late=watch.is_over) from wrong
            response.close()  # how it begins was all that we wanted
        if watch.is_over:  # a head that was cut off by the watch looks like a whole one
            raise _NoAnswer(Problem.LATE)
        return response.status, response.headers.get("Location", "")


def _with_place(url: str, first: str) -> str:
    """The address with the place in the page that the first one names, as browsers do."""
    place = urlsplit(first).fragment
    return f"{url}#{place}" if place and not urlsplit(url).fragment else url


class _Unreached(_NoAnswer):
    """There was no connection, so another machine may be tried."""


class _Dropped(_NoAnswer):
    """There was a connection, and no answer on it that can be read."""


def _why(wrong: Exception, *, is_late: bool) -> _NoAnswer:
    if is_late:
        return _NoAnswer(Problem.LATE)
    if isinstance(wrong, SSLError):
        return _NoAnswer(Problem.CERTIFICATE)
    if isinstance(wrong, NewConnectionError):
        return _Unreached(Problem.NOBODY)
    return _Dropped(Problem.NO_SENSE)
