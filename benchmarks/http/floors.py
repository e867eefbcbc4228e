"""The floors in one process, under the server and the settings that the site is served with.

    python -m benchmarks.http.floors FOLDER PORT THREADS

`/bare/NAME` is a WSGI application that returns the bytes, `/flask/NAME` a Flask view that does,
`/stored/NAME` a Flask view that reads the page's pieces from SQLite, where they lie among those of
all other articles, and joins them. FOLDER holds them (`pieces.write`).
"""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import waitress
from flask import Flask, Response, abort

from benchmarks.http.pieces import BODY, HEADERS, STORED

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SWITCH_SECONDS = 0.001  # as `flask serve` sets it
Given = dict[str, tuple[bytes, list[tuple[str, str]]]]


def read(folder: Path) -> Given:
    """Each page's bytes and headers by its name."""
    found: Given = {}
    for body in sorted(folder.glob(f"*{BODY}")):
        headers = json.loads(body.with_suffix(HEADERS).read_text())
        found[body.stem] = body.read_bytes(), [(name, value) for name, value in headers]
    return found


def flask_app(given: Given, folder: Path) -> Flask:
    app = Flask("floors", static_folder=None)
    lines = threading.local()

    def line() -> sqlite3.Connection:
        if not hasattr(lines, "open"):
            lines.open = sqlite3.connect(folder / STORED)
            lines.open.execute("PRAGMA cache_size=-64000")
        opened: sqlite3.Connection = lines.open
        return opened

    @app.get("/flask/<name>")
    def same(name: str) -> Response:
        body, headers = given[name]
        return Response(body, headers=headers)

    @app.get("/stored/<name>")
    def stored(name: str) -> Response:
        row = line().execute("SELECT id FROM page WHERE name = ?", (name,)).fetchone()
        if row is None:
            abort(404)
        found = line().execute("SELECT html FROM piece WHERE page = ? ORDER BY place", row)
        return Response(b"".join(html for (html,) in found), headers=given[name][1])

    return app


def program(folder: Path) -> Any:
    given = read(folder)
    bare = {
        f"/bare/{name}": (body, [*headers, ("Content-Length", str(len(body)))])
        for name, (body, headers) in given.items()
    }
    beyond = flask_app(given, folder)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        known = bare.get(environ["PATH_INFO"])
        if known is None:
            return beyond(environ, start)
        start("200 OK", known[1])
        return [known[0]]

    return answer


def main() -> None:
    folder, port, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    served = program(folder)
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
    waitress.serve(
        served,
        host="127.0.0.1",
        port=port,
        threads=threads,
        connection_limit=1000,
        asyncore_use_poll=True,
        ident=None,
    )


if __name__ == "__main__":
    main()
