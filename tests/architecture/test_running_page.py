"""docs/running.md says what the program does: its settings, its addresses, its commands."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.config import PROJECT
from app.config.listing import as_table, variables
from app.infra.http import metrics

PAGE = (PROJECT / "docs" / "running.md").read_text(encoding="utf-8")
TABLE = re.compile(r"<!-- settings: [^>]*-->\n(.*?)<!-- end of settings -->", re.DOTALL)

pytestmark = pytest.mark.one_database


def test_the_table_of_settings_is_the_programs_own() -> None:
    """Where this fails: put what `flask --app wsgi settings --table` says between the two marks."""
    found = TABLE.search(PAGE)

    assert found is not None
    assert found[1] == as_table()


def test_every_command_on_the_page_is_one(app: Flask) -> None:
    named = set(re.findall(r"flask --app wsgi ([a-z]+)", PAGE))

    assert {"backup", "restore", "doctor", "settings", "start", "db"} <= named
    assert named <= set(app.cli.list_commands(None)), named  # type: ignore[arg-type]


def test_every_setting_on_the_page_is_one() -> None:
    beside = {metrics.FOLDER, "MALLOC_ARENA_MAX", "RENDER_VERSION", "WAL", "TERM", "JSON", "SQL"}
    known = {one.name for one in variables()} | {f"{one.name}_FILE" for one in variables()}
    named = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b(?!\s*=\s*/)", TABLE.sub("", PAGE)))

    assert named - known - beside == set()


def test_every_measure_on_the_page_is_counted(app: Flask) -> None:
    from app.web.health.waiting import Waiting  # noqa: PLC0415  (needs the application)

    told = metrics.as_text(Waiting()).decode()

    for name in set(re.findall(r"\b(threshold_[a-z_]+)", PAGE)):
        base = re.sub(r"_(total|bucket)$", "", name)
        assert f"# TYPE {base}" in told, name
