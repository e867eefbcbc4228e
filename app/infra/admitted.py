"""Typed texts let in, or refused at the part of the form that they were typed into."""

from __future__ import annotations

from app.engines.text.admission import admit, admit_line
from app.engines.text.errors import UnfitText
from app.infra.language import _, grouped
from app.infra.refusal import UnfitField


def line(
    text: str, field: str, limit: int, unfit: type[UnfitField], *, may_be_empty: bool = False
) -> str:
    """A name or title as it will be stored. Raises `unfit`, which names the field."""
    if may_be_empty and not text.strip():
        return ""
    try:
        return admit_line(text, limit=limit)
    except UnfitText as refused:
        raise unfit(said(refused), field) from refused


def body(text: str, field: str, limit: int, unfit: type[UnfitField]) -> str:
    """A text of many lines as it will be stored; it may be empty. Raises `unfit`."""
    if not text.strip():
        return ""
    try:
        return admit(text, limit=limit)
    except UnfitText as refused:
        raise unfit(said(refused), field) from refused


def said(refused: UnfitText) -> str:
    """Why a text was not let in, in the language that is spoken."""
    return _(refused.sentence, **{name: grouped(one) for name, one in refused.values.items()})
