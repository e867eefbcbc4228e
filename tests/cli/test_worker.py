"""`flask --app wsgi worker`, and the worker beside the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app.cli.working import start_worker_thread, worker
from app.config import PROJECT
from app.domains.accounts import services
from app.infra import clock, jobs
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from tests.support.settings import change_settings
from tests.support.smtp import MailServer


def _sign_up() -> None:
    with unit_of_work():
        services.register(name="Ines", email="ines@example.com", password_hash="x")


def test_one_round_sends_what_is_due_and_counts_it(app: Flask, mails: MailServer) -> None:
    _sign_up()
    app.extensions["periods"] = {}

    said = app.test_cli_runner().invoke(worker, ["--once"])

    assert said.exit_code == 0, said.output
    assert len(mails.to("ines@example.com")) == 1
    assert said.output.splitlines()[-1] == "1 job done."


def test_a_round_with_nothing_to_do_says_so(app: Flask) -> None:
    app.extensions["periods"] = {}
    assert app.test_cli_runner().invoke(worker, ["--once"]).output == "0 jobs done.\n"


@pytest.mark.one_database
def test_rounds_that_a_timer_calls_forget_what_is_to_be_forgotten(app: Flask) -> None:
    """Nobody else plans the jobs that come back by themselves where no worker stays."""
    with unit_of_work():
        entry = AuditEntry(act="hold", subject="comment", subject_id=1, network="203.0.113.0/24")
        db.session.add(entry)
    runner = app.test_cli_runner()
    runner.invoke(worker, ["--once"])
    assert entry.network
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert runner.invoke(worker, ["--once"]).exit_code == 0
    db.session.expire_all()
    assert not entry.network


@pytest.mark.one_database
def test_it_refuses_to_sign_links_in_production_without_a_secret(app: Flask) -> None:
    change_settings(app, mode="production", secret_key="")

    said = app.test_cli_runner().invoke(worker, ["--once"])

    assert said.exit_code == 1
    assert "SECRET_KEY is not set" in said.output


def test_the_worker_beside_the_server_works_until_it_is_stopped(app: Flask) -> None:
    at_work, may_end = threading.Event(), threading.Event()

    def slow(_job: Job) -> None:
        at_work.set()
        may_end.wait(30)

    app.extensions["jobs"] = {"slow": slow}
    app.extensions["periods"] = {}
    with unit_of_work():
        jobs.enqueue("slow", {})
    stop = start_worker_thread(app)
    assert at_work.wait(30)
    may_end.set()
    stop()

    db.session.rollback()
    assert jobs.waiting()[0] == 0
    assert "worker" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.one_database
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_a_line_for_each_job_and_a_signal_ends_it_in_good_order(
    app: Flask, database_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    _sign_up()
    surroundings = {
        **os.environ,
        "THRESHOLD_MODE": "demo",
        "DATABASE_URL": database_url,
        "INSTANCE_FOLDER": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }
    said = []
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=PROJECT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if "mail.prove: sent" in line:
                process.send_signal(number)
    assert process.returncode == 0, "".join(said)
    assert said[-1] == "Stopped.\n"
    assert "Please confirm your address" in "".join(said)


def test_the_worker_is_a_command_of_the_program(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["worker", "--help"])

    assert "Send mail" in said.output
