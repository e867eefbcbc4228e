"""Commands on a database that they cannot read say so in one line instead of failing half-way."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.infra import schema

logger = logging.getLogger(__name__)

Act = TypeVar("Act", bound=Callable[..., Any])
_ITSELF = "_checks_the_schema_itself"
UPGRADE = "flask --app wsgi db upgrade"


def refuse_another_schema() -> None:
    """Raise click.ClickException where the program cannot work on the database as it stands."""
    wanted = schema.wanted()
    try:
        found = schema.found()
    except SQLAlchemyError as fault:
        raise unreadable(fault) from fault
    if found == wanted:
        return
    if found is None:
        raise click.ClickException(f"The database has no tables yet. Run: {UPGRADE}")
    if found in schema.known():
        raise click.ClickException(
            f"The database is at version {found}, and this program needs {wanted}. Run: {UPGRADE}"
        )
    if (floor := schema.floor_above()) is not None:
        raise click.ClickException(
            f"The database is at version {found}, which programs older than {floor} cannot read, "
            f"and this one is of {wanted}. Start the program that the database belongs to."
        )
    logger.info("the database is at version %s, newer than this program's %s", found, wanted)


def unreadable(fault: SQLAlchemyError) -> click.ClickException:
    """One line in place of a trace: the database is away, damaged or not ours to open."""
    said = str(getattr(fault, "orig", fault)).strip().partition("\n")[0]
    return click.ClickException(
        f"The database cannot be read: {said}. To look closer, run: flask --app wsgi doctor"
    )


@click.command("fits")
@with_appcontext
def fits_command() -> None:
    """Say whether this program may serve on the database; to be asked before a start."""
    refuse_another_schema()
    click.echo("This program may serve on the database.")


def checks_itself(act: Act) -> Act:
    """Mark a command that calls the check by itself, since it must end in its own way."""
    setattr(act, _ITSELF, True)
    return act


def checked(command: click.Command) -> click.Command:
    """The command, or every command of the group, behind that check."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            checked(inner)
    elif command.callback is not None and not hasattr(command.callback, _ITSELF):
        command.callback = _behind_check(command.callback)
    return command


def _behind_check(act: Callable[..., Any]) -> Callable[..., Any]:
    @with_appcontext
    @functools.wraps(act)
    def checking(*args: Any, **kwargs: Any) -> Any:
        refuse_another_schema()
        return act(*args, **kwargs)

    return checking
