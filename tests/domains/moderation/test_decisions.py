"""Verdicts, their undoing, and what happens when two people decide at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domains.comments.events import CommentHidden, CommentPublished, CommentRejected
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import errors, queries, record, senders, services
from app.domains.moderation.services import Decision, Verb
from app.infra import clock, events
from tests.factories import make_account, make_article, make_comment

pytestmark = pytest.mark.usefixtures("app")


def decide(comment: Comment, verb: Verb, **others: object) -> services.AuditEntry:
    decision = Decision(verb, make_account("moderator"), **others)  # type: ignore[arg-type]
    return services.decide(comment, decision, version=comment.version)


def test_approving_publishes() -> None:
    comment = make_comment(status=Status.PENDING)
    decide(comment, Verb.APPROVE)
    assert comment.status == Status.APPROVED
    assert events.recorded() == [CommentPublished(comment.id, waited=True)]


def test_a_rejection_needs_a_reason() -> None:
    with pytest.raises(errors.ReasonNeeded):
        decide(make_comment(status=Status.PENDING), Verb.REJECT)


def test_the_reason_is_kept_and_told_when_asked() -> None:
    comment = make_comment(status=Status.PENDING)
    decide(comment, Verb.REJECT, reason="Advertising", tell=True)
    assert comment.reject_reason == "Advertising"
    assert events.recorded() == [CommentRejected(comment.id)]


def test_taking_a_published_text_down_tells_that_it_is_hidden() -> None:
    comment = make_comment()
    decide(comment, Verb.SPAM)
    assert events.recorded() == [CommentHidden(comment.id)]


def test_r12_a_decision_on_a_stale_page_is_refused_with_what_happened() -> None:
    comment = make_comment(status=Status.PENDING)
    seen = comment.version
    first = make_account("moderator", name="Ruth")
    services.decide(comment, Decision(Verb.APPROVE, first), version=seen)
    with pytest.raises(errors.StaleDecision, match="it was approved by Ruth meanwhile"):
        services.decide(comment, Decision(Verb.SPAM, make_account("moderator")), version=seen)


def test_deciding_twice_the_same_is_refused() -> None:
    comment = make_comment(status=Status.PENDING)
    decide(comment, Verb.APPROVE)
    with pytest.raises(errors.StaleDecision):
        decide(comment, Verb.APPROVE)


def test_a_withdrawn_text_cannot_be_approved() -> None:
    with pytest.raises(errors.StaleDecision):
        decide(make_comment(status=Status.WITHDRAWN), Verb.APPROVE)


def test_undo_puts_a_text_back_and_is_written_down() -> None:
    comment = make_comment(status=Status.PENDING)
    entry = decide(comment, Verb.SPAM)
    services.undo(entry, by=make_account("moderator"))
    last = record.last_move(comment.id)
    assert comment.status == Status.PENDING
    assert last is not None
    assert (last.act, last.from_state, last.to_state) == ("undo", "spam", "pending")


def test_what_was_decided_since_cannot_be_undone() -> None:
    comment = make_comment(status=Status.PENDING)
    entry = decide(comment, Verb.SPAM)
    decide(comment, Verb.APPROVE)
    with pytest.raises(errors.NothingToUndo):
        services.undo(entry, by=make_account("moderator"))


def test_undo_once_is_enough() -> None:
    entry = decide(make_comment(status=Status.PENDING), Verb.SPAM)
    services.undo(entry, by=make_account("moderator"))
    with pytest.raises(errors.NothingToUndo):
        services.undo(entry, by=make_account("moderator"))


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(verbs=st.lists(st.sampled_from(list(Verb)), min_size=1, max_size=5))
def test_undo_restores_exactly_what_was(verbs: list[Verb]) -> None:
    comment = make_comment(status=Status.PENDING)
    for verb in verbs:
        before = (comment.status, comment.source, comment.published_at)
        try:
            entry = decide(comment, verb, reason="because")
        except errors.StaleDecision:
            continue
        if verb != Verb.APPROVE:
            services.undo(entry, by=make_account("moderator"))
            assert (comment.status, comment.source, comment.published_at) == before


def test_many_at_once_leave_the_stale_ones_alone() -> None:
    article = make_article()
    fresh = [make_comment(article=article, status=Status.PENDING) for _ in range(3)]
    stale = make_comment(article=article, status=Status.PENDING)
    versions = {comment.id: comment.version for comment in fresh} | {stale.id: stale.version + 5}
    result = services.decide_all(versions, Decision(Verb.APPROVE, make_account("moderator")))
    assert (len(result.done), list(result.refused)) == (3, [stale.id])


def test_the_longest_waiting_comes_first() -> None:
    article = make_article()
    now = clock.now()
    late = make_comment(article=article, status=Status.PENDING, created_at=now)
    early = make_comment(
        article=article, status=Status.PENDING, created_at=now - timedelta(hours=3)
    )
    items, more = queries.queue(Status.PENDING)
    assert ([item.id for item in items], more) == ([early.id, late.id], None)


def test_the_queue_goes_on_where_the_page_ended() -> None:
    article = make_article()
    now = clock.now()
    made = [
        make_comment(
            article=article, status=Status.PENDING, created_at=now + timedelta(seconds=number // 2)
        ).id
        for number in range(120)
    ]
    seen: list[int] = []
    after = None
    while True:
        items, after = queries.queue(Status.PENDING, after=after)
        seen += [item.id for item in items]
        if after is None:
            break
    assert seen == made


def test_the_desk_costs_the_same_for_one_and_for_fifty(count_queries) -> None:  # type: ignore[no-untyped-def]
    article = make_article()
    make_comment(article=article, status=Status.PENDING)
    with count_queries() as one:
        senders.sender_records(queries.queue(Status.PENDING)[0])
    for _ in range(49):
        make_comment(article=article, status=Status.PENDING)
    with count_queries() as fifty:
        senders.sender_records(queries.queue(Status.PENDING)[0])
    assert fifty.total == one.total <= 4
