"""`flask --app wsgi mail …`: what the mail server tells the site, and brings it."""

from __future__ import annotations

import logging
import os
import sys

import click
from flask.cli import AppGroup

from app.cli.schema import checks_itself, refuse_another_schema
from app.domains.accounts.states import Stop
from app.engines.returned_mail import MOST_BYTES
from app.engines.text.masks import masked_email
from app.infra.refusal import Refusal
from app.infra.unit_of_work import unit_of_work
from app.notifications import returned
from app.notifications.replies import receiving
from app.notifications.replies.states import WORDS, Outcome, reason
from app.notifications.returned import Stopped

logger = logging.getLogger(__name__)

SOURCE = "command line"
BY_HAND = "Said by whoever runs the site."
PIECE = 64 * 1024

mail = AppGroup(
    "mail", help="Take what the mail server tells and brings: mail that came back, answers by mail."
)

ENDS = {
    Outcome.UNKNOWN: os.EX_NOUSER,
    Outcome.OTHER_SENDER: os.EX_NOPERM,
    Outcome.UNPROVEN: os.EX_NOPERM,
    Outcome.UNREADABLE: os.EX_DATAERR,
}
"""With what the command ends where the mail server shall say no. All else is dealt with: it was
placed, dropped, or its writer reads in a mail of ours why not, and need not hear it twice."""


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


@mail.command("received")
@click.argument("recipient", default="")
@checks_itself
def received(recipient: str) -> None:
    """Take an answer by mail from standard input, as the mail server hands it over.

    RECIPIENT is the address that it came to; without it the mail's own header says so. Ends with 0
    where the mail is dealt with, 67 for an address that does not hold, 77 for one who may not use
    it, 65 for what cannot be read where nobody was told so, and 75 where the mail server shall
    bring it again later.
    """
    raw = _read(receiving.MOST_BYTES + 1)
    try:
        refuse_another_schema()
        taken = receiving.take(raw, recipient=recipient)
    except click.ClickException as unready:
        click.echo(unready.message, err=True)
        sys.exit(os.EX_TEMPFAIL)
    except Refusal as refusal:
        click.echo(refusal.public, err=True)
        sys.exit(os.EX_CONFIG)
    except Exception:  # whatever it is, the mail must not be lost
        logger.exception("a mail that came in could not be dealt with, and shall come again")
        sys.exit(os.EX_TEMPFAIL)
    click.echo(f"{WORDS[taken.outcome]}. {reason(taken.outcome, taken.why)}".rstrip())
    is_theirs = taken.outcome is Outcome.UNREADABLE and taken.is_told
    sys.exit(os.EX_OK if is_theirs else ENDS.get(taken.outcome, os.EX_OK))


def _read(most: int = MOST_BYTES) -> bytes:
    """The beginning of standard input; the rest is read and let go, so that no pipe breaks."""
    given = sys.stdin.buffer
    report = given.read(most)
    while given.read(PIECE):
        continue
    return report


def _line(stopped: Stopped) -> str:
    to = masked_email(stopped.address.email)
    if not stopped.is_new:
        return f"Mail to {to} was stopped already."
    if stopped.until is None:
        return f"No more mail goes to {to}, until its owner proves the address again."
    return f"No mail goes to {to} until {stopped.until:%Y-%m-%d %H:%M} UTC."
