"""What a browser fetches for one article: the page, its style sheet, its scripts, compressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from benchmarks.figures import Row, other
from benchmarks.http import threads
from benchmarks.http.pieces import fetch

THOUSAND = 1000
MOST = {"HTML": 60, "CSS": 15, "JS": 10}
STYLE = re.compile(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"')
SCRIPT = re.compile(r'<script([^>]*)src="([^"]+)"')
IMPORT = re.compile(r"""\bimport\s*\(?\s*(?:[\w{},*\s]+from\s*)?["'`](\.[^"'`$]+)["'`]""")
BEHAVIOUR = re.compile(r'"[^"]*?\[?([\w-]+)\]?":\s*"([\w-]+)"')
"""A line of `main.js`: the attribute or element that stands in the page, and the file for it."""
FETCHED = re.compile(
    r'<(?:script|img|iframe|link rel="(?:stylesheet|icon|preload)")[^>]*"(http[^"]+)"'
)


def measure(port: int) -> Iterator[Row]:
    path = f"/articles/{threads.slug(threads.LENGTHS[0])}"
    page = fetch(port, path)
    text = page.body.decode()
    scripts = SCRIPT.findall(text)
    weights = {
        "HTML": page.small,
        "CSS": sum(fetch(port, one).small for one in STYLE.findall(text)),
        "JS": sum(_modules(port, text, [urljoin(path, source) for _, source in scripts]).values()),
    }
    for kind, weight in weights.items():
        most = MOST[kind]
        yield other(
            f"{kind} of an article with 50 comments, gzip",
            f"{weight / THOUSAND:.1f} kB",
            "",
            f"{most} kB",
            met=weight <= most * THOUSAND,
        )
    strangers = [one for one in FETCHED.findall(text) if urlsplit(one).port != port]
    blocking = [source for how, source in scripts if not re.search(r"module|defer|async", how)]
    yield other(
        "requests to others, scripts that block",
        f"{len(strangers)}, {len(blocking)}",
        "",
        "0, 0",
        met=not strangers and not blocking,
    )


def _modules(port: int, page: str, wanted: list[str]) -> dict[str, int]:
    """The bytes of these scripts, of all that they import, and of the behaviours that this page
    has something for."""
    found: dict[str, int] = {}
    for path in wanted:
        if path in found:
            continue
        script = fetch(port, path)
        found[path] = script.small
        text = script.body.decode()
        wanted.extend(urljoin(path, one) for one in IMPORT.findall(text))
        if path.endswith("/main.js"):
            there = (name for sign, name in BEHAVIOUR.findall(text) if sign in page)
            wanted.extend(urljoin(path, f"behaviours/{name}.js") for name in there)
    return found
