"""`flask import …`: moving in from another system."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.config import Settings
from app.importers.report import printable
from app.importers.wordpress.errors import ImportRefused
from app.importers.wordpress.run import WordPressImport

group = AppGroup("import", help="Bring in articles and comments from another system.")


@group.command("wordpress")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", "is_dry", is_flag=True, help="Tell what would happen; write nothing.")
@click.option("--with-pings", is_flag=True, help="Bring in pingbacks and trackbacks as comments.")
def import_wordpress(file: Path, is_dry: bool, with_pings: bool) -> None:
    """Bring in FILE, a WordPress export (WXR 1.0, 1.1 or 1.2).

    Safe to stop and to run again: what is in already is not added twice. No mail is sent, nothing
    is fetched: pictures stay at their old address as links.
    """
    settings: Settings = current_app.extensions["settings"]
    with file.open("rb") as opened:
        size = file.stat().st_size
        with click.progressbar(length=size, label=f"Reading {printable(file.name)}") as bar:
            importing = WordPressImport(
                opened,
                own_url=settings.public_url,
                is_dry=is_dry,
                with_pings=with_pings,
                progress=lambda read: bar.update(read - bar.pos),
            )
            refused = _run(importing)
    for line in importing.report.lines():
        click.echo(line)
    if is_dry:
        click.echo("This was a dry run: nothing was written.")
    if refused is not None:
        raise click.ClickException(f"{refused.public} Run it again with the whole file to go on.")


def _run(importing: WordPressImport) -> ImportRefused | None:
    """The refusal that ended it, kept until the report of what came in before is printed."""
    try:
        importing.run()
    except ImportRefused as refused:
        return refused
    return None
