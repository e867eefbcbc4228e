"""Commands are imported when they are called, and a start brings in only what it needs."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from flask import Flask
from flask.cli import ScriptInfo

from app import wiring
from app.config import PROJECT

NOT_AT_ONCE = (
    *("app.cli.demo", "app.cli.importing", "app.engines.id_tokens"),
    *("authlib", "bs4", "joserfc", "psycopg", "redis"),
)


@pytest.mark.one_database
@pytest.mark.parametrize("name", wiring.COMMANDS)
def test_every_command_stands_where_the_list_says(app: Flask, name: str) -> None:
    with click.Context(app.cli, obj=ScriptInfo(create_app=lambda: app)) as context:
        command = app.cli.get_command(context, name)

        assert command is not None
        assert command.name == name
        assert name in app.cli.list_commands(context)


def test_the_list_of_unchecked_commands_names_no_other() -> None:
    assert wiring.COMMANDS.keys() >= wiring.UNCHECKED


def test_putting_the_program_together_leaves_out_what_few_need() -> None:
    program = f"import app, sys; print(*(one for one in {NOT_AT_ONCE!r} if one in sys.modules))"

    found = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )

    assert found.stdout.split() == []
