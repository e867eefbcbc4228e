"""Commands on a database of another version say so in one line instead of failing half-way."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click
from flask.cli import with_appcontext

from app.infra import schema

UPGRADE = "flask --app wsgi db upgrade"


def refuse_another_schema() -> None:
    """Raise click.ClickException unless the database has the tables of this version."""
    wanted, found = schema.wanted(), schema.found()
    if found == wanted:
        return
    if found is None:
        raise click.ClickException(f"The database has no tables yet. Run: {UPGRADE}")
    raise click.ClickException(
        f"The database is at version {found}, and this program needs {wanted}. "
        f"Run {UPGRADE}, or start the program that the database belongs to."
    )


def checked(command: click.Command) -> click.Command:
    """The command, or every command of the group, behind that check."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            checked(inner)
    elif command.callback is not None:
        command.callback = _behind_check(command.callback)
    return command


def _behind_check(act: Callable[..., Any]) -> Callable[..., Any]:
    @with_appcontext
    @functools.wraps(act)
    def checking(*args: Any, **kwargs: Any) -> Any:
        refuse_another_schema()
        return act(*args, **kwargs)

    return checking
