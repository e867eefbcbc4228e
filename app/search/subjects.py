"""Questions put together by what they ask: which are one subject, and the words that bind it.

By words (the rare ones that two questions share) and, where a model of meaning has read them, by
meaning. A question's words are its own: replies and tags below it stand in the index too, and
would make all questions of one tag alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domains.comments.models import Comment
from app.engines.matching import clusters as engine
from app.engines.matching.clusters import Cluster
from app.engines.matching.likeness import MEANING_SHARE, Library, telling
from app.engines.matching.likewise import Pair, Texts
from app.engines.text.excerpt import plain_text
from app.infra.db import db
from app.search import candidates, meanings
from app.search.candidates import TITLE_COUNTS

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
class Subjects:
    """Every question stands in exactly one of the `clusters`, alone where nothing is like it; the
    biggest come first. `asked_at` says when each was asked."""

    clusters: Sequence[Cluster]
    asked_at: Mapping[int, datetime]
    library: Library

    def in_order(self, cluster: Cluster) -> tuple[int, ...]:
        """The one in the middle, which tells what all are about, and the others by age."""
        others = [ref for ref in cluster.members if ref != cluster.middle]
        return cluster.middle, *sorted(others, key=lambda ref: (self.asked_at[ref], ref))

    def words(self, question_ids: Sequence[int]) -> tuple[str, ...]:
        """The words that bind these questions; they are read for it."""
        texts = (f"{title}\n{text}" for _, title, text, _ in _read(question_ids))
        return engine.binding_words(texts, self.library)


def put_together(question_ids: Sequence[int]) -> Subjects:
    """What these questions are about. Of the database it reads them, what is known of all texts,
    and the vectors that are kept beside them; no model is asked."""
    texts, asked_at = Texts(), {}
    for ref, title, text, at in _read(question_ids):
        texts.add(ref, counts(title, text))
        asked_at[ref] = at
    library = candidates.library(texts.stems)
    clusters = engine.clusters(asked_at, _edges(asked_at, texts, library))
    return Subjects(clusters, asked_at, library)


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
