"""`mail received` killed while it places an answer, then the same mail given to two at once

The mail server brings a mail again until the command ends by itself, with anything but 75: here to
two other processes at once, which wait already when the first is killed. The kills are spread over
the time from the end of the mail to the end of the command, as it was measured just before.
"""

from __future__ import annotations

import os
import random
import threading
from collections import Counter
from collections.abc import Sequence
from itertools import count
from time import monotonic

from sqlalchemy import select

from app.domains.accounts.models import Address
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.infra import jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications.replies.addresses import reply_address
from app.notifications.replies.models import MailedReply
from app.notifications.states import Mail
from benchmarks.faults import laying
from benchmarks.faults.forked import Forked
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import AUTHOR, Site

SETTINGS = {"MAIL_REPLY_ADDRESS": "reply+{token}@in.example.org"}
SECONDS = 60.0
PAST_THE_END = 1.1
"""So far behind the usual end the last kills fall, when all is stored."""
USUAL_SECONDS = 0.1
"""From the end of a mail to the end of the command, on two cores; the full form measures it."""
TRIES = 5
_numbers = count(1)


def run(place: Place) -> Outcome:
    checks = Checks()
    kills = place.many(40, 1)
    with place.site(environment=SETTINGS) as site:
        asked = laying.published(site, kills + 1, kind=Kind.QUESTION)
        measured, *mails = _answers(site, asked)
        usual = USUAL_SECONDS if place.is_quick else _timed(site, measured)
        place.tell(f"from the end of a mail to the end of the command: {usual:.2f} s")
        met = Counter(
            _killed(site, mail, usual * PAST_THE_END * _share(number, kills), checks)
            for number, mail in enumerate(mails)
        )
        _check(site, asked[1:] if place.is_quick else asked, checks)
    checks.figure(f"{kills} killed and brought to two at once: one text, one row and one mail each")
    checks.figure("killed " + ", ".join(f"{when} {many}" for when, many in sorted(met.items())))
    return checks.outcome()


def _share(number: int, of: int) -> float:
    """Anywhere within the part of this number, so that no part is left out."""
    return (number + random.random()) / of  # noqa: S311  (no secret)


def _answers(site: Site, asked: Sequence[int]) -> list[bytes]:
    """What the author's mail program sends to each question."""
    with site.inside(), unit_of_work():
        author = db.session.scalars(select(Address).where(Address.email == AUTHOR)).one()
        return [
            (
                f"From: {AUTHOR}\r\n"
                f"To: {reply_address(db.session.get_one(Comment, one), author)}\r\n"
                f"Message-ID: <{one}@mailbox.example>\r\n"
                f"Subject: Re: number {one}\r\n\r\n"
                f"This is the answer to number {one}.\r\n"
            ).encode()
            for one in asked
        ]


def _timed(site: Site, mail: bytes) -> float:
    """How many seconds a command is at work on a mail."""
    (command,) = _at_the_door(site, mail, 1)
    began = monotonic()
    command.end()
    command.wait(SECONDS)
    return monotonic() - began


def _killed(site: Site, mail: bytes, after: float, checks: Checks) -> str:
    """One command is killed so many seconds after the end of the mail, and the mail brought to two
    others at once; when that was."""
    first, *others = _at_the_door(site, mail, 3)
    first.end()
    threading.Event().wait(after)
    was_at_work = first.is_running
    first.kill()
    for one in others:
        one.end()
    codes = {one.wait(SECONDS) for one in others}
    checks.that("both others end in good order", codes <= {os.EX_OK, os.EX_TEMPFAIL}, codes)
    if os.EX_TEMPFAIL in codes:
        _bring(site, mail, checks)
    if not was_at_work:
        return "after the end"
    is_placed_now = any("Published" in one.said() for one in others)
    return "before it was stored" if is_placed_now else "after it was stored"


def _at_the_door(site: Site, mail: bytes, commands: int) -> list[Forked]:
    """Commands that have read the mail and wait for its end."""
    names = [f"mail-{next(_numbers)}" for _ in range(commands)]
    made = [site.forked("mail", "received", name=name) for name in names]
    for one in made:
        one.give(mail)
    return made


def _bring(site: Site, mail: bytes, checks: Checks) -> None:
    """Again and again, as a mail server does that is told to come later."""
    for _ in range(TRIES):
        (command,) = _at_the_door(site, mail, 1)
        command.end()
        code = command.wait(SECONDS)
        if code != os.EX_TEMPFAIL:
            break
    checks.same("what shall come later is dealt with then", code, os.EX_OK)


def _check(site: Site, asked: Sequence[int], checks: Checks) -> None:
    with site.inside():
        jobs.run_due(site.program.extensions["jobs"])
    once = dict.fromkeys(asked, 1)
    checks.same("each answer stands once", site.look(_below), once)
    checks.same("each mail is known by one row", site.look(_known), once)
    checks.same("each asker is told once", site.look(_told), once)


def _below() -> Counter[int | None]:
    return Counter(db.session.scalars(select(Comment.parent_id).where(Comment.parent_id > 0)))


def _known() -> Counter[int | None]:
    placed = select(MailedReply.comment_id).where(MailedReply.reply_id.is_not(None))
    return Counter(db.session.scalars(placed))


def _told() -> Counter[int]:
    return Counter(db.session.scalars(select(_OF).where(Job.kind == Mail.ANSWERED)))


_OF = Job.payload["to_id"].as_integer()
