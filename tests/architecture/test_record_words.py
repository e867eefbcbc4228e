"""Every act that the program writes into the record has words that are said at the door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.config import PROJECT
from app.domains.accounts.states import Role, Stop
from app.domains.articles.states import ArticleStatus
from app.domains.comments.states import Kind, Status
from app.domains.measures.states import MeasureKind
from app.domains.moderation.acts import record_words
from app.domains.moderation.services import Verb
from app.domains.moderation.states import ReportOutcome
from app.engines.spam.finding import RuleKind
from app.engines.spam.rules import Effect

WRITING = frozenset(
    {"audit.write", "_write", "_written", "_put_on_record", "put_on_record", "_turn", "move"}
)
"""What hands the name of an act on until it is written."""


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def _texts(given: ast.expr, named: dict[str, str]) -> Iterator[str]:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.Name) and given.id in named:
        yield named[given.id]
    elif isinstance(given, ast.IfExp):
        yield from _texts(given.body, named)
        yield from _texts(given.orelse, named)


def _written(path: Path) -> Iterator[str]:
    """The acts, and the kinds of things, that this module names where it writes them."""
    tree = ast.parse(path.read_text())
    named = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called in WRITING or called.endswith((".move", ".put_on_record")):
            yield from (text for one in node.args[:2] for text in _texts(one, named))
            yield from (
                text
                for one in node.keywords
                if one.arg == "act"
                for text in _texts(one.value, named)
            )


def _settings() -> Iterator[str]:
    """The names under which settings are stored."""
    for path in sorted((PROJECT / "app").rglob("*.py")):
        text = path.read_text()
        if "stored_settings.write(" in text:
            named = _constants(ast.parse(text))
            yield from (named[name] for name in ("SETTING", "NAME") if name in named)


def _coded() -> set[str]:
    """The words of ours that stand in an entry as states and values."""
    enums = (Status, Kind, Role, Stop, ArticleStatus, RuleKind, Effect, ReportOutcome)
    return {one.value for enum in enums for one in enum}


def test_every_act_of_the_record_and_every_thing_has_words() -> None:
    literal = {text for path in sorted((PROJECT / "app").rglob("*.py")) for text in _written(path)}
    made = {
        *Verb,
        *MeasureKind,
        *(f"lift {kind}" for kind in MeasureKind),
        *(f"change {name}" for name in _settings()),
    }
    assert len(literal) > len(record_words.SUBJECTS), "the search finds too few"
    assert sorted((literal | made) - {*record_words.ACTS, *record_words.SUBJECTS}) == []


def test_every_state_of_the_record_has_words() -> None:
    assert sorted(_coded() - record_words.STATES.keys()) == []
