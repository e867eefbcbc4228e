"""What templates find beside what a view gives them, and how they are made into code.

A page says hundreds of things, nearly all of them plain text or markup already. The library's own
code hands each to `escape`, which makes a `Markup` of it (0.7 µs) that is only joined with others,
and says a marked sentence by a call that has to find out each time what it calls.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped_text  # type: ignore[attr-defined]

from app.infra import language

SAYS = "_"


class Writing(CodeGenerator):
    """The library's, but into HTML it writes by `Templates.shown` and `Templates.said`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if _is_html(frame) and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(  # noqa: N802  (the library's name)
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        text = _sentence(node)
        if text is None or forward_caller or not _is_html(frame):
            super().visit_Call(node, frame, forward_caller=forward_caller)
        else:
            self.write(f"environment.said({text!r})")


class Templates(Environment):
    """Every template has the same globals, in one dictionary. The library lays a map of each
    template's own above it, and walks through both in Python for every page, include and import."""

    code_generator_class = Writing

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals

    @staticmethod
    def shown(value: object) -> str:
        """A value as it is written into HTML, to be joined with others."""
        if type(value) is str:  # of a subclass `escape` asks what it is in HTML
            return escaped_text(value)
        return value if type(value) is Markup else escape(value)

    @staticmethod
    def said(text: str) -> Markup:
        """A marked sentence without values, in the language that is spoken."""
        return language.current().language.catalogue.mark(text)


def _is_html(frame: Frame) -> bool:
    """Whether all of it is, so that nobody needs to look while it is drawn."""
    return bool(frame.eval_ctx.autoescape) and not frame.eval_ctx.volatile


def _sentence(node: nodes.Call) -> str | None:
    """The text of a marked sentence that has no values; None for any other call."""
    if not isinstance(node.node, nodes.Name) or node.node.name != SAYS:
        return None
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
        return None
    text = node.args[0]
    return text.value if isinstance(text, nodes.Const) and isinstance(text.value, str) else None
