"""Reaching back: one answer to many questions that were asked before it was there. Verbs that
flush, never commit; the rows in the record share a batch, so that all of it can be undone as one.
More than `AT_ONCE` are answered one by one, by a job (`moderation.bulk.reach_parts`).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard
from app.domains.answers.queries import links_of
from app.domains.answers.states import How
from app.domains.articles.models import Article
from app.domains.comments import answering, cards, errors, events, policy, queries, services
from app.domains.comments.drafts import BODY_LIMIT
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import admitted, audit, clock, locks
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _

ACT = "reach back"
AT_ONCE = 50
"""Questions in one transaction, which holds the one write lock of SQLite."""
MOST = 500
"""Questions in one batch: more than that nobody looks over."""


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


def reply_to(
    question_id: int, version: int, source: str, *, by: Account, batch: str, thing: str
) -> bool:
    """Put the author's words below one question of a batch; False where it changed since it had
    this version, or is published no more. Raises UnfitReply, NotTheAuthor, LinkAlone."""
    question = _as_it_was(question_id, version)
    if question is None:
        return False
    _reply(question, _words(source), by=by, batch=batch, thing=thing)
    return True


def link_to(question_id: int, version: int, card: AnswerCard, *, by: Account, batch: str) -> bool:
    """Let a card answer one question of a batch; False where it changed since it had this version,
    is published no more, or has the card. Raises CardIsRetired and LinkAlone."""
    question = _as_it_was(question_id, version)
    if question is None or any(one.card_id == card.id for one in links_of(question_id)):
        return False
    cards.answer_with(question, card, by=by, how=How.REACH, batch=batch)
    return True


def published_among(question_ids: Collection[int]) -> list[Comment]:
    """Those of these questions that everyone may read, with their articles, by id."""
    found = db.session.scalars(
        select(Comment)
        .join(Article, Article.id == Comment.article_id)
        .options(contains_eager(Comment.article))
        .where(Comment.id.in_(queries.visible_questions(Comment.id.in_(question_ids))))
        .order_by(Comment.id)
    )
    return list(found)


def check(
    questions: Collection[Comment], source: str, card: AnswerCard | None, *, by: Account
) -> None:
    """Refuse before anything is done what would be refused when it is: with `card`, or else with
    the words in `source`. Raises as the two acts do."""
    check_number(questions)
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
        raise errors.UnfitReply(_("Write what shall stand below each question."), "body")
    return words


def check_number(questions: Collection[object], most: int = MOST) -> None:
    """Raises NoneChosen and TooMany."""
    if not questions:
        raise errors.NoneChosen
    if len(questions) > most:
        raise errors.TooMany


def _check_reply(question: Comment, source: str, by: Account) -> None:
    if not policy.writes_as_author(by, question.article):
        raise errors.NotTheAuthor
    answering.check_words(question, source)


def _done_before(question_ids: Collection[int], batch: str) -> list[AuditEntry]:
    """What a first click on the same form did; the second waits for it."""
    check_number(question_ids, AT_ONCE)
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


def _as_it_was(question_id: int, version: int) -> Comment | None:
    found = _published([question_id])
    return found[0] if found and found[0].version == version else None


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
