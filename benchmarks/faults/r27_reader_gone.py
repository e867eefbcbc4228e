"""A hundred downloads cut off in the middle

Pages, feeds and a picture are asked for and the connection is reset before the answer is read.
Nothing stays behind: no transaction, connection, file or temporary file.
"""

from __future__ import annotations

import socket
import struct

from benchmarks.faults import laying
from benchmarks.faults.clusters import IDLE_IN_TRANSACTION, ask
from benchmarks.faults.measuring import open_files
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.sites import ARTICLES
from benchmarks.faults.waiting import until

RESET = struct.pack("ii", 1, 0)
"""Linger for no time: closing sends a reset."""
PATHS = (ARTICLES[0], "/feed.atom", f"{ARTICLES[0]}/feed.atom", "/sitemap.xml", "/search?q=waits")
FEW = 3
"""Files more or fewer that a pool of connections may account for."""


def run(place: Place) -> Outcome:
    checks = Checks()
    cuts = place.many(100, 25)
    with place.site() as site:
        laying.published(site, 300, name="long")
        temporary = site.folder / "temporary"
        temporary.mkdir()
        server = site.serve(TMPDIR=str(temporary))
        for number in range(4 * len(PATHS)):
            _cut(server, number)
        _settle(server)
        before = open_files(server.pid)
        for number in range(cuts):
            _cut(server, number)
        _settle(server)
        until(lambda: open_files(server.pid) <= before + FEW, 60, what="no more files", pause=0.2)
        after = open_files(server.pid)
        checks.that("no file or connection stays", after <= before + FEW, f"{before}, {after}")
        checks.none("no temporary file stays", [path.name for path in temporary.iterdir()])
        if not site.is_sqlite:
            left = ask(site.url, IDLE_IN_TRANSACTION)
            checks.same("no transaction is left open", left, [(0,)])
        said = server.said()
        checks.that("nothing is a fault of the program", "Traceback" not in said, said[-500:])
        server.stop()
    checks.figure(f"{cuts} cut: {before} files open before, {after} after")
    return checks.outcome()


def _cut(server: Server, number: int) -> None:
    """Ask, read some of the answer (of every third nothing), and reset the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        path = PATHS[number % len(PATHS)]
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        if number % 3:
            line.recv(100)


def _settle(server: Server) -> None:
    """Until it has answered a whole page after all of them."""
    until(lambda: server.client().get(ARTICLES[1]).status == 200, 60, what="a whole page")
