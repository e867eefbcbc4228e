"""Our own style sheets, scripts and pictures, read once and served from memory.

The style sheets are joined into one `site.css`. Every address carries a fingerprint of all the
files (`/assets/3f9c2a01/js/main.js`), so that a browser keeps them for a year, modules that
import each other by relative address included, and fetches them anew when any of them changes.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from app.config import PROJECT
from app.infra.kept.keeping import lasting

STYLES = (
    "tokens",
    "base",
    "layout",
    "components/prose",
    "components/buttons",
    "components/badge",
    "components/forms",
    "components/flash",
    "components/lists",
    "components/tabs",
    "components/pagination",
    "components/thread",
    "components/picture",
    "components/video",
    "components/tables",
    "components/editor",
    "components/offers",
    "components/cards",
    "components/desk",
    "components/acts",
    "components/batch",
    "components/reasons",
    "components/reports",
    "components/me-too",
    "components/lexicon",
    "components/gaps",
    "components/account",
    "components/people",
    "components/privacy",
    "components/record",
    "components/intake",
    "components/rules",
    "pages/article",
    "pages/home",
    "print",
)
"""In the order of the cascade."""

SERVED = ("*.js", "*.svg", "*.png", "*.webmanifest")
NOT_FOR_PAGES = Path("img/readme")
"""Pictures that only the project's README shows."""
A_YEAR_SECONDS = 31_536_000
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `small` is the body in gzip, for those who take it."""

    content_type: str
    body: bytes
    small: bytes


def read(folder: Path) -> dict[str, Asset]:
    """The files below the static folder by name, and the joined style sheet as `site.css`."""
    styles = "\n".join(_text(folder / "css" / f"{name}.css") for name in STYLES)
    found = {"site.css": styles.encode()}
    for pattern in SERVED:
        for path in sorted(folder.rglob(pattern)):
            name = path.relative_to(folder)
            if not name.is_relative_to(NOT_FOR_PAGES):
                found[name.as_posix()] = _lean(path) if path.suffix == ".js" else path.read_bytes()
    return {name: _asset(name, body) for name, body in found.items()}


def fingerprint(files: dict[str, Asset]) -> str:
    """Eight hexadecimal digits that differ when any file does."""
    digest = hashlib.sha256()
    for name, file in sorted(files.items()):
        digest.update(name.encode() + b"\0" + file.body + b"\0")
    return digest.hexdigest()[:8]


def install(app: Flask) -> Callable[[str], str]:
    """Serve the files; returns the function from a file's name to its address.

    That function raises KeyError for a name that no file has.
    """
    files = read(PROJECT / "static")
    version = fingerprint(files)

    def address(name: str) -> str:
        return f"/assets/{version}/{name}" if files[name] else ""

    @app.get("/assets/<asked>/<path:name>", endpoint="assets")
    @lasting
    def serve(asked: str, name: str) -> Response:
        file = files.get(name)
        if file is None:
            abort(404)
        takes_gzip = request.accept_encodings.quality("gzip") > 0
        answer = Response(file.small if takes_gzip else file.body, content_type=file.content_type)
        if takes_gzip:
            answer.content_encoding = "gzip"
        answer.vary.add("Accept-Encoding")
        # A page of the version before, still open somewhere, gets today's file but may not keep it.
        kept = f"public, max-age={A_YEAR_SECONDS}, immutable" if asked == version else "no-cache"
        answer.headers["Cache-Control"] = kept
        return answer

    return address


def _lean(path: Path) -> bytes:
    """A script without its indentation and the lines that are for its readers; every line keeps its
    number, so that a fault is found where it is told."""
    lines = (line.strip() for line in _text(path).splitlines())
    return "\n".join("" if line.startswith("//") else line for line in lines).encode()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _asset(name: str, body: bytes) -> Asset:
    suffix = Path(name).suffix
    content_type = TYPES.get(suffix) or mimetypes.types_map[suffix]
    return Asset(content_type, body, gzip.compress(body, mtime=0))
