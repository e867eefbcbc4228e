"""`flask start` and `flask serve`: the site on waitress, with a worker beside it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.cli import matching, schema
from app.cli.draining import Server
from app.cli.working import start_worker_thread
from app.config import BadSettings, Settings
from app.infra import heap, logs
from app.infra.http.bodies import room_for

THREADS = 8
SWITCH_SECONDS = 0.001
"""How long a thread computes while others want to: whoever holds the database's write lock comes
back from each of its statements, and must not wait the usual 5 ms there each time."""
RECEIVED_AT_ONCE = 64 * 1024
"""Of a body. One thread receives for all: with waitress's own 8 KiB it has eight times the errands
for a large body that is refused in the end, and everybody's pages wait for it."""
LARGEST_BODY = 16 * 1024 * 1024
"""Above any view's own limit, which is kept first (`app.cli.receiving`)."""
MANNERS: Mapping[str, Any] = {
    "threads": THREADS,
    "connection_limit": 1000,
    "asyncore_use_poll": True,
    "channel_timeout": 25,  # looked at every 5 seconds: who says nothing is cut within 30
    "cleanup_interval": 5,
    "recv_bytes": RECEIVED_AT_ONCE,
    "max_request_body_size": LARGEST_BODY,
    "ident": None,
    "clear_untrusted_proxy_headers": False,  # believed only as far as TRUSTED_PROXIES says
}
"""How the server treats those who connect."""


@click.command("start")
@with_appcontext
def start_command() -> None:
    """Bring the database up to date, fill it with the demo in demo mode, and serve."""
    settings = _ready_to_serve()
    try:
        flask_migrate.upgrade()
    except SQLAlchemyError as fault:
        raise schema.unreadable(fault) from fault
    if settings.is_demo:
        from app.cli import demo  # noqa: PLC0415  (no other start needs the demo's content)

        is_new = demo.load_when_empty()
        _welcome(settings, demo.people(), is_new=is_new)
    _serve(settings)


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Serve the site as it is, with a worker that sends its mail."""
    _serve(_ready_to_serve())


def _ready_to_serve() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    try:
        settings.refuse_unsafe()
    except BadSettings as bad:
        raise click.ClickException(str(bad)) from bad
    return settings


def _welcome(settings: Settings, people: Sequence[Mapping[str, str]], *, is_new: bool) -> None:
    if is_new:
        click.echo("The database was empty and has the demo's blog now.")
    click.echo(f"\n{settings.site_name} is at {settings.public_url}\n")
    click.echo("Sign in as one of these, with the name and the password:")
    for person in people:
        click.echo(f"  {person['role']:<10} {person['email']:<24} {person['password']}")
    where = "is printed here instead of being sent"
    if settings.mail_backend == "smtp":
        where = f"is sent through {settings.smtp_host}"
    click.echo(f"\nMail {where}. Stop with Ctrl-C.\n")


def _serve(settings: Settings) -> None:
    heap.hold_together()
    logs.speak(settings)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    server = at_its_port(app, settings)
    click.echo(matching.at_start(settings))
    stop: Callable[[], None] = start_worker_thread(app)
    _leave_out_what_stays()
    heap.give_back_always()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        server.run()
    finally:
        stop()


def at_its_port(app: Flask, settings: Settings) -> Server:
    """The server, which listens and does not answer yet; made before the worker starts, since where
    another program has the port nothing is to be mailed either. Raises ClickException."""
    place = {"host": settings.host, "port": settings.port}
    try:
        return Server(app, room_for=partial(room_for, app), **place, **MANNERS)
    except (
        OSError,
        ValueError,
    ) as wrong:  # ValueError: waitress, of a host that is no address here
        raise click.ClickException(
            f"Nothing is served: {settings.host}:{settings.port} cannot be taken ({wrong}). End "
            "the program that listens there, or set HOST and PORT to another place."
        ) from wrong


def _leave_out_what_stays() -> None:
    """What the program is made of stays for as long as it runs. Looking through all of it for what
    can go kept a request waiting now and then, for a tenth of a second; what is frozen is passed
    over (a hundredth of that)."""
    gc.collect()
    gc.freeze()
