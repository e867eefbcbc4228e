"""How much the meaning counts beside the words, tuned by what people took.

Each question whose suggestions were shown, and one of them taken, is replayed with other shares:
the share that puts what was taken nearest to the top is used. People take the first thing more
often because it stands first, so the share never goes far from the measured one.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app.engines.matching.likeness import MEANING_SHARE
from app.engines.matching.replay import Shown, best_share
from app.infra import clock, running
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.stored_settings import StoredSetting
from app.infra.unit_of_work import unit_of_work
from app.search.models import Outcome

logger = logging.getLogger(__name__)

TUNE = "search.tune"
AGAIN = timedelta(days=1)
NAME = "matching share"
ENOUGH = 100
"""Questions with something taken, before anything is tuned."""
MOST = 20_000
"""Rows that are replayed, the newest."""
FARTHEST = 0.2
KNOWN_SECONDS = 60.0


def meaning_share() -> float:
    """The share of the meaning in the score, as it was a minute ago at most."""
    known: tuple[float, float] | None = running.kept().get("meaning share")
    if known is None or time.monotonic() - known[0] > KNOWN_SECONDS:
        row = db.session.get(StoredSetting, NAME)
        share = _within(float(row.value["share"])) if row is not None else MEANING_SHARE
        known = (time.monotonic(), share)
        running.kept()["meaning share"] = known
    return known[1]


def run(_job: Job) -> None:
    tune()


def tune() -> float | None:
    """Choose the share anew and keep it; None where too little was taken. Commits by itself."""
    questions = _replayed()
    if len(questions) < ENOUGH:
        return None
    share = best_share(questions, MEANING_SHARE, FARTHEST)
    value = {"share": share, "questions": len(questions)}
    with unit_of_work():
        row = db.session.get(StoredSetting, NAME)
        if row is None:
            db.session.add(StoredSetting(name=NAME, value=value))
        elif row.value != value:
            row.value, row.version, row.changed_at = value, row.version + 1, clock.now()
    running.kept().pop("meaning share", None)
    logger.info("matching: meaning counts %.2f, after %s questions", share, len(questions))
    return share


def _replayed() -> list[Sequence[Shown]]:
    """What was shown for each question together, where something was taken and the model spoke."""
    rows = db.session.execute(
        select(
            Outcome.place,
            Outcome.asked,
            Outcome.kind,
            Outcome.ref,
            Outcome.by_words,
            Outcome.by_meaning,
            Outcome.taken,
        )
        .order_by(Outcome.id.desc())
        .limit(MOST)
    )
    shown: defaultdict[tuple[str, str], dict[tuple[str, int], Shown]] = defaultdict(dict)
    for row in rows:
        question, thing = shown[row.place, row.asked], (row.kind, row.ref)
        before = question.get(thing)
        taken = row.taken or (before is not None and before.taken)
        question[thing] = Shown(row.by_words, row.by_meaning, taken)
    return [
        found
        for found in (list(question.values()) for question in shown.values())
        if any(one.taken for one in found)
        and any(not one.taken for one in found)
        and any(one.by_meaning for one in found)
    ]


def _within(share: float) -> float:
    return min(max(share, MEANING_SHARE - FARTHEST), MEANING_SHARE + FARTHEST, 1.0)
