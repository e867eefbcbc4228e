"""The gap report as it is read: what was found by the job, as things stand now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.comments.queries import is_open, visible_questions
from app.engines.text.excerpt import plain_text
from app.infra import clock
from app.infra.db import db
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of
from app.search import askers
from app.search.models import DraftedFor, Gap, SearchMiss

GAPS_A_PAGE = 20
MISSES = 20


@dataclass(frozen=True, slots=True)
class OpenGap:
    """Questions that are open at this moment, the one in their middle first. `days` is how long
    the first of them has waited; `draft` is an article that was begun for one of them and is not
    published yet."""

    words: tuple[str, ...]
    questions: tuple[Comment, ...]
    people: int
    days: int
    draft: Article | None

    @property
    def title(self) -> str:
        """Its words, or what its first question asks where no word binds it."""
        return ", ".join(self.words) or self.questions[0].title


def gaps(*, wanted: Wanted = FIRST, size: int = GAPS_A_PAGE) -> tuple[list[OpenGap], Ways]:
    """What matters most first. What was answered or hidden since the job looked is left out."""
    keys = Gap.weight, Gap.id
    rows, ways = page_of(select(*keys), keys, wanted, size=size)
    some = in_order(Gap, rows)
    questions = open_questions({ref for gap in some for ref in gap.question_ids})
    people = askers.of(questions)
    drafts = _drafts_for(questions)
    found = (_as_it_is(gap, questions, people, drafts) for gap in some)
    return [gap for gap in found if gap is not None], ways


def made_at() -> datetime | None:
    """When the job last looked and found something."""
    return db.session.scalar(select(func.max(Gap.made_at)))


def open_questions(ids: Collection[int]) -> dict[int, Comment]:
    """Those of these questions that everyone may read and nobody has answered, with their
    articles."""
    if not ids:
        return {}
    wanted = visible_questions(is_open(), Comment.id.in_(ids))
    found = db.session.scalars(
        select(Comment)
        .join(Article, Article.id == Comment.article_id)
        .options(contains_eager(Comment.article))
        .where(Comment.id.in_(wanted))
    )
    return {question.id: question for question in found}


def misses(limit: int = MISSES) -> list[SearchMiss]:
    """What was searched for most often and not found."""
    found = db.session.scalars(
        select(SearchMiss)
        .order_by(SearchMiss.times.desc(), SearchMiss.last_at.desc(), SearchMiss.asked)
        .limit(limit)
    )
    return list(found)


def _as_it_is(
    gap: Gap,
    open_now: Mapping[int, Comment],
    people: Mapping[int, frozenset[askers.Person]],
    drafts: Mapping[int, Article],
) -> OpenGap | None:
    questions = tuple(open_now[ref] for ref in gap.question_ids if ref in open_now)
    if not questions:
        return None
    return OpenGap(
        words=_said_by(questions, gap),
        questions=questions,
        people=len(set().union(*(people[question.id] for question in questions))),
        days=(clock.now() - min(question.created_at for question in questions)).days,
        draft=next((drafts[one.id] for one in questions if one.id in drafts), None),
    )


def _said_by(questions: Sequence[Comment], gap: Gap) -> tuple[str, ...]:
    """The gap's words, as far as the questions that are still open say them."""
    if len(questions) == len(gap.question_ids):
        return tuple(gap.words)
    texts = " ".join(f"{one.title} {plain_text(one.html)}" for one in questions).casefold()
    return tuple(word for word in gap.words if word in texts)


def _drafts_for(question_ids: Collection[int]) -> dict[int, Article]:
    """By question, the newest article that was begun for it and is not published."""
    rows = db.session.execute(
        select(DraftedFor.comment_id, Article)
        .join(Article, Article.id == DraftedFor.article_id)
        .where(DraftedFor.comment_id.in_(question_ids), Article.status == ArticleStatus.DRAFT)
        .order_by(Article.id)
    )
    return {row.comment_id: row.Article for row in rows}
