"""`flask mail bounced` and `flask mail received`, by hand and at the end of a pipe."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.domains.accounts.mail_stops import MailStop
from app.domains.comments.models import Comment
from app.engines.mailed import reading
from app.engines.returned_mail import MOST_BYTES
from app.infra import clock
from app.infra.db import db
from app.infra.jobs import Job
from app.notifications.names import name_of
from app.notifications.replies.addresses import reply_address
from tests.factories import make_address, make_question
from tests.support.reports import delivery_status
from tests.support.settings import change_settings

BO = "bo@example.com"


def run(app: Flask, *words: str, given: bytes = b"", command: str = "bounced") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["mail", command, *words], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def stopped() -> list[tuple[str, str]]:
    db.session.rollback()
    stops = db.session.scalars(select(MailStop).order_by(MailStop.address_id))
    return [(one.kind, one.why) for one in stops]


def test_an_address_is_stopped_by_hand(app: Flask) -> None:
    make_address(BO)
    assert run(app, BO, "--why", "550 gone") == (
        0,
        "No more mail goes to b•••@example.com, until its owner proves the address again.\n",
    )
    assert run(app, BO) == (0, "Mail to b•••@example.com was stopped already.\n")
    assert stopped() == [("hard", "550 gone")]


def test_i13_a_long_or_odd_reason_is_cut_and_tidied(app: Flask) -> None:
    make_address(BO)
    assert run(app, BO, "--why", "550\n\x1b[2J" + "x" * 900)[0] == 0
    assert stopped() == [("hard", ("550 [2J" + "x" * 900)[:300])]


@pytest.mark.parametrize("more", [b"", b"x" * 3 * MOST_BYTES])
def test_a_report_is_read_from_standard_input(app: Flask, more: bytes) -> None:
    address = make_address(BO)
    name = name_of(Job(id=1, kind="mail.received", created_at=clock.now()), address.email_key)
    report = delivery_status(BO, name=f"<{name}@questions.example.org>", status="4.2.2")
    code, said = run(app, given=report + more)
    stop = db.session.scalars(select(MailStop)).one()
    assert (code, stop.kind) == (0, "soft")
    assert said == f"No mail goes to b•••@example.com until {stop.until:%Y-%m-%d %H:%M} UTC.\n"


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (("nobody@example.com",), b"", "knows no such address"),
        ((), b"Subject: hi", "no report"),
        ((), b"", "no report"),
        ((), delivery_status(BO), "quotes no mail"),
        ((BO, "--kind", "worse"), b"", "worse"),
    ],
)
def test_what_cannot_be_taken_is_said_and_ends_badly(
    app: Flask, words: tuple[str, ...], given: bytes, said: str
) -> None:
    make_address(BO)
    code, told = run(app, *words, given=given)
    assert code != 0
    assert said in told
    assert stopped() == []


def test_a_report_that_a_mail_is_late_ends_well(app: Flask) -> None:
    assert run(app, given=delivery_status(BO, action="delayed")) == (
        0,
        "The report stops nothing.\n",
    )


def mailed(app: Flask, *, sender: str = "", words: str = "It is a tendon.") -> bytes:
    """An answer to a question, by the author of its article unless another sender is named."""
    change_settings(app, mail_reply_address="reply+{token}@in.example.org")
    question = make_question()
    author = question.article.author
    box = reply_address(question, author.address)
    return f"From: {sender or author.address.email}\nTo: {box}\n\n{words}".encode()


def test_an_answer_by_mail_is_read_from_standard_input(app: Flask) -> None:
    raw = mailed(app)
    assert run(app, given=raw, command="received") == (os.EX_OK, "Published.\n")
    assert run(app, given=raw, command="received")[0] == os.EX_OK
    (reply,) = db.session.scalars(select(Comment).where(Comment.parent_id.is_not(None)))
    assert (reply.source, reply.by_author) == ("It is a tendon.", True)


def test_how_the_command_ends_tells_the_mail_server_what_to_do(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = OperationalError("SELECT", {}, Exception("the database is away"))

    def end(raw: bytes) -> int:
        return run(app, given=raw, command="received")[0]

    assert end(b"") == os.EX_CONFIG  # no address is set
    assert end(mailed(app, sender="mallory@example.net")) == os.EX_NOPERM
    assert end(b"From: a@b.example\nTo: c@d.example\n\nwords") == os.EX_NOUSER
    assert end(b"") == os.EX_DATAERR
    assert end(mailed(app, words="x" * reading.MOST_BYTES)) == os.EX_OK  # a mail of ours says so
    assert end(mailed(app, words="> quoted")) == os.EX_OK
    for place in ("app.cli.mailing.refuse_another_schema", "app.infra.unit_of_work._written"):
        with monkeypatch.context() as patched:
            patched.setattr(place, _raising(away))
            assert end(mailed(app)) == os.EX_TEMPFAIL, place


def _raising(problem: Exception) -> Callable[..., None]:
    def fail(*_args: object) -> None:
        raise problem

    return fail
