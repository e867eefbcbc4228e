"""Every word that people see is marked, so that it can be said in another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from tests.support.templates import FOLDER, parsed, templates

MARKING = frozenset({"_", "gettext", "ngettext", "pgettext"})
OF_MACHINES = frozenset({"feeds"})
"""What stands here is read by programs: their words are names of a format."""
OF_SCRIPTS = frozenset({Path("macros/script_words.html")})
"""The sentences of the scripts, said by a call with a name (`test_script_words`)."""
NAMES = frozenset({"Shift", "HiddenField", "CSRFTokenField", "RadioField", "BooleanField"})
"""The name of a key, and of the kinds of fields that the forms tell apart."""
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]|[a-z] [a-z]+ [a-z]")
"""What is no word of the program: those are short and small ("red flag")."""
MARKUP = re.compile(r"<style>.*?</style>|<[^<>]*>|[a-z-]+=\"[^\"]*\"", re.DOTALL)
SPOKEN = re.compile(r'\b(?:aria-label|aria-description|title|placeholder|alt)="([^"]*)"')
LAID_IN = "\0"


def _texts(tree: nodes.Node) -> Iterator[str]:
    """The text of a template in its order, with a mark where an expression lays something in."""
    for one in tree.iter_child_nodes():
        if isinstance(one, nodes.TemplateData):
            yield one.data
        elif isinstance(one, nodes.Expr):
            yield LAID_IN
        elif not (isinstance(one, nodes.Block) and one.name == "layout"):
            yield from _texts(one)


def _shown(path: Path) -> Iterator[str]:
    """What a template shows as it stands: the text between its tags, and what attributes say."""
    text = "".join(_texts(parsed(FOLDER / path)))
    if path.suffix == ".html":
        yield from SPOKEN.findall(text)
        yield from MARKUP.sub("<", text).split("<")
    else:
        yield text


def _given(path: Path) -> Iterator[str]:
    """The literal words that a template lays in or gives to a macro without saying them."""
    tree = parsed(FOLDER / path)
    said = {
        id(word)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in MARKING
        for word in call.args
    }
    compared = {
        id(word) for one in tree.find_all(nodes.Compare) for word in one.find_all(nodes.Const)
    }
    for word in tree.find_all(nodes.Const):
        if isinstance(word.value, str) and id(word) not in said | compared:
            yield word.value


def _pages() -> Iterator[Path]:
    return (path for path in templates() if path.parts[0] not in OF_MACHINES)


def test_a_template_shows_no_text_that_is_not_marked() -> None:
    wrong = [
        f"{path}: {text.strip()}"
        for path in _pages()
        for text in _shown(path)
        if WORD.search(text) and text.strip() not in NAMES
    ]
    assert wrong == []


def test_a_template_gives_no_words_away_that_are_not_marked() -> None:
    wrong = [
        f"{path}: {text}"
        for path in _pages()
        if path not in OF_SCRIPTS
        for text in _given(path)
        if SENTENCE.search(text) and text not in NAMES
    ]
    assert wrong == []
