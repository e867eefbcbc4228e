"""Reads of what the model knows: only the rows that a text asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from sqlalchemy import CompoundSelect, bindparam, select, union_all

from app.domains.screening import terms
from app.domains.screening.models import SpamLesson, SpamTerm
from app.engines.spam.features import host_feature
from app.engines.spam.model import TERMS, TEXTS, Model, Opinion, Term, replayed
from app.infra.db import db


def look(seen: Sequence[str], hosts: Iterable[str]) -> tuple[Opinion | None, frozenset[str]]:
    """What the model thinks of a text with these features, word by word (None until it learnt
    enough), and those of the hosts that stood in a text which a moderator let in. One query."""
    linked = {host.removeprefix("www."): host_feature(host) for host in hosts}
    model = known([*seen, *linked.values()])
    let_in = (host for host, name in linked.items() if name in model.terms)
    return model.opinion(seen), frozenset(
        host for host in let_in if model.terms[linked[host]].good > 0
    )


def known(names: Collection[str]) -> Model:
    """The model as far as these features need it, the totals included."""
    found = terms.rows(tuple(dict.fromkeys((TEXTS, TERMS, *names))))
    return Model(
        {name: Term(good, spam, weight, slopes) for name, good, spam, weight, slopes in found}
    )


def learnt() -> tuple[int, int]:
    """How many good and how many spam texts the model counts."""
    found = db.session.execute(
        select(SpamTerm.good, SpamTerm.spam).where(SpamTerm.term == TEXTS)
    ).one_or_none()
    return (found.good, found.spam) if found else (0, 0)


def lesson_of(comment_id: int) -> SpamLesson | None:
    return db.session.scalar(_LESSON_OF, {"comment": comment_id})


_LESSON_OF = select(SpamLesson).where(SpamLesson.comment_id == bindparam("comment"))


def has_lesson(lesson_id: int) -> bool:
    """Whether there is such a lesson, whoever holds it."""
    return db.session.scalar(select(SpamLesson.id).where(SpamLesson.id == lesson_id)) is not None


def earlier_lessons(number: int) -> list[tuple[str, bool]]:
    """The lessons to go through again beside the one of this id: source and whether spam."""
    earliest = replayed(number)
    if not earliest:
        return []
    places = {f"earliest{turn}": place for turn, place in enumerate(earliest)}
    found = db.session.execute(_from_places(len(places)), {**places, "number": number})
    return [(source, is_spam) for source, is_spam in found if is_spam is not None]


@cache
def _from_places(many: int) -> CompoundSelect[str, bool | None]:
    """The first lesson from each place on. Made once: putting it together takes longer than
    running it."""
    ways = (
        select(SpamLesson.source, SpamLesson.is_spam)
        .where(
            SpamLesson.id >= bindparam(f"earliest{turn}"),
            SpamLesson.id < bindparam("number"),
            SpamLesson.is_spam.is_not(None),
        )
        .order_by(SpamLesson.id)
        .limit(1)
        .subquery()
        for turn in range(many)
    )
    return union_all(*(select(way) for way in ways))
