"""Readers who report a text, through the services."""

from __future__ import annotations

from itertools import count

from app.domains.accounts.models import Account
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.moderation.models import Report
from app.domains.moderation.reported import reporting
from app.domains.moderation.reported.reporting import Reporter
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account

_numbers = count(1)


def a_guest() -> Reporter:
    """Somebody in a browser of their own."""
    return Reporter(browser=f"browser {next(_numbers)}")


def a_member(account: Account | None = None) -> Reporter:
    return Reporter(account or make_account())


def report(
    comment: Comment, reporter: Reporter, *, reason: str = "unkind", words: str = ""
) -> Report:
    """One report, committed; the comment is as it is afterwards."""
    comment_id = comment.id
    with unit_of_work():
        held = comments.find_to_change(comment_id)
        assert held is not None
        made_id = reporting.report(held, reporter, reason=reason, words=words).id
    return db.session.get_one(Report, made_id)
