"""Decisions teach, undoing takes back, and nothing is learnt twice or lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.domains.accounts.models import Account
from app.domains.comments import mending
from app.domains.comments import services as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import errors, services
from app.domains.moderation.services import Decision, Verb
from app.domains.screening import queries, teaching
from app.domains.screening.events import LessonTurned
from app.domains.screening.models import SpamLesson
from app.engines.spam.features import features
from app.engines.spam.model import TEXTS
from app.infra.db import db
from app.infra.happenings import NotNow
from app.infra.unit_of_work import unit_of_work
from tests.domains.screening.lessons import (
    GOOD,
    SPAM,
    counts,
    decide,
    teach_enough,
    undo,
    waiting,
    weights,
)
from tests.factories import make_account, make_comment
from tests.support.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")


def test_approving_teaches_what_is_good_and_spam_what_is_not() -> None:
    (good,), (spam,) = waiting(GOOD), waiting(SPAM)
    decide(good, Verb.APPROVE)
    decide(spam, Verb.SPAM)
    assert queries.learnt() == (1, 1)
    assert counts()["w:tendon"] == (1, 0)
    assert counts()["h:channel-of-mine.com"] == (0, 1)


@pytest.mark.parametrize("verb", [Verb.REJECT, Verb.DELETE])
def test_rejecting_and_deleting_teach_nothing(verb: Verb) -> None:
    decide(waiting(SPAM)[0], verb)
    assert counts() == {}


def test_taking_a_text_back_teaches_nothing() -> None:
    comments.withdraw(waiting(GOOD)[0])
    assert counts() == {}


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.SPAM])
def test_undo_restores_every_count(verb: Verb) -> None:
    teach_enough()
    before = counts()
    undo(decide(waiting("Subscribe to something quite new, my hip!")[0], verb))
    assert counts() == before


def test_a_changed_mind_moves_the_lesson_and_its_undo_moves_it_back() -> None:
    (comment,) = waiting(SPAM)
    decide(comment, Verb.SPAM)
    was_spam = counts()
    changed = decide(comment, Verb.APPROVE)
    assert queries.learnt() == (1, 0)
    assert counts()["w:channel"] == (1, 0)
    undo(changed)
    assert counts() == was_spam


@pytest.mark.parametrize(
    ("placed", "verb"), [(Status.SPAM, Verb.APPROVE), (Status.APPROVED, Verb.REJECT)]
)
def test_undo_teaches_nothing_that_only_the_intake_had_decided(placed: Status, verb: Verb) -> None:
    comment = make_comment(SPAM, status=placed)
    undo(decide(comment, verb))
    assert comment.status == placed
    assert counts() == {}


def test_holding_an_approved_text_takes_its_lesson_back() -> None:
    (comment,) = waiting(GOOD)
    decide(comment, Verb.APPROVE)
    decide(comment, Verb.HOLD)
    assert counts() == {}


def test_clearing_away_spam_forgets_nothing() -> None:
    (comment,) = waiting(SPAM)
    decide(comment, Verb.SPAM)
    before = counts()
    undo(decide(comment, Verb.DELETE))
    assert counts() == before != {}


def test_a_text_mended_after_its_approval_is_unlearnt_as_it_was_learnt() -> None:
    (comment,) = waiting(GOOD)
    entry = decide(comment, Verb.APPROVE)
    editor = make_account("moderator")
    mending.edit(comment, "Other words.", title="", by=editor, version=comment.version)
    db.session.commit()
    undo(entry)
    assert counts() == {}


def test_a_deleted_row_of_a_comment_takes_its_lesson_along() -> None:
    (comment,) = waiting(GOOD)
    decide(comment, Verb.APPROVE)
    comment_id = comment.id
    db.session.delete(comment)
    db.session.commit()
    assert queries.lesson_of(comment_id) is None


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(verbs=st.lists(st.sampled_from(list(Verb)), min_size=1, max_size=6))
def test_whatever_is_decided_a_text_counts_once_and_as_it_stands(verbs: list[Verb]) -> None:
    before = counts().get(TEXTS, (0, 0))
    comment = make_comment(GOOD, status=Status.PENDING)
    taught: bool | None = None
    for verb in verbs:
        try:
            decide(comment, verb)
        except errors.StaleDecision:
            continue
        taught = {Verb.APPROVE: False, Verb.SPAM: True, Verb.DELETE: taught}.get(verb)
    good, spam = counts().get(TEXTS, (0, 0))
    assert (good - before[0], spam - before[1]) == (taught is False, taught is True)


def test_decisions_made_at_once_lose_no_count(app: Flask) -> None:
    texts = waiting(SPAM, 6)
    ids = [comment.id for comment in texts]
    judge = make_account("moderator").id
    db.session.rollback()
    barrier = Barrier(len(ids), timeout=20)

    def act(comment_id: int) -> None:
        with app.app_context():
            barrier.wait()
            with unit_of_work():
                comment = db.session.get_one(Comment, comment_id)
                by = db.session.get_one(Account, judge)
                services.decide(comment, Decision(Verb.SPAM, by), version=comment.version)

    with ThreadPoolExecutor(len(ids)) as threads:
        list(threads.map(act, ids))
    assert queries.learnt() == (0, len(ids))
    assert counts()["b:check out"] == (0, len(ids))


def test_spam_is_told_from_questions_after_ten_of_each() -> None:
    assert queries.look(features(SPAM), ())[0] is None
    teach_enough()
    spam, good = queries.look(features(SPAM), ())[0], queries.look(features(GOOD), ())[0]
    assert spam is not None
    assert good is not None
    assert spam.chance > 0.99
    assert good.chance < 0.01
    assert any(weights().values())


def test_an_opinion_is_one_query() -> None:
    teach_enough()
    with count_queries() as asked:
        long = "word " * 50 + " ".join(f"w{number}" for number in range(5000))
        queries.look(features(long), ())
    assert asked.total == 1, asked


@pytest.mark.one_database("postgresql")
def test_r13_the_worker_never_waits_for_a_lesson_that_somebody_turns() -> None:
    """It may hold the search index, which whoever turns the lesson by hiding a text waits for."""
    decide(waiting(GOOD)[0], Verb.APPROVE)
    turned = LessonTurned(db.session.scalars(select(SpamLesson.id)).one())
    db.session.rollback()

    with db.engine.connect() as somebody:
        somebody.execute(select(SpamLesson.id).with_for_update())
        with pytest.raises(NotNow), unit_of_work():
            db.session.execute(text("SET LOCAL lock_timeout = '1s'"))
            teaching.catch_up(turned)
    with unit_of_work():
        teaching.catch_up(turned)

    assert queries.learnt() == (1, 0)


def test_a_lesson_that_is_gone_has_nothing_to_count() -> None:
    with unit_of_work():
        teaching.catch_up(LessonTurned(1))

    assert counts() == {}
