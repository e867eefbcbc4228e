"""The site's own pages as files, and cut into pieces in a database: what the floors give out."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BODY, HEADERS, STORED = ".body", ".headers", "pieces.db"
OF_ONE_ANSWER = {"date", "content-length", "connection", "server", "x-request-id", "set-cookie"}
A_PIECE = re.compile(rb"(?=<(?:article|li)[ >])")


@dataclass(frozen=True)
class Page:
    """One answer of the site as it came, without compression; `small` is its length in gzip."""

    body: bytes
    headers: list[tuple[str, str]]
    small: int


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> Page:
    """Raises RuntimeError where the answer is not 200."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", path, headers=dict(headers or {}))
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered by {answer.status}")
        kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in OF_ONE_ANSWER]
        return Page(body, kept, len(gzip.compress(body, 6)))
    finally:
        line.close()


def write(folder: Path, pages: Mapping[str, Page], site: Path) -> None:
    """Lay the pages into the folder as files, and their pieces into a database, among the
    comments of the site as pieces of other pages."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = folder / STORED
    stored.unlink(missing_ok=True)
    for name, page in pages.items():
        (folder / name).with_suffix(BODY).write_bytes(page.body)
        (folder / name).with_suffix(HEADERS).write_text(json.dumps(page.headers))
    with sqlite3.connect(stored) as line:
        line.execute("CREATE TABLE page (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
        line.execute("CREATE TABLE piece (page INTEGER, place INTEGER, html BLOB)")
        line.execute("ATTACH ? AS site", (str(site),))
        line.execute("INSERT INTO page SELECT id, slug FROM site.article")
        line.execute("INSERT INTO piece SELECT article_id, id, html FROM site.comment")
        for name, page in pages.items():
            added = line.execute("INSERT INTO page (name) VALUES (?)", (name,)).lastrowid
            parts = [part for part in A_PIECE.split(page.body) if part]
            rows = [(added, place, part) for place, part in enumerate(parts)]
            line.executemany("INSERT INTO piece VALUES (?, ?, ?)", rows)
        line.execute("CREATE INDEX by_page ON piece (page, place)")
    line.close()
