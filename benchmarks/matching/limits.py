"""From where two questions are put together as one gap: precision and recall of the pairs, at
several limits, on questions of which is known what answers them.

Questions that the same texts answer belong together. A set is of use where most of its texts answer
more than one question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import click
import numpy as np

from app.engines.matching.clusters import Cluster, clusters
from app.engines.matching.likeness import Library
from app.engines.matching.likewise import Texts
from app.infra.meaning import Encoder
from app.search import meanings, nearness, subjects
from app.search.alike import heading
from benchmarks.matching.sets import Set

WORDS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
MEANING = (0.55, 0.6, 0.65, 0.7, 0.75)
ACCIDENT = (0.35, 0.45, 0.5, 0.55, 0.6)
BEST = 5
"""Of the limits with the meaning, those that are shown, beside the ones in use."""
LEAST_SHARED = 2.0
"""Questions a group, on average, for a set to say anything here."""


def show(found: Set, encoder: Encoder | None) -> None:
    """Print how good the groups are; nothing for a set without questions that belong together."""
    groups = _groups(found)
    if len(groups) < LEAST_SHARED * len(set(groups.values())):
        return
    texts = {
        at: subjects.counts(*heading(found.questions[at].text.title, found.questions[at].text.body))
        for at in groups
    }
    spread = Counter(stem for counts in texts.values() for stem in counts)
    library = Library(len(texts), 1, 1, spread)
    said = Texts.of(texts).alike(library, min(WORDS))
    click.echo(f"\n{found.name}: {len(groups)} questions in {len(set(groups.values()))} groups")
    click.echo("words  meaning  accident  precision  recall    F1  groups")
    for limits in (subjects.Limits(words=one) for one in WORDS):
        click.echo(_line(limits, subjects.asking_the_same(said, meanings.Near(), limits), groups))
    if encoder is None:
        return
    near = _near(found, list(groups), encoder)
    rows = []
    for words, meaning, accident in product(WORDS, MEANING, ACCIDENT):
        limits = subjects.Limits(words, meaning, accident)
        edges = subjects.asking_the_same(said, near, limits)
        rows.append((_scores(_found(edges, groups), groups)[2], limits, edges))
    rows.sort(key=lambda row: -row[0])
    shown = [row for at, row in enumerate(rows) if at < BEST or row[1] == subjects.LIMITS]
    for _, limits, edges in shown:
        mark = "  (in use)" if limits == subjects.LIMITS else ""
        click.echo(_line(limits, edges, groups, with_meaning=True) + mark)


def _groups(found: Set) -> dict[int, frozenset[int]]:
    """By the number of each question, the texts that answer it."""
    answered = {
        at: frozenset(ref for ref, grade in one.grades.items() if grade > 0)
        for at, one in enumerate(found.questions)
    }
    return {at: refs for at, refs in answered.items() if refs}


def _near(found: Set, wanted: Sequence[int], encoder: Encoder) -> meanings.Near:
    asked = [
        heading(found.questions[at].text.title, found.questions[at].text.body) for at in wanted
    ]
    with click.progressbar(encoder.read(asked), label="Reading the questions by meaning") as parts:
        rows = np.concatenate(list(parts))
    scores = nearness.pairs(wanted, [row.tobytes() for row in rows], min(ACCIDENT))
    return meanings.Near(scores, frozenset(wanted))


def _found(edges: Mapping[tuple[int, int], float], refs: Mapping[int, object]) -> list[Cluster]:
    return clusters(refs, edges)


def _scores(
    found: Sequence[Cluster], groups: Mapping[int, frozenset[int]]
) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean, over pairs of questions."""
    sizes = Counter(groups.values())
    wanted = sum(size * (size - 1) // 2 for size in sizes.values())
    together = list(_pairs(found))
    right = sum(groups[one] == groups[other] for one, other in together)
    precision, recall = right / (len(together) or 1), right / (wanted or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def _pairs(found: Sequence[Cluster]) -> Iterator[tuple[int, int]]:
    for one in found:
        yield from combinations(one.members, 2)


def _line(
    limits: subjects.Limits,
    edges: Mapping[tuple[int, int], float],
    groups: Mapping[int, frozenset[int]],
    *,
    with_meaning: bool = False,
) -> str:
    found = _found(edges, groups)
    precision, recall, both = _scores(found, groups)
    asked = f"{limits.meaning:7.2f} {limits.accident:9.2f}" if with_meaning else " " * 17
    return (
        f"{limits.words:5.2f} {asked} {100 * precision:10.1f} {100 * recall:7.1f} {100 * both:5.1f}"
        f" {sum(len(one.members) > 1 for one in found):7}"
    )
