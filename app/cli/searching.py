"""`flask --app wsgi search …`: the search index."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.search import reading, rebuild

search = AppGroup("search", help="The search index.")


@search.command("reindex")
def reindex() -> None:
    """Make the whole index anew from what is published; safe to repeat at any time."""
    with click.progressbar(length=len(rebuild.everything()), label="Indexing") as bar:
        looked_at = rebuild.reindex_all(bar.update)
    with click.progressbar(length=reading.waiting(), label="Reading") as bar:
        reading.read_waiting(bar.update)
    click.echo(f"{looked_at} articles, resources and questions looked at.")
