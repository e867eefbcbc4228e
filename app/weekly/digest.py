"""What readers asked an author in some days: by subject what several asked, the rest one by one.

Only what everyone may read now is told of, and of what waits at the desk nothing but how much it
is, to those who sit there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import contains_eager, defer

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard, CardLink, card_path
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.queries import is_answered, visible_questions
from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue import waiting
from app.engines.text.heading import question_about
from app.infra.db import db
from app.search import offers, stored, subjects
from app.search.alike import Alike

MOST_QUESTIONS = 300
"""The newest, so that neither mail nor page is ever long in the making: they take 0.15 seconds."""
SUBJECTS = 8
TITLES = 3
"""Of each subject."""
ALONE = 10
"""Questions that nothing else asked was like."""
TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, with the path where everyone may read it."""

    title: str
    href: str
    by: str
    article: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What answers a subject: a card that was given to one of its questions (`is_given`), or what
    is like one that is open."""

    title: str
    href: str
    is_given: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """Questions that ask the same: how many, how many of them are open, and the `first` of them.
    `heading` is a title for a card that answers them all."""

    title: str
    heading: str
    count: int
    open: int
    first: tuple[Asked, ...]
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Digest:
    """`asked` counts no further than `MOST_QUESTIONS` and one; `waiting` is how many texts wait
    at the desk, None for whoever does not sit there. Subjects and questions that found no room are
    `more_subjects` and `more_alone`."""

    asked: int
    answered: int
    waiting: int | None
    subjects: tuple[Subject, ...]
    more_subjects: int
    alone: tuple[Asked, ...]
    more_alone: int

    @property
    def open(self) -> int:
        return min(self.asked, MOST_QUESTIONS) - self.answered


def read(author: Account, since: datetime, until: datetime) -> Digest | None:
    """The questions under this author's articles that became readable from `since` until before
    `until`; None where there are none."""
    found = _questions(author, since, until)
    if not found:
        return None
    asked, questions = len(found), dict(list(found.items())[:MOST_QUESTIONS])
    together = subjects.put_together(list(questions))
    several = [one for one in together.clusters if len(one.members) > 1]
    alone = [one.middle for one in together.clusters if len(one.members) == 1]
    shown = [together.in_order(one) for one in several[:SUBJECTS]]
    answers = _answers({ref: questions[ref] for refs in shown for ref in refs})
    return Digest(
        asked=asked,
        answered=sum(answered for _, answered in questions.values()),
        waiting=waiting.all_of_it(author) if may_moderate(author) else None,
        subjects=tuple(_subject(together.words(refs), refs, questions, answers) for refs in shown),
        more_subjects=len(several) - len(shown),
        alone=tuple(_asked(*questions[ref]) for ref in _open_first(alone, questions)[:ALONE]),
        more_alone=max(len(alone) - ALONE, 0),
    )


def authors_asked(*, since: datetime) -> Sequence[Row[int, str | None, datetime | None]]:
    """The ids and time zones of those under whose articles a question became readable since then,
    and when the newest did; in the order of their ids. One look at the questions for all of them:
    most authors are asked nothing, and looking for each would cost as many statements as there
    are."""
    asked = visible_questions(Comment.by_author.is_(False), Comment.published_at >= since)
    return db.session.execute(
        asked.with_only_columns(
            Account.id, Account.time_zone, func.max(Comment.published_at).label("newest")
        )
        .join(Account, Account.id == Article.author_id)
        .where(Account.disabled_at.is_(None))
        .group_by(Account.id)
        .order_by(Account.id)
    ).all()


def has_any(author_id: int, since: datetime, until: datetime) -> bool:
    """Whether `read` would tell anything."""
    theirs = visible_questions(*_of(author_id, since, until)).limit(1)
    return db.session.scalar(theirs) is not None


_Questions = Mapping[int, tuple[Comment, bool]]
"""Questions by their ids, each with whether it is answered."""


def _questions(author: Account, since: datetime, until: datetime) -> _Questions:
    """The newest first."""
    found = db.session.execute(
        select(Comment, is_answered().label("is_answered"))
        .join(Article, Article.id == Comment.article_id)
        .options(
            defer(Comment.source),
            contains_eager(Comment.article).options(defer(Article.source), defer(Article.html)),
        )
        .where(Comment.id.in_(visible_questions(*_of(author.id, since, until))))
        .order_by(Comment.published_at.desc(), Comment.id.desc())
        .limit(MOST_QUESTIONS + 1)
    )
    return {question.id: (question, answered) for question, answered in found}


def _of(author_id: int, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Article.author_id == author_id,
        Comment.by_author.is_(False),
        Comment.published_at >= since,
        Comment.published_at < until,
    )


def _asked(question: Comment, answered: bool) -> Asked:
    return Asked(
        question.title, question.href, question.author_name, question.article.title, answered
    )


def _open_first(refs: Sequence[int], questions: _Questions) -> list[int]:
    """And the newest first among either."""
    place = {ref: at for at, ref in enumerate(questions)}
    return sorted(refs, key=lambda ref: (questions[ref][1], place[ref]))


def _subject(
    words: Sequence[str],
    refs: Sequence[int],
    questions: _Questions,
    answers: Mapping[int, Sequence[Answer]],
) -> Subject:
    titles = [questions[ref][0].title for ref in refs]
    title = ", ".join(words) or titles[0]
    return Subject(
        title=title,
        heading=question_about(title, titles, TITLE_LENGTH),
        count=len(refs),
        open=sum(not questions[ref][1] for ref in refs),
        first=tuple(_asked(*questions[ref]) for ref in refs[:TITLES]),
        answer=_best([answers.get(ref, ()) for ref in refs]),
    )


def _best(answers: Sequence[Sequence[Answer]]) -> Answer | None:
    """What answers the most of these questions, first what was given to one of them."""
    times = Counter(answer for found in answers for answer in found)
    best_first = sorted(times, key=lambda one: (not one.is_given, -times[one]))  # stable: by place
    return best_first[0] if best_first else None


def _answers(questions: _Questions) -> dict[int, list[Answer]]:
    """What was given to each of these questions, and what was found for those that are open, cards
    first. Questions that nobody answered are no answer."""
    given = _given(questions)
    open_ones = [question for question, answered in questions.values() if not answered]
    found = stored.for_comments(open_ones, on_the_spot=0)
    asked = {one.ref for some in found.values() for one in some if one.kind == "question"}
    answered = offers.answered_among(asked - questions.keys())
    for ref, some in found.items():
        kept = [one for one in some if one.kind != "question" or one.ref in answered]
        kept.sort(key=_is_no_card)
        given.setdefault(ref, []).extend(Answer(one.title, one.href, False) for one in kept)
    return given


def _is_no_card(one: Alike) -> bool:
    return one.kind != "card"


def _given(question_ids: Collection[int]) -> dict[int, list[Answer]]:
    rows = db.session.execute(
        select(CardLink.comment_id, AnswerCard.title, AnswerCard.slug)
        .join(AnswerCard, AnswerCard.id == CardLink.card_id)
        .where(CardLink.comment_id.in_(question_ids), CardLink.helped.is_not(False))
        .order_by(CardLink.at, CardLink.id)
    )
    found: dict[int, list[Answer]] = {}
    for ref, title, slug in rows:
        found.setdefault(ref, []).append(Answer(title, card_path(slug), True))
    return found
