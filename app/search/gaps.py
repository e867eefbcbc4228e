"""The gap report: open questions put together by likeness, each cluster an article worth writing.

By words (the rare ones that two questions share) and, where a model of meaning has read them, by
meaning. A question's words are its own: replies and tags below it stand in the index too, and
would make all questions of one tag alike.
"""

from __future__ import annotations

import logging
import math
import time
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select

from app.domains.comments.models import Comment, MeToo
from app.domains.comments.queries import is_open, visible_questions
from app.engines.matching import clusters as engine
from app.engines.matching.clusters import Cluster
from app.engines.matching.likeness import MEANING_SHARE, Library, telling
from app.engines.matching.likewise import Pair, Texts
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
AT_ONCE = 200
"""Questions that are read at a time."""


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
class _Found:
    """A gap before its words are looked for: its questions, the one in the middle first."""

    question_ids: tuple[int, ...]
    people: int
    oldest_at: datetime
    weight: float


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
    refs = _open_questions()
    found = _gaps(refs)
    with unit_of_work():
        locks.take([JOB])
        db.session.execute(delete(Gap), execution_options={"synchronize_session": False})
        db.session.add_all(found)
    seconds = time.monotonic() - began
    logger.info("gaps: %d in %d open questions, in %.1f seconds", len(found), len(refs), seconds)
    return len(found)


def weight(people: int, oldest_at: datetime, now: datetime) -> float:
    """How much a gap matters: the people who wait, times the root of the days that the first of
    them has waited, so that seven for three weeks stand before one for a year."""
    return people * math.sqrt(1 + max((now - oldest_at).total_seconds(), 0) / 86_400)


def _state() -> tuple[object, ...]:
    """What differs whenever one of the questions that are looked at, who asks it, or what answers
    it has changed. Its cost is that of these questions, however many texts there are."""
    refs = _open_questions()
    versions = db.session.execute(
        select(Comment.id, Comment.version).where(Comment.id.in_(refs)).order_by(Comment.id)
    )
    me_too = select(func.count(), func.max(MeToo.id)).where(MeToo.comment_id.in_(refs))
    told = array("q", (number for row in versions for number in row)).tobytes()
    return (
        sha256(told).digest(),
        *db.session.execute(me_too).one(),
        meanings.present(refs),
    )


def _open_questions() -> list[int]:
    """The ids of those that are looked at, the newest first."""
    newest = visible_questions(is_open()).order_by(Comment.id.desc()).limit(MOST_QUESTIONS)
    return list(db.session.scalars(newest))


def _read(refs: Sequence[int]) -> Iterator[tuple[int, str, str, datetime]]:
    """The id, title, plain text and time of these questions, some hundred at a time: all of them at
    once would be the most that the process ever holds."""
    for at in range(0, len(refs), AT_ONCE):
        rows = db.session.execute(
            select(Comment.id, Comment.title, Comment.html, Comment.created_at).where(
                Comment.id.in_(refs[at : at + AT_ONCE])
            )
        )
        for row in rows:
            yield row.id, row.title, plain_text(row.html)[:LONGEST_READ], row.created_at


def _gaps(refs: Sequence[int]) -> list[Gap]:
    """Two questions and more, or one that more than one person asks; what matters most first."""
    texts, asked_at = Texts(), {}
    for ref, title, text, at in _read(refs):
        texts.add(ref, counts(title, text))
        asked_at[ref] = at
    library = candidates.library(texts.stems)
    clusters = engine.clusters(asked_at, _edges(asked_at, texts, library))
    people, now = askers.of(asked_at), clock.now()
    found = [
        _found(cluster, asked_at, asked_by, now)
        for cluster in clusters
        if (asked_by := len(set().union(*(people[ref] for ref in cluster.members)))) > 1
        or len(cluster.members) > 1
    ]
    found.sort(key=lambda one: (-one.weight, one.question_ids))
    return [_gap(one, library, now) for one in found[:MOST_GAPS]]


def _found(
    cluster: Cluster, asked_at: Mapping[int, datetime], people: int, now: datetime
) -> _Found:
    """Its middle first, the others by age: a list tells by its first line what it is about."""
    others = [ref for ref in cluster.members if ref != cluster.middle]
    refs = (cluster.middle, *sorted(others, key=lambda ref: (asked_at[ref], ref)))
    oldest_at = min(asked_at[ref] for ref in refs)
    return _Found(refs, people, oldest_at, weight(people, oldest_at, now))


def _gap(found: _Found, library: Library, now: datetime) -> Gap:
    texts = (f"{title}\n{text}" for _, title, text, _ in _read(found.question_ids))
    return Gap(
        made_at=now,
        words=list(engine.binding_words(texts, library)),
        question_ids=list(found.question_ids),
        people=found.people,
        oldest_at=found.oldest_at,
        weight=found.weight,
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


def _edges(refs: Collection[int], texts: Texts, library: Library) -> dict[Pair, float]:
    near = meanings.pairs(refs, LIMITS.accident)
    return asking_the_same(texts.alike(library, LIMITS.words), near)
