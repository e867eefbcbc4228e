"""Sequences of acts by two moderators and the writer: no state beside the table, no act without its
row in the record, and undoing that restores exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments import mending, moving
from app.domains.comments import services as writers
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import ALLOWED_MOVES, Kind, Status
from app.domains.moderation import reasons, services
from app.domains.moderation.acts import undoing
from app.domains.moderation.models import Report
from app.domains.moderation.queue import holding
from app.domains.moderation.reported import reports
from app.domains.moderation.services import Decision, Verb
from app.domains.screening.models import SpamLesson, SpamTerm
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.refusal import Refusal
from tests.factories import make_account, make_article, make_comment, make_question, make_tag

pytestmark = pytest.mark.usefixtures("app")
Everything = list[list[tuple[Any, ...]]]
WRITERS_OWN = ("withdraw", "edit own", "report")


class House:
    """A small thread, a second article, two moderators, two tags."""

    def __init__(self) -> None:
        self.tags = [make_tag(), make_tag()]
        self.people = [make_account(Role.MODERATOR), make_account(Role.MODERATOR)]
        question = make_question("Why does my hip click?", status=Status.PENDING)
        reply = make_comment("Mine too, when I sit.", parent=question)
        below = make_comment("And how long does it last?", parent=reply, status=Status.SPAM)
        self.texts = [question, reply, below, make_comment("Hello all.", article=make_article())]
        self.articles = [question.article, self.texts[3].article]

    def ids(self) -> set[int]:
        return {text.id for text in self.texts}


def decide(verb: Verb) -> Callable[[House, Comment, Account, int], object]:
    def act(_house: House, text: Comment, by: Account, number: int) -> object:
        decision = Decision(verb, by, reason=("", "Advertising")[number % 2])
        return services.decide(text, decision, version=text.version)

    return act


def edit(_house: House, text: Comment, by: Account, number: int) -> object:
    source = f"Mended {number}. Does it last?"
    return mending.edit(text, source, title="", by=by, version=text.version)


def tag(house: House, text: Comment, by: Account, number: int) -> object:
    wanted = {one.id for place, one in enumerate(house.tags) if number >> place & 1}
    return mending.tag_by_hand(text, wanted, by)


def change_kind(_house: House, text: Comment, by: Account, number: int) -> object:
    return mending.change_kind(text, list(Kind)[number % len(Kind)], by=by)


def move(house: House, text: Comment, by: Account, number: int) -> object:
    below = house.texts[number % 4] if number < 4 else None
    article = below.article if below else house.articles[number % 2]
    return moving.move_branch(text, below=below, article=article, by=by, version=text.version)


def split_off(_house: House, text: Comment, by: Account, _number: int) -> object:
    return moving.split_off(text, by=by, version=text.version)


def hold_for(house: House, text: Comment, by: Account, number: int) -> object:
    colleague = house.people[number % 2]
    return holding.hold_for(text, colleague, f"Note {number}", by=by, version=text.version)


def release(_house: House, text: Comment, by: Account, _number: int) -> object:
    return holding.release(text, by=by, version=text.version)


def give_reason(_house: House, text: Comment, by: Account, number: int) -> object:
    return reasons.give(text, f"Reason {number}", tell=False, by=by, version=text.version)


def withdraw(_house: House, text: Comment, _by: Account, _number: int) -> object:
    return writers.withdraw(text)


def edit_own(_house: House, text: Comment, _by: Account, number: int) -> object:
    return writers.edit_own(text, f"My own words {number}.", None, writers.Writer())


def report(_house: House, text: Comment, _by: Account, number: int) -> object:
    known = select(Report.id).where(Report.comment_id == text.id, Report.browser == str(number))
    if db.session.scalar(known) is None:
        db.session.add(Report(comment_id=text.id, browser=str(number), reason="other", weight=1))
        db.session.flush()
    return reports.sum_up(text)


ACTS: dict[str, Callable[[House, Comment, Account, int], object]] = {
    **{verb.value: decide(verb) for verb in Verb},
    "edit": edit,
    "tag": tag,
    "change kind": change_kind,
    "move": move,
    "split off": split_off,
    "hold for": hold_for,
    "release": release,
    "reason": give_reason,
    "withdraw": withdraw,
    "edit own": edit_own,
    "report": report,
}
STEP = st.tuples(
    st.sampled_from(list(ACTS)), st.integers(0, 3), st.integers(0, 1), st.integers(0, 5)
)


def everything(house: House) -> Everything:
    """All columns of all texts but their versions, their tags, reports and lessons, and the counts
    of the model."""
    db.session.flush()
    ids = house.ids()
    columns = [column for column in Comment.__table__.columns if column.name != "version"]
    texts = select(*columns).where(Comment.id.in_(ids)).order_by(Comment.id)
    tags = select(CommentTag.__table__).where(CommentTag.comment_id.in_(ids))
    told = select(Report.__table__).where(Report.comment_id.in_(ids)).order_by(Report.id)
    lessons = (
        select(SpamLesson.comment_id, SpamLesson.is_spam)
        .where(SpamLesson.comment_id.in_(ids), SpamLesson.is_spam.is_not(None))
        .order_by(SpamLesson.comment_id)
    )
    terms = select(SpamTerm.term, SpamTerm.good, SpamTerm.spam).order_by(SpamTerm.term)
    return [
        [tuple(row) for row in db.session.execute(one)]
        for one in (
            texts,
            tags.order_by(CommentTag.comment_id, CommentTag.tag_id),
            told,
            lessons,
            terms,
        )
    ]


def rows_about(house: House) -> int:
    about = AuditEntry.subject_id.in_(house.ids())
    count = select(func.count()).where(AuditEntry.subject == "comment", about)
    return db.session.scalar(count) or 0


def newest(house: House) -> AuditEntry:
    found = select(AuditEntry).where(AuditEntry.subject_id.in_(house.ids()))
    acts = found.where(AuditEntry.subject == "comment", AuditEntry.act != "close reports")
    return db.session.scalars(acts.order_by(AuditEntry.id.desc()).limit(1)).one()


def is_sound(house: House) -> None:
    """Every text stands in its thread as its parent says."""
    for text in house.texts:
        db.session.refresh(text)
    by_id = {text.id: text for text in house.texts}
    for text in house.texts:
        above = by_id[text.parent_id] if text.parent_id else None
        assert text.root_id == (above.thread_id if above else None)
        assert text.article_id == (above.article_id if above else text.article_id)
        if above is not None:
            expected = above.id if above.is_question else above.question_id
            assert text.question_id == expected
        else:
            assert text.question_id is None
        assert bool(text.title) == text.is_question


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_every_act_keeps_the_table_has_its_row_and_is_undone_exactly(
    steps: list[tuple[str, int, int, int]],
) -> None:
    house = House()
    for name, which, who, number in steps:
        text, by = house.texts[which], house.people[who]
        before, rows, was = everything(house), rows_about(house), Status(text.status)
        try:
            with db.session.begin_nested():
                ACTS[name](house, text, by, number)
        except Refusal:
            db.session.refresh(text)
            assert everything(house) == before
            continue
        after = everything(house)
        is_sound(house)
        now = Status(text.status)
        assert now == was or now in ALLOWED_MOVES[was]
        if name not in WRITERS_OWN and after != before:
            assert rows_about(house) > rows
            entry = newest(house)
            assert undoing.undoable([entry]) == {entry.id}
            with db.session.begin_nested() as trial:
                undoing.undo(entry, by=house.people[1 - who])
                assert everything(house) == before
                is_sound(house)
                if number % 2:
                    trial.rollback()
            if number % 2:
                db.session.expire_all()
                assert everything(house) == after
    db.session.commit()


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP.filter(lambda step: step[0] not in WRITERS_OWN), min_size=1, max_size=8))
def test_undoing_all_from_the_last_to_the_first_leads_back_to_the_beginning(
    steps: list[tuple[str, int, int, int]],
) -> None:
    house = House()
    first, begun = everything(house), clock.now()
    for name, which, who, number in steps:
        try:
            with db.session.begin_nested():
                ACTS[name](house, house.texts[which], house.people[who], number)
        except Refusal:
            db.session.expire_all()
    acts = select(AuditEntry).where(
        AuditEntry.subject_id.in_(house.ids()),
        AuditEntry.subject == "comment",
        AuditEntry.at >= begun,
    )
    for entry in db.session.scalars(acts.order_by(AuditEntry.id.desc())).all():
        if undoing.is_undoable_act(entry):
            undoing.undo(entry, by=house.people[0])
    assert everything(house) == first
    db.session.commit()
