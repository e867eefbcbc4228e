"""Reaching back: one answer to many questions that were asked before it was there. Verbs that
flush, never commit; the rows in the record share a batch, so that all of it can be undone as one.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard
from app.domains.answers.states import How
from app.domains.comments import answering, cards, errors, events, policy, queries, services
from app.domains.comments.drafts import BODY_LIMIT
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import admitted, audit, clock, locks
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import record

ACT = "reach back"
MOST = 50
"""Questions at once: all of it is one transaction, and one look must be enough to check it."""


def reply_to_all(
    question_ids: Collection[int], source: str, *, by: Account, batch: str, thing: str
) -> list[AuditEntry]:
    """Put the same words of the author's below each of these questions, all of them or none; what
    is published no more is left out. The same `batch` a second time does nothing again. `thing`
    says in the record what was published.

    Raises NoneChosen, TooMany, UnfitReply, NotTheAuthor, and LinkAlone where a question has a
    red flag and the words are only a link.
    """
    words = _words(source)
    done = _done_before(question_ids, batch)
    return done or [
        _reply(question, words, by=by, batch=batch, thing=thing)
        for question in _published(question_ids)
    ]


def link_all(
    question_ids: Collection[int], card: AnswerCard, *, by: Account, batch: str
) -> list[AuditEntry]:
    """Let one card answer all of these questions, or none; what is published no more, or has the
    card already, is left out. The same `batch` a second time does nothing again.

    Raises NoneChosen, TooMany, CardIsRetired, and LinkAlone where a question has a red flag and
    no answer in words.
    """
    if done := _done_before(question_ids, batch):
        return done
    for question in _published(question_ids):
        cards.answer_with(question, card, by=by, how=How.REACH, batch=batch)
    return _of_batch(batch)


def check(
    questions: Collection[Comment], source: str, card: AnswerCard | None, *, by: Account
) -> None:
    """Refuse before anything is done what would be refused when it is: with `card`, or else with
    the words in `source`. Raises as the two acts do."""
    _check_number(questions)
    if card is None:
        words = _words(source)
    for question in questions:
        if card is None:
            _check_reply(question, words, by)
        elif not cards.may_be_answered(question):
            raise errors.LinkAlone


def _words(source: str) -> str:
    words = admitted.body(source, "body", BODY_LIMIT, errors.UnfitReply)
    if not words:
        raise errors.UnfitReply("Write what shall stand below each question.", "body")
    return words


def _check_number(questions: Collection[object]) -> None:
    if not questions:
        raise errors.NoneChosen
    if len(questions) > MOST:
        raise errors.TooMany


def _check_reply(question: Comment, source: str, by: Account) -> None:
    if not policy.writes_as_author(by, question.article):
        raise errors.NotTheAuthor
    answering.check_words(question, source)


def _done_before(question_ids: Collection[int], batch: str) -> list[AuditEntry]:
    """What a first click on the same form did; the second waits for it."""
    _check_number(question_ids)
    locks.take([f"reach back {batch}"])
    return _of_batch(batch)


def _of_batch(batch: str) -> list[AuditEntry]:
    rows = select(AuditEntry).where(AuditEntry.batch == batch).order_by(AuditEntry.id)
    return list(db.session.scalars(rows))


def _published(question_ids: Collection[int]) -> list[Comment]:
    """Held until the transaction ends, in one order, so that two batches never wait for each
    other."""
    found = (queries.find_to_change(ref) for ref in sorted(question_ids))
    return [
        one
        for one in found
        if one is not None
        and one.is_question
        and one.is_published
        and one.article.is_visible(clock.now())
    ]


def _reply(question: Comment, source: str, *, by: Account, batch: str, thing: str) -> AuditEntry:
    _check_reply(question, source, by)
    reply = services.bring_in(
        question.article,
        question,
        source=source,
        status=Status.APPROVED,
        at=clock.now(),
        account=by,
        kind=Kind.COMMENT,
        by_author=True,
    )
    record(events.CommentPublished(reply.id, waited=False))
    return audit.write(
        ACT,
        "comment",
        reply.id,
        by=by,
        to_state=Status.APPROVED,
        detail={
            # What was not there before is put back by taking it away.
            "before": {"status": Status.DELETED},
            "after": {"status": Status.APPROVED},
            "question": question.id,
            "title": question.title,
            "because of": thing,
        },
        batch=batch,
    )
