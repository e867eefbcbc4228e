"""Answers outside of Flask: what it said, caught; what was kept, given out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask

from app.infra.http.headers import ALWAYS
from app.infra.kept.pages import Headers, Page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT_HEADERS = frozenset(
    name.lower()
    for name in (*ALWAYS, "Strict-Transport-Security", "Content-Type", "X-Robots-Tag", "Link")
)
"""What a kept page says of itself; all else (ids of requests, limits) belongs to one answer."""
SHARED_SECONDS = 60
FOR_GUESTS = "public, max-age=0, must-revalidate"
FOR_PURGED = f"public, max-age=0, s-maxage={SHARED_SECONDS}, must-revalidate"
"""A cache in front may answer by itself only where it is told what has changed."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer of Flask's as it came."""

    status: str
    headers: Sequence[tuple[str, str]]
    body: bytes


def path_of(environ: WSGIEnvironment) -> str:
    """The path as Flask reads it: WSGI carries its bytes as Latin-1."""
    path: str = environ.get("PATH_INFO", "")
    return path if path.isascii() else path.encode("latin-1").decode("utf-8", "replace")


def captured(inner: WSGIApplication, environ: dict[str, Any]) -> Raw:
    """What the program answers to this request, read to its end."""
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _wrong: Any = None) -> Any:
        said.append((status, headers))
        return lambda _bytes: None

    parts: Any = inner(environ, start)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = said[-1]
    return Raw(status, headers, body)


def may_be_kept(raw: Raw) -> bool:
    """Whether this is the same for everybody: a plain answer that leaves no cookie."""
    names = {name.lower() for name, _ in raw.headers}
    own_words = next((value for name, value in raw.headers if name.lower() == "cache-control"), "")
    return (
        raw.status.startswith("200")
        and "set-cookie" not in names
        and "content-encoding" not in names
        and "no-store" not in own_words
    )


def kept_headers(raw: Raw, marks: Sequence[str], app: Flask, *, lasting: bool) -> Headers:
    """The headers of the kept page, but for its length and encoding."""
    own = [(name, value) for name, value in raw.headers if name.lower() in KEPT_HEADERS]
    if lasting:
        age = next(value for name, value in raw.headers if name.lower() == "cache-control")
        return (*own, ("Cache-Control", age), ("Vary", "Accept-Encoding"))
    tells = bool(app.extensions["settings"].purge_url)
    own += [("Cache-Control", FOR_PURGED if tells else FOR_GUESTS)]
    own += [("Vary", "Cookie, Accept-Encoding")]
    if tells:
        own += [("Surrogate-Key", " ".join(marks)), ("Cache-Tag", ",".join(marks))]
    return tuple(own)


def has_it(page: Page, environ: WSGIEnvironment) -> bool:
    """Whether the one who asks has these very bytes already (If-None-Match)."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if not known:
        return False
    wanted = page.etag.removeprefix("W/")
    tags = (one.strip().removeprefix("W/") for one in known.split(","))
    return any(tag in (wanted, "*") for tag in tags)


def give(
    page: Page, environ: WSGIEnvironment, start: StartResponse, *, is_same: bool
) -> list[bytes]:
    if is_same:
        start("304 NOT MODIFIED", [*page.headers, ("ETag", page.etag)])
        return []
    headers = [*page.headers, ("ETag", page.etag)]
    body = page.body
    if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        headers.append(("Content-Encoding", "gzip"))
        body = page.small
    headers.append(("Content-Length", str(len(body))))
    start("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip and does not forbid it."""
    if "gzip" not in accepted:
        return False
    for part in accepted.split(","):
        name, _, quality = part.strip().partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "").rstrip("0") not in ("q=", "q=0.", "q=.")
    return False


def relay(raw: Raw, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Give out what Flask said, to whoever asked for it."""
    start(raw.status, list(raw.headers))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [raw.body]
