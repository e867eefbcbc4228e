"""Where what was found can be read."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from sqlalchemy import select

from app.domains.answers.models import AnswerCard, card_path
from app.domains.articles.models import Article, article_path
from app.domains.resources.models import Resource, resource_path
from app.engines.text.slug import slugify
from app.infra.db import db

Thing = tuple[str, int]
_HOMES = (
    ("article", Article, article_path),
    ("resource", Resource, resource_path),
    ("card", AnswerCard, card_path),
)


def question_path(ref: int, title: str) -> str:
    return f"/questions/{ref}-{quote(slugify(title))}"


def paths(things: Iterable[tuple[str, int, str]]) -> dict[Thing, str]:
    """The path of each thing, given as kind, id and title; what is gone has none."""
    wanted: dict[str, list[int]] = {}
    found: dict[Thing, str] = {}
    for kind, ref, title in things:
        if kind == "question":
            found[kind, ref] = question_path(ref, title)
        else:
            wanted.setdefault(kind, []).append(ref)
    for kind, model, path_of in _HOMES:
        if kind in wanted:
            rows = db.session.execute(
                select(model.id, model.slug).where(model.id.in_(wanted[kind]))
            )
            found |= {(kind, ref): path_of(slug) for ref, slug in rows}
    return found
