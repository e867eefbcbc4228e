"""What guests wrote and was refused loses its words in time, and everything else stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.domains.accounts import mail_stops
from app.domains.accounts.models import Address
from app.domains.accounts.states import Role, Stop
from app.domains.comments import errors, mending
from app.domains.comments.models import Comment, CommentRevision
from app.domains.comments.states import Status
from app.domains.moderation import upkeep
from app.domains.moderation.acts import undoing
from app.domains.moderation.errors import NothingToUndo
from app.domains.moderation.services import Decision, Verb, decide
from app.domains.privacy import choices, loose, retention
from app.domains.screening.models import SpamLesson
from app.domains.screening.queries import learnt
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.periods import Period
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address, make_article, make_comment
from tests.support.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")
CANARY = "canary-of-a-guest"


def refused(days: float, **columns: Any) -> Comment:
    """What a guest wrote and a moderator refused so many days ago."""
    at = clock.now() - timedelta(days=days)
    columns = {"status": Status.SPAM, "decided_at": at, "created_at": at, **columns}
    return make_comment(
        f"{CANARY} buy pills", name=CANARY, address=make_address(f"{CANARY}-{days}@example.com"),
        author_url=f"https://{CANARY}.example", verdict={"words": [CANARY]},
        reject_reason=CANARY, text_key=CANARY, **columns,
    )  # fmt: skip


def everything() -> str:
    """All that texts, their earlier versions, lessons and the record hold."""
    tables = (Comment, CommentRevision, SpamLesson, AuditEntry)
    return str([db.session.execute(select(one.__table__)).all() for one in tables])


def test_a_decided_text_of_a_guest_keeps_its_words_for_ninety_days_and_then_nothing() -> None:
    moderator, text = make_account(Role.MODERATOR), refused(0, status=Status.PENDING)
    with unit_of_work():
        text = db.session.merge(text)
        mending.edit(text, f"{CANARY} and more", title="", by=moderator, version=1)
        decide(text, Decision(Verb.SPAM, moderator), version=text.version)
    assert learnt() == (0, 1)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()

    text.decided_at = text.created_at = clock.now() - timedelta(days=89, hours=23)
    db.session.commit()
    assert retention.forget_refused() == 0
    text.decided_at = clock.now() - timedelta(days=90, minutes=1)
    db.session.commit()
    assert retention.forget_refused() == 1
    assert retention.forget_refused() == 0

    db.session.expire_all()
    assert CANARY not in everything()
    assert (text.author_name, text.address_id, text.nonce) == ("a reader", None, "")
    assert [entry.act for entry in entries] == ["edit", "spam"]
    assert learnt() == (0, 1)
    for entry in entries:
        with pytest.raises(NothingToUndo):
            undoing.undo(entry, by=moderator)
    with pytest.raises(errors.WordsForgotten):
        decide(text, Decision(Verb.APPROVE, moderator), version=text.version)
    with pytest.raises(errors.WordsForgotten):
        mending.edit(text, "New words", title="", by=moderator, version=text.version)


def test_what_is_published_waits_or_is_of_a_member_keeps_its_words() -> None:
    kept = [
        refused(200, status=Status.APPROVED),
        refused(201, status=Status.PENDING),
        refused(202, account=make_account()),
    ]
    gone = [refused(203 + place, status=status) for place, status in enumerate(
        (Status.REJECTED, Status.SPAM, Status.WITHDRAWN, Status.DELETED)
    )]  # fmt: skip
    retention.forget_refused()
    db.session.expire_all()
    assert all(CANARY in one.source for one in kept)
    assert [one.source for one in gone] == [""] * 4
    assert all(one.forgotten_at for one in gone)


def test_a_turn_goes_in_parts_and_another_follows(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "PIECE", 2)
    monkeypatch.setattr(retention, "MOST_PIECES", 2)
    for number in range(5):
        refused(100 + number)
    retention.run(Job(kind=retention.JOB))
    left = select(Comment.id).where(Comment.forgotten_at.is_(None))
    assert len(db.session.scalars(left).all()) == 1
    (following,) = db.session.scalars(select(Job).where(Job.kind == retention.JOB))
    retention.run(following)
    assert db.session.scalars(left).all() == []
    assert retention.JOB in app.extensions["periods"]


def test_a_site_that_promises_less_forgets_sooner() -> None:
    text = refused(31, network="203.0.113.0/24")
    with unit_of_work():
        days = {Period.NETWORKS: 2, Period.REFUSED: 30}
        choices.change(choices.Choices(days=days), by=make_account(Role.ADMIN))
    assert retention.forget_refused() == 1
    text = make_comment(network="203.0.113.0/24", created_at=clock.now() - timedelta(days=3))
    assert upkeep.forget_old()["networks of texts"] == 1
    db.session.expire_all()
    assert text.network is None


def test_a_question_to_somebody_outside_holds_an_address_for_a_day_after_its_answer() -> None:
    ago = {hours: clock.now() - timedelta(hours=hours) for hours in (23, 25, 24 * 31)}
    kind, address = "screening.opinion", {"address": "203.0.113.7"}
    db.session.add_all(
        [
            Job(kind=kind, payload=address, done_at=ago[23]),
            Job(kind=kind, payload=address, done_at=ago[25]),
            Job(kind=kind, payload=address, failed_at=ago[24 * 31]),
        ]
    )
    make_article()
    assert upkeep.forget_old()["questions to others"] == 2
    assert [job.done_at for job in db.session.scalars(select(Job))] == [ago[23]]


def test_an_address_that_nothing_hangs_on_is_forgotten_a_month_after_it_was_typed() -> None:
    """So readers are told: a guest whose refused text was forgotten leaves no address behind."""
    text = refused(91, status=Status.REJECTED)
    loose, young = text.address_id, make_address(f"{CANARY}-young@example.com").id
    used = make_comment(address=make_address("used@example.com")).address_id
    has_account = make_account().address_id
    a_year_ago = clock.now() - timedelta(days=366)
    with unit_of_work():
        mail_stops.stop(db.session.get_one(Address, loose), Stop.HARD, "550 no such mailbox")
    db.session.execute(update(Address).where(Address.id != young).values(created_at=a_year_ago))
    db.session.commit()
    retention.run(Job(kind=retention.JOB, payload={}))
    db.session.expire_all()
    kept = {one.id for one in db.session.scalars(select(Address)) if "@" in one.email}
    assert loose not in kept
    assert {young, used, has_account} <= kept
    emails = db.session.scalars(select(Address.email + Address.email_key)).all()
    assert f"{CANARY}-91" not in str(emails)


def test_an_address_in_use_costs_no_statement() -> None:
    counted = []
    for _ in range(2):
        make_account()
        db.session.execute(update(Address).values(created_at=clock.now() - timedelta(days=366)))
        db.session.commit()
        loose.forget_addresses()
        with count_queries() as look:
            assert loose.forget_addresses() == 0
        counted.append(look.total)
    assert counted == [1, 1]
