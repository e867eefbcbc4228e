"""How many people and questions each card answers, kept beside it (`AnswerCard.people`): counted by
a worker when a question, a link or somebody who asks comes or goes, so that no page counts.

Only what everyone may read is counted, so that no number tells of a text that waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Select, String, cast, func, literal, select, update
from sqlalchemy.orm import aliased

from app.domains.accounts.models import Account
from app.domains.answers.events import CardDidNotHelp, CardHelped, CardLinked, CardUnlinked
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.articles.events import ArticlePublished, ArticleRemoved
from app.domains.articles.models import Article
from app.domains.comments.asked import answered
from app.domains.comments.events import (
    CommentChanged,
    CommentHidden,
    CommentPublished,
    MeTooChanged,
)
from app.domains.comments.models import Comment, MeToo
from app.infra.db import db
from app.infra.events import Handler
from app.infra.jobs import Job, enqueue
from app.infra.kept import marking
from app.infra.unit_of_work import unit_of_work

JOB = "cards.count"
AGAIN = timedelta(days=1)
"""How often all are counted: the time of an article comes, and addresses change hands."""
AT_ONCE = 500
"""Links of a card that is counted at every event; one that has more is counted once in SETTLING."""
SETTLING = timedelta(minutes=5)


class Counts(NamedTuple):
    """What is kept beside a card."""

    people: int
    questions: int
    not_helped: int


def count_card(card_id: int) -> bool:
    """Count one card again, in the caller's unit of work; whether anything differed.

    The card is held first, so that of two who count it the second sees what the first saw.
    """
    kept = db.session.execute(
        select(AnswerCard.people, AnswerCard.questions, AnswerCard.not_helped)
        .where(AnswerCard.id == card_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if kept is None:
        return False
    counts = _counts_of(card_id)
    if tuple(kept) == counts:
        return False
    db.session.execute(update(AnswerCard).where(AnswerCard.id == card_id).values(counts._asdict()))
    marking.raise_marks([marking.THREADS])
    return True


def _counts_of(card_id: int) -> Counts:
    people, questions = db.session.execute(_answering(card_id)).one()
    failed = select(func.count(CardLink.id)).where(
        CardLink.card_id == card_id, CardLink.helped.is_(False)
    )
    return Counts(people, questions, db.session.scalar(failed) or 0)


def _answering(card_id: int) -> Select[int, int]:
    """The different people who ask what a card answers, and in how many questions: the askers of
    its published questions and those who have them too, but for questions whose asker said that it
    is no help."""
    asked = _persons(card_id, "comment", Comment)
    too = _persons(card_id, "too", MeToo)
    both = asked.union_all(too).subquery()
    return select(
        func.count(func.distinct(both.c.person)), func.count(func.distinct(both.c.comment_id))
    )


def _persons(card_id: int, kind: str, said: type[Comment | MeToo]) -> Select[int, str]:
    """Who said in such a row that a question which the card answers is theirs, with the question.
    One name for one person: their address, which an account has too; each row that came without
    one is a person of its own."""
    account = aliased(Account)
    person = func.coalesce(
        cast(said.address_id, String),
        cast(account.address_id, String),
        literal(kind) + cast(said.id, String),
    )
    asked = (
        select(CardLink.comment_id, person.label("person"))
        .join(Comment, Comment.id == CardLink.comment_id)
        .join(Article, Article.id == Comment.article_id)
    )
    if said is MeToo:
        asked = asked.join(MeToo, MeToo.comment_id == Comment.id)
    return asked.outerjoin(account, account.id == said.account_id).where(
        *answered(CardLink.card_id == card_id)
    )


# When


def _of_link(event: CardLinked | CardHelped | CardDidNotHelp) -> None:
    link = db.session.get(CardLink, event.link_id)
    if link is not None:
        _ask(link.card_id, link.comment_id)


def _of_card(event: CardUnlinked) -> None:
    _ask(event.card_id, event.comment_id)


def _of_comment(
    event: CommentPublished | CommentHidden | CommentChanged | MeTooChanged,
) -> None:
    linked = select(CardLink.card_id).where(CardLink.comment_id == event.comment_id)
    for card_id in db.session.scalars(linked.order_by(CardLink.card_id)).all():
        _ask(card_id, event.comment_id)


def _of_article(_event: ArticlePublished | ArticleRemoved) -> None:
    """Its questions show or hide with it: all cards are looked through, by a job."""
    enqueue(JOB, {}, unique_key=JOB, after=SETTLING)


def _ask(card_id: int, comment_id: int) -> None:
    """Count a card, or have it counted; the page of the question by which this came says the new
    number at once, those of its other questions when they are drawn again."""
    some = select(CardLink.id).where(CardLink.card_id == card_id).limit(AT_ONCE + 1).subquery()
    if (db.session.scalar(select(func.count()).select_from(some)) or 0) <= AT_ONCE:
        if count_card(card_id):
            marking.touch([comment_id])
    else:
        enqueue(JOB, {"card_id": card_id}, unique_key=f"{JOB}:{card_id}", after=SETTLING)


def run(job: Job) -> None:
    """Count the card that the job names, or all of them."""
    one = job.payload.get("card_id")
    if one is None:
        count_all()
        return
    with unit_of_work():
        count_card(one)


def count_all() -> None:
    """Count every card, each in a unit of work of its own, so that nobody waits for all."""
    last = 0
    while True:
        following = select(AnswerCard.id).where(AnswerCard.id > last).order_by(AnswerCard.id)
        found = db.session.scalar(following.limit(1))
        if found is None:
            return
        with unit_of_work():
            count_card(found)
        last = found


LATER: Mapping[type, Sequence[Handler]] = {
    ArticlePublished: (_of_article,),
    ArticleRemoved: (_of_article,),
    CardDidNotHelp: (_of_link,),
    CardHelped: (_of_link,),
    CardLinked: (_of_link,),
    CardUnlinked: (_of_card,),
    CommentChanged: (_of_comment,),
    CommentHidden: (_of_comment,),
    CommentPublished: (_of_comment,),
    MeTooChanged: (_of_comment,),
}
