"""A copy as a page: one file that opens by itself, without a script and without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from app.domains.privacy import labels
from app.infra import language
from app.infra.language import _

HEAD = Markup(
    '<!doctype html>\n<html lang="{tag}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    '<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>\n'
    ":root{{color-scheme:light dark}}"
    "body{{font:1rem/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}}"
    "dl{{border-top:1px solid;padding-top:.5rem}}dt{{font-weight:600}}"
    "dd{{margin:0 0 .5rem;white-space:pre-wrap;overflow-wrap:anywhere}}\n"
    "</style>\n</head>\n<body>\n<h1>{title}</h1>\n<p>{words}</p>\n"
)
END = "</body>\n</html>\n"


def head(title: str, words: str) -> str:
    """The beginning of the page, in the language that is spoken."""
    spoken = language.current().language
    return str(HEAD.format(title=title, words=words, tag=spoken.tag, direction=spoken.direction))


def section(words: str, what: str) -> str:
    """The heading above the rows of one table, and what is kept there."""
    return str(Markup("<h2>{}</h2>\n<p>{}</p>\n").format(words, what))


def row(values: Mapping[str, Any]) -> str:
    """One row, with a line for each part of it that says something."""
    return f"<dl>\n{''.join(_lines(values.items()))}</dl>\n"


def _lines(parts: Iterable[tuple[str, Any]]) -> Iterable[str]:
    for name, value in parts:
        if value is None or value == "":
            continue
        label, said = escape(labels.part(name)), escape(_said(name, value))
        yield f'<dt>{label}</dt>\n<dd dir="auto">{said}</dd>\n'


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return labels.value(name, str(value))
