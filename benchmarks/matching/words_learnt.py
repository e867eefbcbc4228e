"""Which phrases are worth proposing for a subject: how many of its other questions they find, and
how many of other subjects.

Questions that the same texts answer are one subject. The first half of each is learnt from, every
question by another person; the phrases that are proposed are looked for in the other halves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

import click

from app.engines.matching.phrases import DEMANDS, Demands, Stems, phrases, worth_proposing
from benchmarks.matching.sets import Set

PEOPLE, LIFT, ALONE = (2, 3), (3.0, 12.0), (4.0, 8.0, 16.0, 32.0)
LEAST_QUESTIONS = 6
"""Of a subject that says anything here."""
MOST_SUBJECTS = 40
_ENOUGH = 10
"""Subjects, for a set to be of use."""


def show(found: Set) -> None:
    """Print how good the phrases are; nothing for a set without subjects."""
    subjects: defaultdict[frozenset[int], list[str]] = defaultdict(list)
    for one in found.questions:
        relevant = frozenset(ref for ref, grade in one.grades.items() if grade > 0)
        subjects[relevant].append(f"{one.text.title}\n{one.text.body}".strip())
    texts = [group for group in subjects.values() if len(group) >= LEAST_QUESTIONS]
    if len(texts) < _ENOUGH:
        return
    learnt = [group[: len(group) // 2] for group in texts]
    others = [[set(phrases(text)) for text in group[len(group) // 2 :]] for group in texts]
    click.echo(f"\n{found.name}: {len(texts)} subjects")
    click.echo("people   lift  of one word  precision  recall  phrases a subject")
    for demands in (Demands(*wishes) for wishes in product(PEOPLE, LIFT, ALONE)):
        mark = "  (in use)" if demands == DEMANDS else ""
        click.echo(f"{_line(demands, learnt, others)}{mark}")


def _line(
    demands: Demands, learnt: Sequence[Sequence[str]], others: Sequence[Sequence[set[Stems]]]
) -> str:
    right = wrong = wanted = proposed = 0
    places = range(0, len(learnt), max(1, len(learnt) // MOST_SUBJECTS))
    for place in places:
        elsewhere = [text for at, group in enumerate(learnt) if at != place for text in group]
        inside = [(str(number), text) for number, text in enumerate(learnt[place])]
        said = {_stems(one.words) for one in worth_proposing(inside, elsewhere, [], demands)}
        hits = [sum(bool(said & text) for text in group) for group in others]
        right += hits[place]
        wrong += sum(hits) - hits[place]
        wanted += len(others[place])
        proposed += len(said)
    return (
        f"{demands.people:6} {demands.lift:6.0f} {demands.lift_alone:12.0f}"
        f" {100 * right / (right + wrong or 1):10.1f} {100 * right / (wanted or 1):7.1f}"
        f" {proposed / len(places):18.1f}"
    )


def _stems(words: str) -> Stems:
    return max(phrases(words), key=len)
