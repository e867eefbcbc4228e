"""The gap report: open questions put together by likeness, each cluster an article worth writing.

By words (the rare ones that two questions share) and, where a model of meaning has read them, by
meaning. A question's words are its own: replies and tags below it stand in the index too, and
would make all questions of one tag alike.
"""

from __future__ import annotations

import logging
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select

from app.domains.comments.models import Comment, MeToo
from app.domains.comments.queries import is_answered, visible_questions
from app.engines.matching import clusters as engine
from app.engines.matching.clusters import Cluster, Pair
from app.engines.matching.likeness import MEANING_SHARE, Library, telling
from app.engines.text.excerpt import plain_text
from app.infra import clock, locks, running
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.search import askers, candidates, meanings
from app.search.candidates import TITLE_COUNTS
from app.search.models import Gap

logger = logging.getLogger(__name__)

JOB = "search.gaps"
AGAIN = timedelta(hours=1)
MOST_QUESTIONS = 5_000
"""The newest open questions; older ones are found beside them in the author's inbox."""
MOST_GAPS = 200
LONGEST_READ = 2_000
"""Characters of a question: what is asked stands near the top."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where two questions ask the same: `words` is the cosine of their weighed words,
    `meaning` that of their meanings, whatever their words, and `accident` the one below which
    shared words mean nothing.

    Chosen on a public set of 1,249 short questions in 125 threads (`benchmarks.matching --limits`):
    69 of 100 pairs that are put together belong together, and 74 of 100 that do are; by words alone
    41 and 44. Higher limits find more right pairs among short questions and hardly any among long
    ones, whose words are many (50 questions of another set: at 0.4 by words 10 of 100, at 0.3 23).
    """

    words: float = 0.3
    meaning: float = 0.65
    accident: float = 0.6


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    id: int
    title: str
    text: str
    asked_at: datetime

    @property
    def words(self) -> str:
        return f"{self.title}\n{self.text}"


def run(_job: Job) -> None:
    """Look again where anything changed since this process last did."""
    state = _state()
    if running.kept().get(JOB) != state:
        look_again()
        running.kept()[JOB] = state


def look_again() -> int:
    """Make the report anew; how many gaps there are. Commits by itself: reading and comparing
    happen before the transaction that writes."""
    began = time.monotonic()
    questions = _open_questions()
    found = _gaps(questions)
    with unit_of_work():
        locks.take([JOB])
        db.session.execute(delete(Gap), execution_options={"synchronize_session": False})
        db.session.add_all(found)
    seconds = time.monotonic() - began
    logger.info(
        "gaps: %d in %d open questions, in %.1f seconds", len(found), len(questions), seconds
    )
    return len(found)


def weight(people: int, oldest_at: datetime, now: datetime) -> float:
    """How much a gap matters: the people who wait, times the root of the days that the first of
    them has waited, so that seven for three weeks stand before one for a year."""
    return people * math.sqrt(1 + max((now - oldest_at).total_seconds(), 0) / 86_400)


def _state() -> tuple[object, ...]:
    """What differs whenever a question, who asks it, or what answers it has changed."""
    counts = select(func.count(), func.max(Comment.id), func.sum(Comment.version))
    comments = db.session.execute(counts).one()
    me_too = db.session.execute(select(func.count(), func.max(MeToo.id))).one()
    visible = db.session.scalar(select(func.count()).select_from(_open_ids().subquery()))
    return (*comments, *me_too, visible, meanings.present())


def _open_ids() -> Select[int]:
    return visible_questions(~is_answered())


def _open_questions() -> list[OpenQuestion]:
    """The newest first."""
    newest = _open_ids().order_by(Comment.id.desc()).limit(MOST_QUESTIONS)
    rows = db.session.execute(
        select(Comment.id, Comment.title, Comment.html, Comment.created_at)
        .where(Comment.id.in_(newest.subquery().select()))
        .order_by(Comment.id.desc())
    ).all()
    return [
        OpenQuestion(row.id, row.title, plain_text(row.html)[:LONGEST_READ], row.created_at)
        for row in rows
    ]


def _gaps(questions: Sequence[OpenQuestion]) -> list[Gap]:
    """Two questions and more, or one that more than one person asks; what matters most first."""
    known = {question.id: question for question in questions}
    texts = {one.id: counts(one.title, one.text) for one in questions}
    library = candidates.library({stem for counts in texts.values() for stem in counts})
    found = engine.clusters(known, _edges(texts, library))
    people = askers.of(known)
    now = clock.now()
    gaps = [
        _gap(cluster, known, library, asked_by, now)
        for cluster in found
        if (asked_by := len(set().union(*(people[ref] for ref in cluster.members)))) > 1
        or len(cluster.members) > 1
    ]
    gaps.sort(key=lambda gap: (-gap.weight, gap.question_ids))
    return gaps[:MOST_GAPS]


def _gap(
    cluster: Cluster,
    known: Mapping[int, OpenQuestion],
    library: Library,
    people: int,
    now: datetime,
) -> Gap:
    """Its middle first, the others by age: a list tells by its first line what it is about."""
    others = [ref for ref in cluster.members if ref != cluster.middle]
    refs = [cluster.middle, *sorted(others, key=lambda ref: (known[ref].asked_at, ref))]
    oldest_at = min(known[ref].asked_at for ref in refs)
    return Gap(
        made_at=now,
        words=list(engine.binding_words([known[ref].words for ref in refs], library)),
        question_ids=refs,
        people=people,
        oldest_at=oldest_at,
        weight=weight(people, oldest_at, now),
    )


def counts(title: str, text: str) -> dict[str, float]:
    """How much each stem counts in a question: said twice is not twice as much."""
    times = Counter(telling(text))
    times.update({stem: TITLE_COUNTS * n for stem, n in Counter(telling(title)).items()})
    return {stem: 1 + math.log(count) for stem, count in times.items()}


def asking_the_same(
    said: Mapping[Pair, float], near: meanings.Near, limits: Limits = LIMITS
) -> dict[Pair, float]:
    """The pairs that ask the same, with how like they are; `said` by words, `near` by meaning.
    Words alone decide where a model has not read both."""
    edges: dict[Pair, float] = {}
    for pair in said.keys() | near.scores.keys():
        by_words, meant = said.get(pair, 0.0), near.scores.get(pair, 0.0)
        by_words = by_words if by_words >= limits.words else 0.0
        if not near.read >= set(pair):
            if by_words:
                edges[pair] = by_words
        elif meant >= limits.meaning or (by_words and meant >= limits.accident):
            edges[pair] = (1 - MEANING_SHARE) * by_words + MEANING_SHARE * meant
    return edges


def _edges(texts: Mapping[int, Mapping[str, float]], library: Library) -> dict[Pair, float]:
    near = meanings.pairs(texts.keys(), LIMITS.accident)
    return asking_the_same(engine.alike_by_words(texts, library, LIMITS.words), near)
