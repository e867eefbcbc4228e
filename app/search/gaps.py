"""The gap report: open questions put together by likeness, each cluster worth an article."""

from __future__ import annotations

import logging
import math
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select

from app.domains.comments.models import Comment, MeToo
from app.domains.comments.queries import is_open, visible_questions
from app.engines.matching.clusters import Cluster
from app.infra import clock, locks, running
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.search import askers, meanings, subjects
from app.search.models import Gap
from app.search.subjects import Subjects

logger = logging.getLogger(__name__)

JOB = "search.gaps"
AGAIN = timedelta(hours=1)
MOST_QUESTIONS = 5_000
"""The newest open questions; older ones are found beside them in the author's inbox."""
MOST_GAPS = 200


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


def _gaps(refs: Sequence[int]) -> list[Gap]:
    """Two questions and more, or one that more than one person asks; what matters most first."""
    found = subjects.put_together(refs)
    people, now = askers.of(found.asked_at), clock.now()
    gaps = [
        _found(found, cluster, asked_by, now)
        for cluster in found.clusters
        if (asked_by := len(set().union(*(people[ref] for ref in cluster.members)))) > 1
        or len(cluster.members) > 1
    ]
    gaps.sort(key=lambda one: (-one.weight, one.question_ids))
    return [_gap(one, found, now) for one in gaps[:MOST_GAPS]]


def _found(found: Subjects, cluster: Cluster, people: int, now: datetime) -> _Found:
    oldest_at = min(found.asked_at[ref] for ref in cluster.members)
    return _Found(found.in_order(cluster), people, oldest_at, weight(people, oldest_at, now))


def _gap(gap: _Found, found: Subjects, now: datetime) -> Gap:
    return Gap(
        made_at=now,
        words=list(found.words(gap.question_ids)),
        question_ids=list(gap.question_ids),
        people=gap.people,
        oldest_at=gap.oldest_at,
        weight=gap.weight,
    )
