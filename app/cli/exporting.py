"""`flask export …`: everything written here, in a format that other systems read."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.config import Settings
from app.exporters.site import site_records
from app.exporters.wordpress import write

group = AppGroup("export", help="Write the site's content for another system.")


@group.command("wordpress")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def export_wordpress(file: Path) -> None:
    """Write all articles, authors, tags and comments to FILE as WXR 1.2.

    The file holds drafts, what waits in the queue and the e-mail addresses of readers: only its
    owner can read it. It appears under its name once it is whole.
    """
    settings: Settings = current_app.extensions["settings"]
    unfinished = file.with_name(f".{file.name}.part")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            write(out, site_records(title=settings.site_name, public_url=settings.public_url))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"Written: {file.stat().st_size:,} bytes.")
