"""`doctor` looks at everything, names what is wrong, says what to do, and changes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.cli import examining_data
from app.config import PROJECT
from app.config.listing import variables
from app.domains.comments.states import Status
from app.infra import jobs
from app.infra.backups import sqlite
from app.infra.db import db, is_postgresql
from app.notifications.replies import receiving
from tests import factories
from tests.support.client import elsewhere as outside
from tests.support.openid import OpenIdServer
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, free_port

SECRET = "f3b9c1d27a604e58b1c9d0e2a7f64853"
GOOD = {
    "mode": "production",
    "secret_key": SECRET,
    "public_url": "https://localhost",
    "disk_least_mb": 1,
}


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = outside(app.test_cli_runner().invoke, args=list(words))
    return result.exit_code, result.stdout


def line(said: str, place: str) -> str:
    """What is said of a place, its advice included."""
    lines = said.splitlines()
    (at, *_) = [number for number, one in enumerate(lines) if one[7:].startswith(place)]
    advice = lines[at + 1] if at + 1 < len(lines) and lines[at + 1].startswith(" " * 18) else ""
    return f"{lines[at]} {advice.strip()}".strip()


def copy_of(app: Flask, file: Path) -> None:
    sqlite.copy(database_file(app), file, (), lambda _done, _of: None)


def database_file(app: Flask) -> Path:
    return Path(app.extensions["settings"].sqlalchemy_url.removeprefix("sqlite:///"))


def test_a_site_that_is_well_is_told_so(app: Flask, mails: MailServer) -> None:
    change_settings(app, **GOOD)
    if not is_postgresql():
        database_file(app).chmod(0o600)

    code, said = run(app, "doctor")

    assert code == 0, said
    assert "wrong" not in said
    for place in ("settings", "folder", "disk", "database", "tables", "jobs", "desk", "clock",
                  "matching", "served", "redis", "mail", "openid"):  # fmt: skip
        assert line(said, place).startswith("well"), line(said, place)
    assert mails.messages == []


@pytest.mark.one_database
def test_answers_by_mail_that_never_come_are_worth_a_look(app: Flask, mails: MailServer) -> None:
    change_settings(app, **GOOD, mail_reply_address="reply+{token}@in.example.org")
    assert line(run(app, "doctor", "--quick")[1], "answers").startswith("look   answers")
    receiving.take(b"From: a@b.example\n\nwords")
    assert line(run(app, "doctor", "--quick")[1], "answers").startswith("well   answers")


@pytest.mark.one_database
def test_r18_a_missing_secret_is_wrong_and_ends_with_one(app: Flask) -> None:
    change_settings(app, **{**GOOD, "secret_key": ""})

    code, said = run(app, "doctor", "--quick")

    assert code == 1
    assert line(said, "settings").startswith("wrong  settings   SECRET_KEY is not set.")


@pytest.mark.one_database
def test_r18_flipped_bytes_in_a_page_are_named_and_nothing_is_rewritten(
    app: Flask, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    for number in range(30):
        factories.make_question(f"{number} " + "long " * 200)
    db.session.commit()
    file = tmp_path / "damaged.db"
    copy_of(app, file)
    content = bytearray(file.read_bytes())
    for at in range(len(content) - 4096 * 30, len(content), 4096 * 3):
        content[at : at + 200] = bytes(255 - byte for byte in content[at : at + 200])
    file.write_bytes(content)
    damaged = make_app(database_url=f"sqlite:///{file}", **GOOD)

    code, said = run(damaged, "doctor")

    assert code == 1
    assert "The file is damaged" in said
    assert "restore FILE" in said
    assert "Traceback" not in said
    assert file.read_bytes() == bytes(content)


@pytest.mark.one_database
def test_r18_a_file_that_is_no_database_is_named(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    file = tmp_path / "threshold.db"
    file.write_bytes(b"not a database " * 1000)
    file.chmod(0o600)

    code, said = run(make_app(database_url=f"sqlite:///{file}", **GOOD), "doctor")

    assert code == 1
    assert line(said, "database").startswith("wrong  database   The file cannot be read")
    assert file.read_bytes() == b"not a database " * 1000


@pytest.mark.one_database
def test_r18_a_read_only_file_is_named(
    app: Flask, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    file = tmp_path / "threshold.db"
    copy_of(app, file)
    file.chmod(0o400)

    code, said = run(make_app(database_url=f"sqlite:///{file}", **GOOD), "doctor", "--quick")

    assert code == 1
    assert "The file may not be written." in said
    assert "chmod 600" in said


@pytest.mark.one_database
@pytest.mark.parametrize("words", ["worker --once", "start", "serve"])
def test_r18_on_a_damaged_database_nothing_starts_and_one_line_says_why(
    tmp_path: Path, words: str
) -> None:
    (tmp_path / "threshold.db").write_bytes(b"not a database " * 1000)
    environment = {**os.environ, "THRESHOLD_MODE": "demo", "INSTANCE_FOLDER": str(tmp_path)}
    environment.pop("DATABASE_URL", None)

    ended = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words.split()],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip

    assert ended.returncode == 1
    assert "The database cannot be read: file is not a database." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_without_tables_is_told_what_to_run(
    make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    code, said = run(make_app(database_url=f"sqlite:///{tmp_path / 'empty.db'}", **GOOD), "doctor")

    assert code == 1
    assert "The schema has no tables yet. Run: flask --app wsgi db upgrade" in line(said, "tables")


@pytest.mark.one_database
def test_what_is_away_is_named_without_its_password(make_app: Callable[..., Flask]) -> None:
    app = make_app(
        database_url="postgresql://me:hunter2@127.0.0.1:1/site",
        redis_url=f"redis://:hunter2@127.0.0.1:{free_port()}/0",
        mail_backend="smtp",
        smtp_port=free_port(),
        smtp_password="hunter2",
        **GOOD,
    )

    code, said = run(app, "doctor")

    assert code == 1
    for place in ("database", "redis", "mail"):
        assert line(said, place).startswith("wrong"), line(said, place)
    assert "hunter2" not in said


def test_work_that_piles_up_is_worth_a_look(app: Flask, clock: Any) -> None:
    change_settings(app, **GOOD)
    jobs.enqueue("mail.prove", {})
    failed = jobs.enqueue("mail.held", {}, after=timedelta(hours=-1))
    assert failed is not None
    failed.failed_at = failed.run_at
    factories.make_question(status=Status.PENDING)
    db.session.commit()
    clock.shift(timedelta(hours=30))

    code, said = run(app, "doctor", "--quick")

    assert code == 0
    assert "1 wait, the oldest for 30 hours" in said
    assert "1 have failed for good: 1 mail.held" in said
    assert line(said, "desk").startswith("look   desk       1 texts wait, one for")


@pytest.mark.one_database
def test_d11_what_the_program_gives_away_would_be_named(app: Flask) -> None:
    change_settings(app, **GOOD)
    media = app.extensions["settings"].media_folder
    media.mkdir()
    shutil.copyfile(__file__, media / "threshold.db")

    code, said = run(app, "doctor", "--quick")

    assert code == 0
    assert "Among the pictures lies 'threshold.db'." in said
    assert line(said, "served").startswith("well")


@pytest.mark.one_database
def test_old_backups_and_open_folders_are_worth_a_look(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    change_settings(app, **GOOD, backup_folder=folder)
    assert "There is none" in run(app, "doctor", "--quick")[1]
    (folder / "threshold-20200101T000000Z.tar").write_bytes(b"")
    os.utime(folder / "threshold-20200101T000000Z.tar", (0, 0))

    assert "days old" in line(run(app, "doctor", "--quick")[1], "backup")
    tmp_path.chmod(0o777)
    code, said = run(app, "doctor", "--quick")
    tmp_path.chmod(0o700)
    assert (code, "Everybody may write" in said) == (1, True)


@pytest.mark.one_database
def test_settings_are_listed_and_no_secret_is(app: Flask) -> None:
    change_settings(app, **GOOD, smtp_password="hunter two")

    code, said = run(app, "settings")

    assert code == 0
    assert [one.name for one in variables() if f"{one.name}=" not in said] == []
    assert "SMTP_PASSWORD=(set)" in said
    assert SECRET not in said
    assert "hunter two" not in said


@pytest.mark.one_database
def test_metrics_by_network_behind_a_proxy_that_is_not_trusted_are_worth_a_look(
    app: Flask,
) -> None:
    inside = (ip_network("10.0.0.0/8"),)
    change_settings(app, **GOOD, metrics_networks=inside)
    said = run(app, "doctor", "--quick")[1]
    assert "METRICS_NETWORKS names addresses" in said
    assert "measure by METRICS_TOKEN alone" in said

    change_settings(app, trusted_proxies=(ip_network("127.0.0.1/32"),))
    assert "METRICS_NETWORKS" not in run(app, "doctor", "--quick")[1]


@pytest.mark.one_database
def test_the_size_of_a_sqlite_file_tells_of_its_log_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_settings(app, **GOOD)
    factories.make_question()
    db.session.commit()
    assert "MiB in its log, answers" in run(app, "doctor", "--quick")[1]

    monkeypatch.setattr(examining_data, "LARGE_LOG", 0)
    said = run(app, "doctor", "--quick")[1]
    assert "somebody has been reading for long" in said
    assert "start the site again" in said


@pytest.mark.one_database
def test_an_openid_provider_is_asked_whether_it_is_the_one_that_was_named(app: Flask) -> None:
    server = OpenIdServer()
    try:
        server.serve(app)
        said = line(run(app, "doctor")[1], "openid")
        assert "answers and knows this site" in said
        assert "http://localhost/sign-in/openid/back" in said
        change_settings(app, openid_client_secret="one that has ended")
        assert "does not take OPENID_CLIENT_ID with OPENID_CLIENT_SECRET" in line(
            run(app, "doctor")[1], "openid"
        )
        server.says = {"issuer": "https://another.example"}
        server.serve(app)
        code, said = run(app, "doctor", "--quick")
    finally:
        server.close()
    assert code == 1
    assert "calls itself something else" in line(said, "openid")
