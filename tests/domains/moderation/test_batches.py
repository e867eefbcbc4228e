"""Acts on a whole list: frozen when they begin, done in parts, stopped, undone as one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import errors, services
from app.domains.moderation.acts import undoing
from app.domains.moderation.bulk import batch_job, batches
from app.domains.moderation.models import Batch, DeskSection
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.services import Decision, Verb
from app.domains.moderation.states import BatchState, Lane
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import Job, enqueue, run_due
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_comment, make_tag

pytestmark = pytest.mark.usefixtures("app")
Deliver = Callable[[], int]
WAITING = Wish(lane=Lane.WAITING)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five texts a part, so that few texts make many parts."""
    monkeypatch.setattr(batches, "PART", 5)


def waiting(count: int, article: Article | None = None) -> list[int]:
    article = article or make_article()
    return [
        make_comment(f"Text {number}", article=article, status=Status.PENDING).id
        for number in range(count)
    ]


def start(verb: Verb = Verb.SPAM, by: Account | None = None, wish: Wish = WAITING) -> int:
    by_id = (by or make_account(Role.MODERATOR)).id
    with unit_of_work():
        decision = Decision(verb, db.session.get_one(Account, by_id))
        return batches.start(wish, decision).id


def part(batch_id: int) -> Batch:
    with unit_of_work():
        batches.run_part(batch_id)
    return db.session.get_one(Batch, batch_id)


def undo(batch_id: int, by: Account | None = None) -> int:
    by_id = (by or make_account(Role.MODERATOR)).id
    with unit_of_work():
        batch = db.session.get_one(Batch, batch_id)
        return batches.start_undoing(batch, db.session.get_one(Account, by_id)).id


def states(ids: list[int]) -> list[str]:
    db.session.rollback()
    found = db.session.execute(select(Comment.id, Comment.status).where(Comment.id.in_(ids)))
    by_id = {row.id: row.status for row in found}
    return [by_id[one] for one in ids]


def test_all_of_a_list_is_decided_in_parts_and_each_text_is_in_the_record(
    deliver: Deliver,
) -> None:
    ids = waiting(12)
    batch_id = start()
    assert deliver() >= 3
    batch = db.session.get_one(Batch, batch_id)
    assert (batch.state, batch.done, batch.refused) == (BatchState.DONE, 12, 0)
    assert states(ids) == [Status.SPAM] * 12
    rows = select(func.count()).where(AuditEntry.batch == batch.key, AuditEntry.act == "spam")
    assert db.session.scalar(rows) == 12


def test_a_text_that_comes_in_later_is_not_touched(deliver: Deliver) -> None:
    article = make_article()
    waiting(7, article)
    start()
    (late,) = waiting(1, article)
    deliver()
    assert states([late]) == [Status.PENDING]


def test_a_text_that_changed_meanwhile_is_left_as_it_is(deliver: Deliver) -> None:
    ids = waiting(7)
    batch_id = start()
    with unit_of_work():
        db.session.get_one(Comment, ids[3]).version += 1
    deliver()
    batch = db.session.get_one(Batch, batch_id)
    assert (batch.done, batch.refused) == (6, 1)
    assert states(ids)[3] == Status.PENDING
    assert batches.left_alone(batch) == [ids[3]]


def test_it_stops_within_one_part_and_what_is_done_stays_done(deliver: Deliver) -> None:
    ids = waiting(12)
    moderator = make_account(Role.MODERATOR)
    batch_id = start(by=moderator)
    part(batch_id)
    with unit_of_work():
        found = batches.find_to_change(batch_id)
        assert found is not None
        batches.cancel(found, db.session.merge(moderator))
    deliver()
    assert states(ids) == [Status.SPAM] * 5 + [Status.PENDING] * 7
    with pytest.raises(errors.BatchOver):
        batches.cancel(db.session.get_one(Batch, batch_id), moderator)


def test_what_it_did_is_undone_as_one_act_that_is_a_batch_again(deliver: Deliver) -> None:
    ids = waiting(12)
    batch_id = start()
    deliver()
    undone = undo(batch_id)
    deliver()
    assert states(ids) == [Status.PENDING] * 12
    assert db.session.get_one(Batch, undone).done == 12
    with pytest.raises(errors.NothingToUndo):
        _undo_the_first_again(batch_id)


def _undo_the_first_again(batch_id: int) -> None:
    key = db.session.get_one(Batch, batch_id).key
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.batch == key, AuditEntry.act == "spam").limit(1)
    ).one()
    undoing.undo(entry, by=make_account(Role.MODERATOR))


def test_undoing_leaves_alone_what_was_decided_again_since(deliver: Deliver) -> None:
    ids = waiting(6)
    batch_id = start()
    deliver()
    with unit_of_work():
        comment = db.session.get_one(Comment, ids[2])
        by = db.session.get_one(Account, make_account(Role.MODERATOR).id)
        services.decide(comment, Decision(Verb.APPROVE, by), version=comment.version)
    undone = undo(batch_id)
    deliver()
    assert states(ids) == [Status.PENDING] * 2 + [Status.APPROVED] + [Status.PENDING] * 3
    assert db.session.get_one(Batch, undone).refused == 1


def test_one_that_is_at_work_is_not_undone() -> None:
    waiting(7)
    batch_id = start()
    part(batch_id)
    with pytest.raises(errors.BatchRuns):
        undo(batch_id)


def test_a_crash_within_a_part_loses_nothing_and_repeats_nothing(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = waiting(12)
    batch_id = start()
    part(batch_id)
    real = batches.services.decide_all
    monkeypatch.setattr(batches.services, "decide_all", _power_cut)
    with pytest.raises(RuntimeError):
        part(batch_id)
    monkeypatch.setattr(batches.services, "decide_all", real)
    deliver()
    batch = db.session.get_one(Batch, batch_id)
    assert (batch.state, batch.done, batch.refused) == (BatchState.DONE, 12, 0)
    rows = select(func.count()).where(AuditEntry.batch == batch.key, AuditEntry.act == "spam")
    assert db.session.scalar(rows) == len(ids)


def _power_cut(*_: object, **__: object) -> None:
    raise RuntimeError("the power went")


def test_whoever_lost_the_role_decides_nothing_more(deliver: Deliver) -> None:
    ids = waiting(12)
    moderator = make_account(Role.MODERATOR)
    batch_id = start(by=moderator)
    part(batch_id)
    with unit_of_work():
        db.session.get_one(Account, moderator.id).role = Role.READER
    deliver()
    batch = db.session.get_one(Batch, batch_id)
    assert (batch.state, batch.done) == (BatchState.CANCELLED, 5)
    assert states(ids)[5:] == [Status.PENDING] * 7


def test_a_moderator_of_a_section_acts_on_that_section_alone(deliver: Deliver) -> None:
    tag = make_tag()
    mine, others = waiting(3, make_article(tags=[tag])), waiting(3)
    moderator = make_account(Role.MODERATOR)
    db.session.add(DeskSection(account_id=moderator.id, tag_id=tag.id))
    db.session.commit()
    start(by=moderator)
    deliver()
    assert states(mine + others) == [Status.SPAM] * 3 + [Status.PENDING] * 3


def test_mail_that_is_due_goes_before_the_next_part(clock: Traveller) -> None:
    waiting(7)
    batch_id = start()
    ran: list[str] = []
    clock.shift(1)
    with unit_of_work():
        enqueue("mail", {})

    def mail(_job: Job) -> None:
        ran.append("mail")

    def work(job: Job) -> None:
        clock.shift(1)
        batch_job.run(job)
        ran.append("part")

    run_due({"mail": mail, batches.JOB: work})
    assert ran == ["part", "mail", "part"]
    assert db.session.get_one(Batch, batch_id).state == BatchState.DONE


def test_an_empty_list_begins_nothing() -> None:
    with pytest.raises(errors.NothingChosen):
        start()


def test_beginning_and_stopping_are_in_the_record() -> None:
    waiting(6)
    moderator = make_account(Role.MODERATOR)
    batch_id = start(by=moderator)
    with unit_of_work():
        found = batches.find_to_change(batch_id)
        assert found is not None
        batches.cancel(found, db.session.merge(moderator))
    rows = select(AuditEntry.act).where(AuditEntry.subject == "batch").order_by(AuditEntry.id)
    assert list(db.session.scalars(rows)) == ["start batch", "stop batch"]
