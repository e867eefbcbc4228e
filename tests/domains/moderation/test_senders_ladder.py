"""The ladder at the desk: a ban that rejects what waits, and its undoing in one act."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures import errors, services
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.domains.moderation.bulk import batches
from app.domains.moderation.errors import BatchRuns
from app.domains.moderation.people import ladder, persons
from app.domains.moderation.people.ladder import Step
from app.domains.moderation.people.persons import Person
from app.domains.moderation.queue import sections
from app.domains.moderation.services import Decision, Verb, decide
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_address, make_article, make_comment, make_tag

pytestmark = pytest.mark.usefixtures("app")


def guest_with(*statuses: Status) -> tuple[Person, list[Comment]]:
    address, article = make_address(), make_article()
    texts = [make_comment(address=address, article=article, status=one) for one in statuses]
    person = persons.find_of_address(address.id)
    assert person is not None
    return person, texts


def ban(person: Person, by: Account, *, reject: bool = True) -> ladder.Taken:
    step = Step(MeasureKind.BAN, About(address=person.address), "Advertises.", reject=reject)
    return ladder.take(step, person, by=by, seat=None)


def test_a_ban_rejects_what_waits_and_nothing_else() -> None:
    statuses = [Status.PENDING, Status.APPROVED, Status.SPAM, Status.PENDING]
    person, texts = guest_with(*statuses)
    foreign = make_comment(status=Status.PENDING)
    taken = ban(person, make_account(Role.MODERATOR))
    assert (taken.rejected, taken.batch) == (2, None)
    assert [one.status for one in texts] == ["rejected", "approved", "spam", "rejected"]
    assert texts[0].reject_reason.startswith("Advertises")
    assert foreign.status == Status.PENDING


def test_the_ban_and_its_rejections_bear_one_key_in_the_record() -> None:
    person, texts = guest_with(Status.PENDING, Status.PENDING)
    taken = ban(person, make_account(Role.MODERATOR))
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.act, row.subject) for row in rows] == [
        ("ban", "measure"),
        ("reject", "comment"),
        ("reject", "comment"),
    ]
    assert {row.batch for row in rows} == {taken.measure.batch}
    assert len(texts) == 2


def test_a_ban_that_is_not_asked_to_rejects_nothing() -> None:
    person, (text,) = guest_with(Status.PENDING)
    taken = ban(person, make_account(Role.MODERATOR), reject=False)
    assert (taken.rejected, text.status, taken.measure.batch) == (0, Status.PENDING, "")


def test_only_a_ban_rejects_what_waits() -> None:
    person, (text,) = guest_with(Status.PENDING)
    until = clock.now() + timedelta(days=3)
    step = Step(MeasureKind.SUSPEND, About(address=person.address), "Rest.", until, reject=True)
    assert ladder.take(step, person, by=make_account(Role.MODERATOR), seat=None).rejected == 0
    assert text.status == Status.PENDING


def test_lifting_puts_back_what_the_ban_rejected() -> None:
    person, texts = guest_with(Status.PENDING, Status.REJECTED, Status.PENDING)
    moderator = make_account(Role.MODERATOR)
    taken = ban(person, moderator)
    lifted = ladder.lift(taken.measure, by=moderator, put_back=True)
    assert (lifted.back, lifted.left) == (2, 0)
    assert [one.status for one in texts] == ["pending", "rejected", "pending"]
    assert texts[0].reject_reason == ""


def test_what_was_decided_on_since_is_left_as_it_is() -> None:
    person, texts = guest_with(Status.PENDING, Status.PENDING)
    moderator = make_account(Role.MODERATOR)
    taken = ban(person, moderator)
    decide(texts[0], Decision(Verb.APPROVE, moderator), version=texts[0].version)
    lifted = ladder.lift(taken.measure, by=moderator, put_back=True)
    assert (lifted.back, lifted.left) == (1, 1)
    assert [one.status for one in texts] == ["approved", "pending"]


def test_lifting_alone_puts_nothing_back() -> None:
    person, (text,) = guest_with(Status.PENDING)
    moderator = make_account(Role.MODERATOR)
    taken = ban(person, moderator)
    assert ladder.lift(taken.measure, by=moderator, put_back=False) == ladder.Lifted()
    assert text.status == Status.REJECTED


def test_a_flood_is_rejected_and_put_back_in_parts_by_the_desks_own_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ladder, "AT_ONCE", 2)
    person, texts = guest_with(*[Status.PENDING] * 3)
    moderator = make_account(Role.MODERATOR)
    taken = ban(person, moderator)
    assert taken.batch is not None
    assert (taken.rejected, taken.batch.total, texts[0].status) == (0, 3, Status.PENDING)
    with pytest.raises(BatchRuns):
        ladder.lift(taken.measure, by=moderator, put_back=True)
    db.session.rollback()


def test_what_a_job_rejected_another_puts_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "AT_ONCE", 2)
    person, texts = guest_with(*[Status.PENDING] * 3)
    moderator = make_account(Role.MODERATOR)
    taken = ban(person, moderator)
    assert taken.batch is not None
    batches.run_part(taken.batch.id)
    assert {one.status for one in texts} == {Status.REJECTED}
    lifted = ladder.lift(taken.measure, by=moderator, put_back=True)
    assert lifted.batch is not None
    batches.run_part(lifted.batch.id)
    assert {one.status for one in texts} == {Status.PENDING}


@pytest.mark.parametrize("kind", list(MeasureKind))
def test_p05_a_moderator_of_some_sections_binds_nobody_on_the_whole_site(
    kind: MeasureKind,
) -> None:
    moderator = make_account(Role.MODERATOR)
    sections.limit(moderator, [make_tag().id], by=make_account(Role.ADMIN))
    person, _ = guest_with(Status.PENDING)
    step = Step(kind, About(address=person.address), "Why.", clock.now() + timedelta(days=1))
    if kind in (MeasureKind.NOTE, MeasureKind.WARN):
        assert ladder.take(step, person, by=moderator, seat=None).measure.id
        return
    with pytest.raises(errors.NotYours):
        ladder.take(step, person, by=moderator, seat=None)
    taken = ladder.take(step, person, by=make_account(Role.MODERATOR), seat=None)
    with pytest.raises(errors.NotYours):
        ladder.lift(taken.measure, by=moderator, put_back=False)


def test_everything_that_reaches_a_person_is_listed_newest_first() -> None:
    account, moderator = make_account(email="bo@shop.example"), make_account(Role.MODERATOR)
    make_comment(account=account, network="203.0.113.0/24")
    abouts = [
        About(account=account),
        About(address=account.address),
        About(pattern="*@shop.example"),
        About(network="203.0.113.0/24"),
        About(pattern="*@other.example"),
        About(network="198.51.100.0/24"),
        About(account=make_account()),
    ]
    made = [services.take(MeasureKind.HOLD, one, reason="Why.", by=moderator) for one in abouts]
    person = persons.find_of_account(account.id)
    assert person is not None
    assert ladder.measures_about(person) == made[3::-1]
    services.lift(made[0], moderator)
    services.lift(made[2], moderator)
    assert ladder.measures_about(person) == [made[3], made[1], made[0]]
