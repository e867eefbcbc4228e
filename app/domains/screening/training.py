"""The model made anew from its lessons, and lessons brought in from elsewhere."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, func, insert, select, update

from app.domains.screening.models import SpamLesson, SpamTerm
from app.domains.screening.teaching import TURN
from app.engines.spam.features import features
from app.engines.spam.model import Model, replayed
from app.infra import locks
from app.infra.db import adding, db
from app.infra.unit_of_work import unit_of_work

BATCH = 200
ROWS_AT_ONCE = 5000
TRIES = 3

Thing = TypeVar("Thing")
Progress = Callable[[int], object]
Labelled = tuple[str, bool]
"""A text and whether it is spam."""


def lesson_count() -> int:
    """How many lessons teach something at present."""
    return len(_active())


def add_lessons(rows: Iterable[tuple[int, str, bool]]) -> None:
    """Write down what comments teach (id, source, whether spam); counted by the next `retrain`.

    A comment that has a lesson by now keeps it.
    """
    values = [
        {"comment_id": comment_id, "source": source, "is_spam": is_spam, "turns": 0}
        for comment_id, source, is_spam in rows
    ]
    if values:
        db.session.execute(
            adding(SpamLesson).on_conflict_do_nothing(index_elements=["comment_id"]), values
        )


def replace_seed(texts: Iterable[Labelled]) -> None:
    """Write down lessons that no comment of this site gave, in place of the earlier ones of the
    kind; counted by the next `retrain`."""
    db.session.execute(delete(SpamLesson).where(SpamLesson.comment_id.is_(None)))
    values = [{"source": source, "is_spam": is_spam, "turns": 0} for source, is_spam in texts]
    if values:
        db.session.execute(insert(SpamLesson), values)


def retrain(progress: Progress = lambda _done: None) -> None:
    """Make the model anew from all lessons.

    Commits by itself and is not to be called inside a unit of work: the work is done outside of
    it, so that people go on deciding; when they did meanwhile it is done again, the last time
    with decisions waiting.
    """
    for _ in range(TRIES):
        db.session.rollback()
        stamp = _stamp()
        model = _trained(progress)
        with unit_of_work():
            locks.take([TURN])
            if _stamp() == stamp:
                _replace(model)
                _are_counted()
                return
    with unit_of_work():
        locks.take([TURN])
        _replace(_trained(progress))
        _are_counted()


def _stamp() -> tuple[int, int, int]:
    """Changes with every lesson that is added, turned or gone."""
    last, count, turns = db.session.execute(
        select(func.max(SpamLesson.id), func.count(), func.sum(SpamLesson.turns))
    ).one()
    return last or 0, count, int(turns or 0)


def _active() -> list[int]:
    return list(
        db.session.scalars(
            select(SpamLesson.id).where(SpamLesson.is_spam.is_not(None)).order_by(SpamLesson.id)
        )
    )


def _trained(progress: Progress) -> Model:
    """A model taught every lesson in the order of their ids, with the replays of that time."""
    model = Model()
    ids = _active()
    for batch in _batches(ids, BATCH):
        again = {number: _replays(number, ids) for number in batch}
        wanted = {*batch, *(earlier for them in again.values() for earlier in them)}
        texts = _texts(sorted(wanted))
        for number in batch:
            if number not in texts:
                continue  # taken back meanwhile; the stamp tells
            seen, is_spam = texts[number]
            model.learn(seen, is_spam=is_spam)
            for earlier in (*again[number], number):
                if earlier in texts:
                    model.lean(texts[earlier][0], is_spam=texts[earlier][1])
        progress(len(batch))
    return model


def _replays(number: int, ids: list[int]) -> list[int]:
    """As `queries.earlier_lessons` finds them, by ids alone."""
    found = [ids[bisect_left(ids, earliest)] for earliest in replayed(number)]
    return [earlier for earlier in found if earlier < number]


def _texts(ids: list[int]) -> dict[int, tuple[tuple[str, ...], bool]]:
    rows = db.session.execute(
        select(SpamLesson.id, SpamLesson.source, SpamLesson.is_spam).where(SpamLesson.id.in_(ids))
    )
    return {
        number: (features(source), is_spam)
        for number, source, is_spam in rows
        if is_spam is not None
    }


def _replace(model: Model) -> None:
    db.session.execute(delete(SpamTerm))
    rows = (
        {
            "term": name,
            "good": term.good,
            "spam": term.spam,
            "weight": term.weight,
            "slopes": term.slopes,
        }
        for name, term in model.terms.items()
    )
    for batch in _batches(rows, ROWS_AT_ONCE):
        db.session.execute(insert(SpamTerm), batch)


def _are_counted() -> None:
    """No lesson is behind a model that was just made from all of them."""
    db.session.execute(
        update(SpamLesson)
        .where(SpamLesson.behind)
        .values(behind=False, counted_spam=None, counted_source=None)
    )


def _batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
