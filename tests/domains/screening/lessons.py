"""Texts, decisions on them, and what the model makes of it, for the tests here."""

from __future__ import annotations

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import services
from app.domains.moderation.acts import undoing
from app.domains.moderation.services import Decision, Verb
from app.domains.screening.models import SpamTerm
from app.engines.spam.model import LEARNT_ENOUGH
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_comment

GOOD = "My left hip clicks when I walk, is that the tendon?"
SPAM = "Check out my channel and subscribe: www.channel-of-mine.com !!"

Counts = dict[str, tuple[int, int]]


def waiting(text: str, count: int = 1) -> list[Comment]:
    article = make_article()
    return [
        make_comment(f"{text} {number}", article=article, status=Status.PENDING)
        for number in range(count)
    ]


def decide(comment: Comment, verb: Verb, by: Account | None = None) -> AuditEntry:
    decision = Decision(verb, by or make_account("moderator"), reason="Advertising")
    with unit_of_work():
        return services.decide(comment, decision, version=comment.version)


def undo(entry: AuditEntry) -> None:
    judge = make_account("moderator")
    with unit_of_work():
        undoing.undo(entry, by=judge)


def teach_enough() -> None:
    """Ten decisions of each kind, taking turns."""
    judge = make_account("moderator")
    pairs = zip(waiting(GOOD, LEARNT_ENOUGH), waiting(SPAM, LEARNT_ENOUGH), strict=True)
    for good, spam in pairs:
        decide(good, Verb.APPROVE, judge)
        decide(spam, Verb.SPAM, judge)


def counts() -> Counts:
    rows = db.session.execute(select(SpamTerm.term, SpamTerm.good, SpamTerm.spam))
    return {term: (good, spam) for term, good, spam in rows}


def weights() -> dict[str, float]:
    rows = db.session.execute(select(SpamTerm.term, SpamTerm.weight))
    return {row.term: row.weight for row in rows}
