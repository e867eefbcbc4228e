"""The commands, as a person at a terminal runs them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.cli import exporting, importing
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.infra.db import db
from tests.factories import make_article, make_question
from tests.importers.wxr import author, comment, export, item

pytestmark = pytest.mark.one_database


def run(app: Flask, group: object, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(group, ["wordpress", *arguments])  # type: ignore[arg-type]


def saved(folder: Path, file: bytes) -> str:
    path = folder / "old.xml"
    path.write_bytes(file)
    return str(path)


def test_the_import_command_tells_what_it_took_and_left(app: Flask, tmp_path: Path) -> None:
    thread = comment(1) + comment(2, type="pingback")
    file = saved(
        tmp_path, export(author(), item(1, inside=thread), item(2, post_type="attachment"))
    )
    result = run(app, importing.group, file)
    assert result.exit_code == 0
    assert "1  posts as published articles" in result.output
    assert "1  comments approved" in result.output
    assert "1  attachments" in result.output
    assert "1  pingbacks: not asked for (--with-pings)" in result.output
    assert db.session.scalar(select(func.count(Comment.id))) == 1


def test_pings_can_be_asked_for(app: Flask, tmp_path: Path) -> None:
    file = saved(tmp_path, export(item(1, inside=comment(2, type="pingback"))))
    assert "comments approved" in run(app, importing.group, file, "--with-pings").output


def test_a_dry_run_says_so_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    result = run(app, importing.group, saved(tmp_path, export(item(1))), "--dry-run")
    assert "dry run: nothing was written" in result.output
    assert db.session.scalar(select(func.count(Article.id))) == 0


def test_r22_a_broken_file_ends_with_its_line_after_the_report(app: Flask, tmp_path: Path) -> None:
    file = export(item(1), item(2, "BROKEN")).replace(b"BROKEN", b"<oops")
    line = file[: file.index(b"<oops")].count(b"\n") + 1
    result = run(app, importing.group, saved(tmp_path, file))
    assert result.exit_code == 1
    assert f"broken at line {line}" in result.output
    assert "1  posts as published articles" in result.output
    assert db.session.scalars(select(Article.slug)).all() == ["entry-1"]


def test_a_file_that_is_no_export_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    result = run(app, importing.group, saved(tmp_path, b"<html></html>"))
    assert result.exit_code == 1
    assert "not a WordPress export" in result.output


def test_a_file_that_is_not_there_is_named(app: Flask, tmp_path: Path) -> None:
    result = run(app, importing.group, str(tmp_path / "nothing.xml"))
    assert result.exit_code == 2
    assert "nothing.xml" in result.output


def test_d10_only_its_owner_can_read_an_export(app: Flask, tmp_path: Path) -> None:
    make_question(article=make_article())
    file = tmp_path / "out.xml"
    file.write_text("what stood here before")
    result = run(app, exporting.group, str(file))
    assert result.exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "what stood here" not in file.read_text()
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_an_export_can_be_imported(app: Flask, tmp_path: Path) -> None:
    make_question(article=make_article())
    file = str(tmp_path / "out.xml")
    run(app, exporting.group, file)
    assert "1  articles that this site exported" in run(app, importing.group, file).output
