"""Decisions become lessons: each teaches the model once, and its undoing takes that back.

The lesson is written with the decision. The counts follow a moment later, by a worker: they are a
hundred rows, and nobody who decides waits for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.domains.screening import queries, terms
from app.domains.screening.events import LessonTurned
from app.domains.screening.models import SpamLesson
from app.engines.spam.features import features
from app.engines.spam.model import Model, counted
from app.infra import locks
from app.infra.db import db
from app.infra.events import Handler, record
from app.infra.happenings import NotNow

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
    decided_on(queries.lesson_of(comment_id), comment_id, source, teaches)


def decided_on(
    lesson: SpamLesson | None, comment_id: int, source: str, teaches: Lesson
) -> SpamLesson | None:
    """The same where the caller has just read the comment's lesson (None: it has none yet); the
    lesson as it is now. The counts follow by a worker."""
    if lesson is None:
        if teaches not in (Lesson.GOOD, Lesson.SPAM):
            return None
        lesson = SpamLesson(comment_id=comment_id, source=source, is_spam=None, turns=0)
        lesson.behind = False
        db.session.add(lesson)
    before = lesson.is_spam
    turned = teaches != Lesson.AS_BEFORE and _turn(lesson, _LABELS[teaches], source)
    lesson.was_spam = before
    db.session.flush()
    if turned:
        record(LessonTurned(lesson.id))
    return lesson


def _turn(lesson: SpamLesson, is_spam: bool | None, source: str) -> bool:
    """Let a lesson say this from now on; whether it said anything else."""
    if lesson.is_spam == is_spam and (is_spam is None or lesson.source == source):
        return False
    if not lesson.behind:
        lesson.behind, lesson.counted_spam = True, lesson.is_spam
    if lesson.counted_source is None and lesson.source != source:
        lesson.counted_source = lesson.source
    lesson.is_spam, lesson.source = is_spam, source
    lesson.turns += 1
    return True


def catch_up(event: LessonTurned) -> None:
    """Bring the model's counts in step with a lesson: what they hold of it goes, what it says now
    comes, however often it turned meanwhile.

    Raises NotNow while somebody turns it again: to wait for them could be for ever, since a worker
    holds the search index of the events before, and whoever hides a text needs that to end.
    """
    locks.take([TURN])
    lesson = db.session.get(
        SpamLesson,
        event.lesson_id,
        populate_existing=True,
        with_for_update={"skip_locked": True},
    )
    if lesson is None:
        if queries.has_lesson(event.lesson_id):
            raise NotNow
        return
    if not lesson.behind:
        return
    _count_anew(lesson)
    lesson.behind, lesson.counted_spam, lesson.counted_source = False, None, None
    db.session.flush()


def _count_anew(lesson: SpamLesson) -> None:
    was_spam, is_spam = lesson.counted_spam, lesson.is_spam
    counted_source = lesson.source if lesson.counted_source is None else lesson.counted_source
    old = features(counted_source) if was_spam is not None else ()
    new = features(lesson.source) if is_spam is not None else ()
    again = queries.earlier_lessons(lesson.id) if is_spam is not None else []
    replays = [(features(text), label) for text, label in again]
    model = queries.known([*old, *new, *(name for seen, _ in replays for name in seen)])
    good: Counter[str] = Counter()
    spam: Counter[str] = Counter()
    if was_spam is not None:
        model.unlearn(old, is_spam=was_spam)
        (spam if was_spam else good).subtract(counted(old))
    if is_spam is not None:
        model.learn(new, is_spam=is_spam)
        (spam if is_spam else good).update(counted(new))
        for seen, label in (*replays, (new, is_spam)):
            model.lean(seen, is_spam=label)
    _store(model, {*counted(old), *model.terms}, good, spam)


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


LATER: Mapping[type, Sequence[Handler]] = {LessonTurned: (catch_up,)}
