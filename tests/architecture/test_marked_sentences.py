"""Every sentence of the code that people see is marked, to be said in their language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import PROJECT

READ_BY_PROGRAMS = frozenset(
    {
        "app/infra/repeats.py",  # about a header that no page sends
        "app/notifications/returned.py",  # to the mail server that reports
        "app/web/returned/views.py",
    }
)
SENTENCE = re.compile(r"[A-Z][^.]* .*\.$", re.DOTALL)
WORDS = re.compile(r"[A-Za-z]{3}")


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Name):
        return called.id
    return called.attr if isinstance(called, ast.Attribute) else ""


def _bare(given: ast.expr) -> Iterator[ast.expr]:
    """The literals that this may come to without being said."""
    if isinstance(given, ast.JoinedStr):
        for part in given.values:  # said sentences may stand one after the other
            yield from _bare(part)
    elif isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given
    elif isinstance(given, ast.IfExp):
        yield from _bare(given.body)
        yield from _bare(given.orelse)
    elif isinstance(given, ast.List | ast.Tuple):
        for one in given.elts:
            yield from _bare(one)


def _shown(node: ast.AST) -> Iterator[ast.expr]:
    """What this statement or call shows to somebody."""
    if (
        isinstance(node, ast.Assign)
        and any(_name(to) in {"public", "errors"} for to in node.targets)
    ) or (isinstance(node, ast.AnnAssign) and _name(node.target) == "public" and node.value):
        yield node.value
    elif isinstance(node, ast.Call):
        name = _name(node.func)
        if name == "flash" or name.endswith("Field") or name == "ValidationError":
            yield from node.args[:1]
        elif name == "append" and "errors" in ast.unparse(node.func):
            yield from node.args
        yield from (one.value for one in node.keywords if one.arg in {"label", "problem"})


def _told(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for given in _shown(node):
            yield from (text for one in _bare(given) if WORDS.search(text := ast.unparse(one)))


def _refused(tree: ast.AST) -> Iterator[str]:
    """Whole sentences that a refusal is raised with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for given in node.exc.args:
                for one in _bare(given):
                    text = ast.unparse(one).removeprefix("f").strip("'\"")
                    if SENTENCE.match(text):
                        yield text


def _parsed(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((PROJECT / folder).rglob("*.py")):
        name = path.relative_to(PROJECT).as_posix()
        if name not in READ_BY_PROGRAMS:
            yield name, _tree(path)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def test_no_note_label_or_refusal_is_bare_english() -> None:
    """The command line speaks English, as its commands do."""
    wrong = [
        f"{name}: {text}"
        for name, tree in _parsed("app")
        if not name.startswith("app/cli/")
        for text in _told(tree)
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", ["app/domains", "app/web", "app/notifications", "app/search"])
def test_no_refusal_is_raised_with_bare_english(folder: str) -> None:
    assert [f"{name}: {text}" for name, tree in _parsed(folder) for text in _refused(tree)] == []
