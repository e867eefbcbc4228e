"""Decisions become lessons: each teaches the model once, and its undoing takes that back."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from app.domains.screening import queries, terms
from app.domains.screening.models import SpamLesson
from app.engines.spam.features import features
from app.engines.spam.model import Model, counted
from app.infra import locks
from app.infra.db import db

TURN = "screening model"
"""Teaching takes turns: two bulk decisions would else lock the same words in two orders."""


class Lesson(StrEnum):
    """What a decision says about a text. `NOTHING` takes back what an earlier one taught."""

    GOOD = "good"
    SPAM = "spam"
    NOTHING = "nothing"
    AS_BEFORE = "as before"


_LABELS = {Lesson.GOOD: False, Lesson.SPAM: True, Lesson.NOTHING: None}


def decided(comment_id: int, source: str, teaches: Lesson) -> None:
    """Let a person's decision on a comment teach the model; saying the same again adds nothing."""
    lesson = queries.lesson_of(comment_id)
    if lesson is None:
        if teaches not in (Lesson.GOOD, Lesson.SPAM):
            return
        lesson = SpamLesson(comment_id=comment_id, source=source, is_spam=None, turns=0)
        db.session.add(lesson)
        db.session.flush()
    before = lesson.is_spam
    if teaches != Lesson.AS_BEFORE:
        _turn(lesson, _LABELS[teaches], source)
    lesson.was_spam = before
    db.session.flush()


def undone(comment_id: int) -> None:
    """Take back what the last decision on a comment taught, and teach again what it took back."""
    lesson = queries.lesson_of(comment_id)
    if lesson is not None:
        _turn(lesson, lesson.was_spam, lesson.source)
        db.session.flush()


def _turn(lesson: SpamLesson, is_spam: bool | None, source: str) -> None:
    if lesson.is_spam == is_spam and (is_spam is None or lesson.source == source):
        return
    locks.take([TURN])
    old = features(lesson.source) if lesson.is_spam is not None else ()
    new = features(source) if is_spam is not None else ()
    again = queries.earlier_lessons(lesson.id) if is_spam is not None else []
    replays = [(features(text), label) for text, label in again]
    model = queries.known([*old, *new, *(name for seen, _ in replays for name in seen)])
    good: Counter[str] = Counter()
    spam: Counter[str] = Counter()
    if lesson.is_spam is not None:
        model.unlearn(old, is_spam=lesson.is_spam)
        (spam if lesson.is_spam else good).subtract(counted(old))
    if is_spam is not None:
        model.learn(new, is_spam=is_spam)
        (spam if is_spam else good).update(counted(new))
        for seen, label in (*replays, (new, is_spam)):
            model.lean(seen, is_spam=label)
    _store(model, {*counted(old), *model.terms}, good, spam)
    lesson.is_spam, lesson.source = is_spam, source
    lesson.turns += 1


def _store(model: Model, names: set[str], good: Counter[str], spam: Counter[str]) -> None:
    """Add to the counts in the database itself, and put the new weights; forget empty rows."""
    terms.add(
        [
            terms.Change(
                term=name,
                good=good[name],
                spam=spam[name],
                weight=model.terms[name].weight,
                slopes=model.terms[name].slopes,
            )
            for name in sorted(names)
            if name in model.terms
        ]
    )
    terms.forget(sorted(names - model.terms.keys()))
