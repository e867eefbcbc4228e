"""Answering a question with a card, and taking that back. Verbs that flush, never commit."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.answers import linking
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.answers.states import How
from app.domains.comments import errors, policy, queries
from app.domains.comments.models import Comment
from app.infra.db import db


def answer_with(
    comment: Comment,
    card: AnswerCard,
    *,
    by: Account | None,
    how: How,
    because: str = "",
    batch: str | None = None,
    same_as: int | None = None,
) -> CardLink:
    """Let a card answer a question that everyone may read; who approves it in the same act moves
    it first. The link that is there already, where there is one.

    `by` None is the asker; `batch` is shared by acts that are one; `same_as` is the question that
    this one was said to repeat. Raises NoQuestion, NotPublished, LinkAlone for a question with a
    red flag that nobody answered in words, and CardIsRetired.
    """
    check(comment)
    link = linking.link(
        card,
        comment.id,
        how,
        by=by,
        because=because,
        actor_name=comment.author_name,
        batch=batch,
        same_as=same_as,
    )
    _turn(comment)
    return link


def take_back(link: CardLink, *, by: Account | None) -> None:
    """Let a card answer a question no more; `by` None is the asker."""
    comment = db.session.get_one(Comment, link.comment_id)
    linking.unlink(link, by=by, actor_name=comment.author_name)
    _turn(comment)


def say_helped(link: CardLink, *, helped: bool, reason: str = "") -> CardLink:
    """The asker says whether a card is an answer; where not, the question is open again.

    Raises UnfitCard for a reason that cannot be taken.
    """
    comment = db.session.get_one(Comment, link.comment_id)
    said = linking.say_helped(link, helped=helped, reason=reason, actor_name=comment.author_name)
    _turn(comment)
    return said


def may_be_answered(comment: Comment) -> bool:
    """Whether `answer_with` takes this text."""
    return comment.is_question and comment.is_published and not _wants_words(comment)


def check(comment: Comment) -> None:
    """Raise what `answer_with` raises of the question."""
    if not comment.is_question:
        raise errors.NoQuestion
    if not comment.is_published:
        raise errors.NotPublished
    if _wants_words(comment):
        raise errors.LinkAlone


def _wants_words(comment: Comment) -> bool:
    return not policy.may_be_answered_by_link_alone(comment) and not queries.answers_to(comment.id)


def _turn(comment: Comment) -> None:
    """Whoever decides on a page that shows it without this is told to look again."""
    comment.version += 1
    db.session.flush()
