"""Commands that are imported when they are called: a start needs none of the others, and they lead
to the importers, the demo's content and much else that a site which serves never touches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

import click
from flask.cli import AppGroup

from app.cli import schema


class Commands(AppGroup):
    """What `flask --app wsgi` can do: `places` says where each command stands ("module:name").
    Those of `unchecked` look at the schema themselves, the others are put behind the check."""

    def __init__(self, name: str, places: Mapping[str, str], unchecked: frozenset[str]) -> None:
        super().__init__(name)
        self.places = places
        self.unchecked = unchecked

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.places:
            return super().get_command(ctx, cmd_name)
        return _imported(self.places[cmd_name], is_checked=cmd_name not in self.unchecked)


@cache
def _imported(place: str, *, is_checked: bool) -> click.Command:
    """Once a process: the check is put around the command itself."""
    module, _, name = place.partition(":")
    command: click.Command = getattr(import_module(module), name)
    return schema.checked(command) if is_checked else command
