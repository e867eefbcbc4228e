"""`flask --app wsgi settings`: what can be set, what is set, and what each setting means."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.config.listing import as_table, variables
from app.infra.log_lines import visible
from app.infra.running import settings as running_settings


@click.command("settings")
@click.option("--table", is_flag=True, help="As the table of docs/running.md, without values.")
@with_appcontext
def settings_command(*, table: bool) -> None:
    """List every setting with its value here; of a secret only whether it is set."""
    if table:
        click.echo(as_table(), nl=False)
        return
    site = running_settings()
    for one in variables():
        value = getattr(site, one.field)
        if one.is_secret:
            shown = "(set)" if value else "(not set)"
        elif isinstance(value, tuple):
            shown = ",".join(map(str, value))
        else:
            shown = str(int(value)) if isinstance(value, bool) else str(value)
        click.echo(f"{one.name}={visible(shown)}")
        click.echo(f"    {one.meaning}")
