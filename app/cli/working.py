"""`flask --app wsgi worker`: do the work that waits, mail above all."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.cli import matching
from app.config import BadSettings, Settings
from app.infra import jobs, logs, waking
from app.search import seat

PATIENCE_SECONDS = 30.0
"""How long a stop waits for the job in hand: a mail server may take fifteen seconds to answer."""


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then end; a timer may call this.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Send mail and do other work that waits in the database, one line a job.

    Any number of workers can run at once. Ctrl-C or a TERM signal ends it after the job in hand.
    """
    settings: Settings = current_app.extensions["settings"]
    try:
        settings.refuse_unsafe()  # its mails carry links that the site's secret signs
    except BadSettings as wrong:
        raise click.ClickException(str(wrong)) from wrong
    logs.speak(settings)
    functions = current_app.extensions["jobs"]
    if once:
        jobs.plan(current_app.extensions["periods"])  # a timer may be all that ever works here
        done = jobs.run_due(functions)
        click.echo(f"{done} jobs done." if done != 1 else "1 job done.")
        return
    stop, alarm = threading.Event(), waking.alarm()
    _stop_on_signals(stop, alarm)
    click.echo(matching.at_start(settings))
    click.echo("Working. Ctrl-C ends it after the job in hand.")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    with seat.taken(app), alarm.listening(stop):
        jobs.run_forever(functions, stop, periods=current_app.extensions["periods"])
    click.echo("Stopped.")


def start_worker_thread(app: Flask) -> Callable[[], None]:
    """Work beside the server in the same process; the returned function ends it after the job in
    hand. A job that was cut off is taken up again by the next worker."""
    stop = threading.Event()

    def work() -> None:
        with app.app_context(), seat.taken(app), waking.alarm().listening(stop):
            jobs.run_forever(app.extensions["jobs"], stop, periods=app.extensions["periods"])

    thread = threading.Thread(target=work, name="worker", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        with app.app_context():
            waking.alarm().ring()
        thread.join(PATIENCE_SECONDS)

    return end


def _stop_on_signals(stop: threading.Event, alarm: waking.Alarm) -> None:
    def end() -> None:
        stop.set()
        alarm.event.set()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        # The signal may find this very thread inside the event's own lock; another one can wait.
        threading.Thread(target=end).start()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
