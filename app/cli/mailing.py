"""`flask --app wsgi mail …`: what the mail server tells the site."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from app.domains.accounts.states import Stop
from app.engines.returned_mail import MOST_BYTES
from app.engines.text.masks import masked_email
from app.infra.refusal import Refusal
from app.infra.unit_of_work import unit_of_work
from app.notifications import returned
from app.notifications.returned import Stopped

SOURCE = "command line"
BY_HAND = "Said by whoever runs the site."
PIECE = 64 * 1024

mail = AppGroup("mail", help="Take what the mail server tells: mail that came back, complaints.")


@mail.command("bounced")
@click.argument("address", required=False)
@click.option("--why", default=BY_HAND, help="What the mail server said.", show_default=True)
@click.option(
    "--kind",
    type=click.Choice([str(kind) for kind in Stop]),
    default=str(Stop.HARD),
    show_default=True,
    help="hard stops for good, soft for some days, complaint for good.",
)
def bounced(address: str | None, why: str, kind: str) -> None:
    """Send no more mail to ADDRESS until its owner confirms it again.

    Without ADDRESS a report is read from standard input, as the mail server hands it over: a
    delivery status (RFC 3464) or a complaint (RFC 5965) that quotes a mail of this site.
    """
    report = _read() if address is None else b""
    try:
        with unit_of_work():
            if address is None:
                found = returned.take(report, source=SOURCE)
            else:
                found = [returned.stop_by_hand(address, Stop(kind), why, source=SOURCE)]
            lines = [_line(one) for one in found]
    except Refusal as refusal:
        raise click.ClickException(refusal.public) from refusal
    for line in lines or ["The report stops nothing."]:
        click.echo(line)


def _read() -> bytes:
    """The beginning of standard input; the rest is read and let go, so that no pipe breaks."""
    given = sys.stdin.buffer
    report = given.read(MOST_BYTES)
    while given.read(PIECE):
        continue
    return report


def _line(stopped: Stopped) -> str:
    to = masked_email(stopped.address.email)
    if not stopped.is_new:
        return f"Mail to {to} was stopped already."
    return f"No more mail goes to {to} for now."
