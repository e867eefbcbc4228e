"""Verdicts, their undoing, and what happens when two people decide at once."""

from __future__ import annotations

import pytest

from app.domains.comments.events import CommentHidden, CommentPublished, CommentRejected
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import errors, services
from app.domains.moderation.services import Decision, Verb
from app.infra import events
from tests.factories import make_account, make_article, make_comment

pytestmark = pytest.mark.usefixtures("app")


def decide(comment: Comment, verb: Verb, **others: object) -> services.AuditEntry:
    decision = Decision(verb, make_account("moderator"), **others)  # type: ignore[arg-type]
    return services.decide(comment, decision, version=comment.version)


def test_approving_publishes() -> None:
    comment = make_comment(status=Status.PENDING)
    decide(comment, Verb.APPROVE)
    assert comment.status == Status.APPROVED
    assert CommentPublished(comment.id, waited=True) in events.recorded()


def test_a_rejection_may_go_without_a_reason() -> None:
    comment = make_comment(status=Status.PENDING)
    decide(comment, Verb.REJECT)
    assert (comment.status, comment.reject_reason) == (Status.REJECTED, "")


def test_the_reason_is_kept_and_told_when_asked() -> None:
    comment = make_comment(status=Status.PENDING)
    decide(comment, Verb.REJECT, reason="Advertising", tell=True)
    assert comment.reject_reason == "It advertises something."
    assert CommentRejected(comment.id) in events.recorded()


def test_taking_a_published_text_down_tells_that_it_is_hidden() -> None:
    comment = make_comment()
    decide(comment, Verb.SPAM)
    assert CommentHidden(comment.id) in events.recorded()


def test_r12_a_decision_on_a_stale_page_is_refused_with_what_happened() -> None:
    comment = make_comment(status=Status.PENDING)
    seen = comment.version
    first = make_account("moderator", name="Ruth")
    services.decide(comment, Decision(Verb.APPROVE, first), version=seen)
    with pytest.raises(errors.StaleDecision, match="Ruth approved it meanwhile"):
        services.decide(comment, Decision(Verb.SPAM, make_account("moderator")), version=seen)


def test_deciding_twice_the_same_is_refused() -> None:
    comment = make_comment(status=Status.PENDING)
    decide(comment, Verb.APPROVE)
    with pytest.raises(errors.StaleDecision):
        decide(comment, Verb.APPROVE)


def test_a_withdrawn_text_cannot_be_approved() -> None:
    with pytest.raises(errors.StaleDecision):
        decide(make_comment(status=Status.WITHDRAWN), Verb.APPROVE)


def test_many_at_once_leave_the_stale_ones_alone() -> None:
    article = make_article()
    fresh = [make_comment(article=article, status=Status.PENDING) for _ in range(3)]
    stale = make_comment(article=article, status=Status.PENDING)
    versions = {comment.id: comment.version for comment in fresh} | {stale.id: stale.version + 5}
    result = services.decide_all(versions, Decision(Verb.APPROVE, make_account("moderator")))
    assert (len(result.done), list(result.refused)) == (3, [stale.id])
    assert len({entry.batch for entry in result.done} - {None}) == 1
