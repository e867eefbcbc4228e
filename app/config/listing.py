"""What can be set, for people: the variables with their defaults and meanings."""

from __future__ import annotations

import ast
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path

from app.config import settings as source
from app.config.settings import PROJECT, Settings


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. `default` is as one would write it; empty for none."""

    name: str
    field: str
    default: str
    meaning: str
    is_secret: bool


@cache
def variables() -> tuple[Variable, ...]:
    """Every variable, in the order in which `Settings` names them."""
    meanings = _meanings()
    return tuple(
        Variable(
            name="THRESHOLD_MODE" if one.name == "mode" else one.name.upper(),
            field=one.name,
            default=_written(one),
            meaning=meanings[one.name],
            is_secret=not one.repr,
        )
        for one in fields(Settings)
    )


def as_table() -> str:
    """The variables as a table in Markdown."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for one in variables():
        name = f"`{one.name}`" + (f", `{one.name}_FILE`" if one.is_secret else "")
        default = f"`{one.default}`" if one.default else ""
        lines.append(f"| {name} | {default} | {one.meaning} |")
    return "\n".join(lines) + "\n"


def _meanings() -> dict[str, str]:
    """Field to the text below it. Python keeps none of these, so they are read in the source."""
    module = ast.parse(Path(source.__file__).read_text(encoding="utf-8"))
    body = next(
        node.body
        for node in module.body
        if isinstance(node, ast.ClassDef) and node.name == Settings.__name__
    )
    found = {}
    for named, said in pairwise(body):
        if isinstance(named, ast.AnnAssign) and isinstance(said, ast.Expr):
            found[ast.unparse(named.target)] = " ".join(ast.literal_eval(said.value).split())
    return found


def _written(one: Field[object]) -> str:
    value = one.default if one.default is not MISSING else ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Path):
        return value.relative_to(PROJECT).as_posix()
    return "" if isinstance(value, tuple) else str(value)
