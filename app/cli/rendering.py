"""`flask rerender`: all stored HTML made again from its source, after the rules changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.domains.answers import services as cards
from app.domains.answers.models import AnswerCard
from app.domains.articles import authoring
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.comments import texts
from app.domains.comments.models import Comment
from app.domains.resources import services as resources
from app.domains.resources.models import Resource
from app.engines.text.render import RENDER_VERSION
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work

BATCH = 25
"""Rows a transaction: a long article takes 0.2 s, and others wait 5 s for SQLite's lock."""


def _resource_again(resource: Resource) -> bool:
    return resources.render_again(resource, authoring.image_sizes(resource.source))


KINDS: tuple[tuple[str, Any, Callable[[Any], bool]], ...] = (
    ("articles", Article, articles.render_again),
    ("resources", Resource, _resource_again),
    ("cards", AnswerCard, cards.render_again),
    ("comments", Comment, texts.render_again),
)


@click.command("rerender")
@click.option("--all", "everything", is_flag=True, help="Also what today's rules made already.")
@with_appcontext
def rerender_command(everything: bool) -> None:
    """Render every text again that older rules made. Safe to stop and to repeat."""
    for words, model, render_again in KINDS:
        changed = rerender(words, model, render_again, everything=everything)
        click.echo(f"{words}: {changed} changed")


def rerender(
    words: str, model: Any, render_again: Callable[[Any], bool], *, everything: bool
) -> int:
    """Render one table in batches, each in its own transaction; how many rows changed."""
    where = [] if everything else [model.render_version != RENDER_VERSION]
    total = db.session.scalar(select(func.count(model.id)).where(*where)) or 0
    changed = 0
    last = 0
    with click.progressbar(length=total, label=f"Rendering {words}") as bar:
        while True:
            with unit_of_work():
                rows = db.session.scalars(
                    select(model).where(model.id > last, *where).order_by(model.id).limit(BATCH)
                ).all()
                if not rows:
                    break
                changed += sum(render_again(row) for row in rows)
                last = rows[-1].id
                bar.update(len(rows))
    return changed
