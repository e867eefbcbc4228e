"""Rules about templates: nothing inside a page runs, and nothing is trusted but clean HTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from app.config import PROJECT

FOLDER = PROJECT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
PAGES = [path for path in TEMPLATES if not path.is_relative_to(FOLDER / "mail")]
"""A mail has no style sheet to point at, so it may carry its few styles itself."""

CLEAN = re.compile(r"(?:\w+\.)?html|preview")
"""What `|safe` may be said of: columns and values named `html`, which the sanitiser made, and the
preview, which is the same thing before it is stored."""


def place(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def markup(path: Path) -> str:
    """The template without its comments and without what stands inside `{{ }}` and `{% %}`."""
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"{[{%].*?[%}]}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=place)
def test_x15_no_script_style_or_handler_stands_inside_a_page(path: Path) -> None:
    text = markup(path)

    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text) == []
    assert re.findall(r"<style[\s>]", text) == []
    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+)\s*=", text) == []
    assert "javascript:" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_x14_only_the_sanitisers_output_is_called_safe(path: Path) -> None:
    text = path.read_text()
    trusted = re.findall(r"([\w.]+|'[^'{}]*'|\"[^\"{}]*\")\s*\|\s*safe\b", text)
    own_words = [name for name in trusted if name[0] in "'\""]

    assert len(trusted) == len(re.findall(r"\|\s*safe\b", text))
    assert [name for name in trusted if not CLEAN.fullmatch(name)] == own_words
    assert not re.search(r"autoescape\s+false", text)


@pytest.mark.one_database
@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.*")), ids=place)
def test_every_template_can_be_read(app: Flask, path: Path) -> None:
    assert isinstance(app.jinja_env.parse(path.read_text()), nodes.Template)


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_no_address_is_glued_by_hand(path: Path) -> None:
    """Addresses come from `url_for`; only the front page may stand as it is."""
    glued = re.findall(r"(?:href|action|src)=[\"']/[^\"']*[\"']", path.read_text())

    assert [address for address in glued if not address.endswith(('"/"', "'/'"))] == []
