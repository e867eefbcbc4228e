"""`flask --app wsgi privacy …`: what an operator does about people's data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import click
from flask.cli import AppGroup

from app.domains.privacy import erased_list, restored
from app.domains.privacy.errors import NobodyToGiveTo

MOST_NAMED = 5
privacy = AppGroup("privacy", help="The list of those who were erased.")


@privacy.command("erased-list")
def erased_list_command() -> None:
    """Print the list of those who were erased, a line each. It names nobody.

    Keep it away from the backups of the machine: after a restore elsewhere, `privacy erase-again`
    takes it."""
    for line in erased_list.all_of_them():
        click.echo(line)


@privacy.command("erase-again")
@click.argument("file", type=click.File("rb"))
def erase_again_command(file: BinaryIO) -> None:
    """Erase those of a list who came back with a backup. Safe to repeat.

    FILE is what `privacy erased-list` printed; `-` reads it from standard input. A line that cannot
    be read keeps nobody else of the list from being erased: it is named in the end."""
    found = erased_list.read(file)
    if found.broken and not found.entries:
        raise click.ClickException(
            "Nothing was done: this is no list of “privacy erased-list”. If it went through "
            "another program, that may have stored it in another encoding; it is plain ASCII, "
            "one line each."
        )
    restored.skip_numbers()
    try:
        gone = restored.erase_again(found.entries)
    except NobodyToGiveTo as refusal:
        raise click.ClickException(refusal.public) from refusal
    click.echo(f"Erased again, since they came back with the backup: {gone}.")
    if found.broken:
        raise click.ClickException(
            f"{unread(found.broken)} of the list cannot be read, and whoever stands there may "
            "be back. All others of the list are done. Get the list anew, and run this once more."
        )


def unread(numbers: Sequence[int]) -> str:
    """The lines of these numbers, as words: "Line 3", "Lines 3, 5, 8 and 20 more"."""
    told = ", ".join(map(str, numbers[:MOST_NAMED]))
    more = len(numbers) - MOST_NAMED
    return f"Line{'s' if len(numbers) > 1 else ''} {told}{f' and {more} more' if more > 0 else ''}"
