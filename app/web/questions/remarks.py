"""Remarks and what may be done with them, drawn by their templates once for each shape.

A thread is hundreds of remarks of a few shapes: with a badge or without, a question, an edited one.
Each shape is drawn once in a process with a mark in place of every text, and a text is then laid
in for each mark: a tenth of the cost of drawing each by itself. All that a person typed is escaped
here, in `Pen.say` and `actions`, and nowhere else on the way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Flask, current_app, has_request_context, request
from markupsafe import Markup, escape

from app.domains.comments.faces import Shown
from app.domains.comments.states import Kind
from app.domains.comments.threads import ReplyTo
from app.engines.text.excerpt import excerpt
from app.infra import clock, language, running
from app.infra.http.stamp import stamp_of
from app.web.addresses import address_around, known_url_for
from app.web.filters import exactly, time_ago
from app.web.pictures import picture_of

GAP = "\0"
"""Behind each remark, for what differs by who looks at it. No text holds it: it is refused at the
door, and PostgreSQL takes none."""
CHAT_START = 90
"""Characters of folded chat that stand in its line."""
_QUESTION, _CHAT = Kind.QUESTION.value, Kind.CHAT.value
"""As plain words, since an enumeration's cost a look-up each time."""
_SHAPES = "drawn_shapes"
_ShapesByTag = dict[str, dict[tuple[Any, ...], str]]
_MARK = re.compile("\0([a-z_]+)\0")
_NUMBERED = {
    "permalink": "questions.permalink",
    "reply": "questions.reply",
    "desk": "moderation.item",
    "report": "questions.report_page",
}
"""The addresses in a shape that differ by the number of the text alone."""


class Said(NamedTuple):
    """What there is to know of a remark to tell what may be done with it, and by whom."""

    id: int
    author_name: str
    account_id: int | None
    becomes: bool
    """Whether the author may make an answer card of it."""


class RemarkShape(NamedTuple):
    """All that a remark's markup differs by, but for its texts."""

    level: int
    badge: str | None
    is_question: bool
    is_chat: bool
    is_long_chat: bool
    has_title: bool
    answered: bool
    edited: bool
    reply: str
    """"named", "gone" where nobody may read what it replies to, "" where it stands right above."""
    became: bool


class ActionShape(NamedTuple):
    """Who may do what with a remark."""

    may_reply: bool
    moderates: bool
    reports: bool
    becomes: bool


class Pen:
    """Draws remarks and remembers behind which it left a gap."""

    def __init__(self, level: int = 3) -> None:
        self.said: list[Said] = []
        self._level = level
        self._shapes = _shapes()
        self._now = clock.now()

    def say(self, row: Shown, in_reply_to: ReplyTo | None, became: bool) -> Markup:
        """One remark. `became`: it became the card that stands above, so its text is there."""
        is_question, is_chat, badge = row.kind == _QUESTION, row.kind == _CHAT, row.badge
        becomes = badge is not None and not (became or is_question or is_chat)
        self.said.append(Said(row.id, row.author_name, row.account_id, becomes))
        shape = RemarkShape(
            self._level,
            badge,
            is_question,
            is_chat,
            is_chat and row.is_long_chat,
            is_question and bool(row.title),
            row.answered,
            row.edited_at is not None,
            "" if in_reply_to is None else "named" if in_reply_to.name else "gone",
            became,
        )
        texts: dict[str, object] = {
            "id": row.id,
            "name": escape(row.author_name),
            "picture": picture_of(row.seed),
            "age": time_ago(row.created_at, self._now),
            "html": row.html,
            "gap": GAP,
        }
        if is_question:
            texts["tail"] = _tail(row)
        if shape.has_title:
            texts["title"] = escape(row.title)
            href = known_url_for("questions.show", comment_id=row.id, slug=row.slug)
            texts["href"] = escape(href)
        if row.edited_at is not None:
            texts["edited"] = exactly(row.edited_at)
        if in_reply_to is not None:
            texts["parent"] = in_reply_to.id
            texts["parent_name"] = escape(in_reply_to.name or "")
        if shape.is_long_chat:
            texts["start"] = escape(excerpt(row.html, CHAT_START))
        drawn = self._shapes.get(shape) or _shape(self._shapes, shape)
        return Markup(drawn % texts)  # noqa: S704  (our own template, each text escaped above)


def actions(said: Sequence[Said], shape: ActionShape) -> list[str]:
    """For each of these remarks what stands in its gap."""
    if shape.becomes:  # its form holds a token, which no shape may
        return [_with_token(one, shape) for one in said]
    shapes = _shapes()
    drawn = shapes.get(shape) or _shape(shapes, shape)
    return [drawn % {"id": one.id, "name": escape(one.author_name)} for one in said]


def _with_token(one: Said, shape: ActionShape) -> str:
    at = {name: before + str(one.id) + behind for name, (before, behind) in _around().items()}
    texts: dict[str, object] = {**at, "id": one.id, "name": one.author_name}
    return str(_macros().actions(shape, texts))


def _shapes() -> dict[tuple[Any, ...], str]:
    """Those drawn so far by this release with these settings, below this path, in one language."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    root = request.root_path if has_request_context() else ""
    kind = stamp_of(app), root
    kept: dict[tuple[str, str], _ShapesByTag] = running.kept().setdefault(_SHAPES, {})
    if kind not in kept:
        kept.clear()
        kept[kind] = {}
    return kept[kind].setdefault(language.current().language.tag, {})


def _shape(shapes: dict[tuple[Any, ...], str], shape: RemarkShape | ActionShape) -> str:
    """The markup of this shape as a format with a name for each text."""
    macros = _macros()
    macro = macros.remark if isinstance(shape, RemarkShape) else macros.actions
    drawn = str(macro(shape, _Marks()))
    shapes[shape] = _MARK.sub(r"%(\1)s", drawn.replace("%", "%%"))
    return shapes[shape]


class _Marks(dict[str, Markup]):
    """A mark for each text that a template asks for; an address has the mark of its number."""

    def __missing__(self, name: str) -> Markup:
        if name in _NUMBERED:
            before, behind = address_around(_NUMBERED[name], "comment_id")
            return before + self["id"] + behind
        return Markup(f"\0{name}\0")  # noqa: S704  (a name of ours)


def _around() -> dict[str, tuple[Markup, Markup]]:
    return {name: address_around(found, "comment_id") for name, found in _NUMBERED.items()}


def _tail(row: Shown) -> str:
    if not (row.tags or row.resources):
        return ""
    lists: Any = current_app.jinja_env.get_template("macros/lists.html").module
    return f"{lists.tags(row.tags)}{lists.pointers(row.resources)}"


def _macros() -> Any:
    return current_app.jinja_env.get_template("macros/thread.html").module
