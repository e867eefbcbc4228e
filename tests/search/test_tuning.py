"""From a hundred questions on, what people took moves the weights, a little."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.engines.matching.likeness import MEANING_SHARE
from app.infra import jobs, running
from app.infra.db import db
from app.infra.stored_settings import StoredSetting
from app.search import tuning
from app.search.models import Outcome

pytestmark = pytest.mark.usefixtures("app")


WANTED = tuning.ENOUGH


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "ENOUGH", 3)


def outcome(asked: str, ref: int, by_words: float, by_meaning: float, *, taken: bool) -> Outcome:
    return Outcome(
        place="asking", asked=asked, kind="card", ref=ref, rank=ref, by_words=by_words,
        by_meaning=by_meaning, taken=taken,
    )  # fmt: skip


def people_took_what_words_found(times: int) -> None:
    for number in range(times):
        asked = f"question {number}"
        db.session.add(outcome(asked, 1, 0.1, 0.9, taken=False))
        db.session.add(outcome(asked, 2, 1.0, 0.65, taken=True))
    db.session.commit()


def test_nothing_is_tuned_by_a_few(app: Flask) -> None:
    people_took_what_words_found(2)
    assert tuning.tune() is None
    assert tuning.meaning_share() == MEANING_SHARE
    assert db.session.scalars(select(StoredSetting)).all() == []


def test_a_hundred_questions_are_wanted() -> None:
    assert WANTED == 100


def test_what_was_taken_moves_the_share_and_is_kept() -> None:
    people_took_what_words_found(3)
    share = tuning.tune()
    assert share is not None
    assert MEANING_SHARE - tuning.FARTHEST - 1e-9 <= share < MEANING_SHARE
    assert tuning.meaning_share() == share
    kept = db.session.get_one(StoredSetting, tuning.NAME)
    assert kept.value == {"share": share, "questions": 3}


def test_the_worker_tunes(app: Flask) -> None:
    people_took_what_words_found(3)
    jobs.plan({tuning.TUNE: tuning.AGAIN})
    jobs.run_due(app.extensions["jobs"])
    assert tuning.meaning_share() < MEANING_SHARE


def test_a_share_that_somebody_wrote_far_away_is_not_believed() -> None:
    db.session.add(StoredSetting(name=tuning.NAME, value={"share": 0.0, "questions": 900}))
    db.session.commit()
    assert tuning.meaning_share() == pytest.approx(MEANING_SHARE - tuning.FARTHEST)


def test_what_was_shown_twice_and_taken_once_counts_once() -> None:
    people_took_what_words_found(2)
    db.session.add(outcome("question 1", 2, 1.0, 0.65, taken=False))
    db.session.add(outcome("question 1", 2, 1.0, 0.65, taken=True))
    db.session.commit()
    assert tuning.tune() is None


def test_questions_without_the_model_say_nothing_of_it() -> None:
    for number in range(5):
        db.session.add(outcome(f"question {number}", 1, 0.1, 0.0, taken=False))
        db.session.add(outcome(f"question {number}", 2, 1.0, 0.0, taken=True))
    db.session.commit()
    assert tuning.tune() is None


def test_another_process_knows_it_within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tuning.meaning_share() == MEANING_SHARE
    people_took_what_words_found(3)
    before = running.kept()["meaning share"]
    share = tuning.tune()
    running.kept()["meaning share"] = before
    assert tuning.meaning_share() == MEANING_SHARE
    monkeypatch.setattr(tuning, "KNOWN_SECONDS", 0.0)
    assert tuning.meaning_share() == share
