"""`flask --app wsgi privacy …`: what an operator does about people's data."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.domains.privacy import erased_list, restored
from app.domains.privacy.errors import NobodyToGiveTo

privacy = AppGroup("privacy", help="The list of those who were erased.")


@privacy.command("erased-list")
def erased_list_command() -> None:
    """Print the list of those who were erased, a line each. It names nobody.

    Keep it away from the backups of the machine: after a restore elsewhere, `privacy erase-again`
    takes it."""
    for line in erased_list.all_of_them():
        click.echo(line)


@privacy.command("erase-again")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def erase_again_command(file: Path) -> None:
    """Erase those of a list who came back with a backup. Safe to repeat."""
    restored.skip_numbers()
    try:
        gone = restored.erase_again(file.read_text(encoding="utf-8").splitlines())
    except NobodyToGiveTo as refusal:
        raise click.ClickException(refusal.public) from refusal
    click.echo(f"Erased again, since they came back with the backup: {gone}.")
