"""The bar that undoes the last act, and the answer to every act: a page, or JSON for the script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import jsonify, request, session
from flask.typing import ResponseReturnValue

from app.domains.comments.models import Comment
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.http.errors import asks_for_json

UNDO_SECONDS = 30
"""How long the bar stays; the record undoes for ever. Mails about a decision wait as long."""


def remember(entries: Sequence[AuditEntry], words: str) -> None:
    """Let the next page offer to undo these."""
    session["undoable"] = {
        "entries": [entry.id for entry in entries],
        "words": words,
        "at": int(clock.now().timestamp()),
    }


def forget() -> None:
    session.pop("undoable", None)


def shown() -> dict[str, Any] | None:
    """What the page offers to undo: `entries`, `words`, and the `seconds` that are left."""
    last = session.get("undoable")
    if not isinstance(last, dict):
        return None
    left = UNDO_SECONDS - (int(clock.now().timestamp()) - last.get("at", 0))
    return {**last, "seconds": left} if 0 < left <= UNDO_SECONDS else None


def acted(
    done: Sequence[AuditEntry], words: str, page: ResponseReturnValue, refused: dict[int, str]
) -> ResponseReturnValue:
    """The answer to an act: the page, with the bar on the next one, or all of it as JSON."""
    remember(done, words)
    if not asks_for_json():
        return page
    return jsonify(
        done=[
            {"id": entry.subject_id, "entry": entry.id, "version": _version(entry.subject_id)}
            for entry in done
        ],
        refused=[{"id": comment_id, "why": why} for comment_id, why in refused.items()],
        words=words,
        undo=[entry.id for entry in done],
    )


def lane() -> str:
    """The lane that the moderator came from, as the form says."""
    return request.form.get("lane", "")


def _version(comment_id: int) -> int:
    return db.session.get_one(Comment, comment_id).version
