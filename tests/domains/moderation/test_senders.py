"""What the desk knows of the people behind a page of texts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures.models import Measure
from app.domains.measures.states import MeasureKind
from app.domains.moderation.people.senders import SenderRecord, sender_records
from app.infra import clock
from app.infra.db import db
from tests.factories import make_account, make_address, make_article, make_comment
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")


def measure(kind: str, **about: Any) -> Measure:
    made = Measure(kind=kind, by_name="Ruth", **about)
    db.session.add(made)
    db.session.commit()
    return made


def record_of(comment: Comment) -> SenderRecord:
    return sender_records([comment])[comment.id]


def test_texts_are_counted_by_what_became_of_them() -> None:
    address, article = make_address(), make_article()
    for status in (Status.APPROVED, Status.APPROVED, Status.REJECTED, Status.SPAM):
        make_comment(address=address, article=article, status=status)
    record = record_of(make_comment(address=address, article=article, status=Status.PENDING))
    counts = (record.approved, record.rejected, record.spam, record.waiting)
    assert counts == (2, 1, 1, 1)
    assert (record.share("approved"), record.share("spam")) == (50, 25)


def test_who_was_never_decided_on_has_no_share() -> None:
    assert record_of(make_comment(status=Status.PENDING)).share("spam") is None


def test_an_account_and_its_proven_address_are_one_person() -> None:
    person, article = make_account(), make_article()
    signed_in = make_comment(account=person, article=article)
    as_guest = make_comment(address=person.address, article=article, status=Status.SPAM)
    records = sender_records([signed_in, as_guest])
    names = {(record.kind, record.id) for record in records.values()}
    assert names == {("account", person.id)}
    assert {(record.approved, record.spam) for record in records.values()} == {(1, 1)}


def test_an_account_that_only_claims_an_address_is_somebody_else() -> None:
    claimant, article = make_account(proven=False), make_article()
    signed_in = make_comment(account=claimant, article=article)
    as_guest = make_comment(address=claimant.address, article=article, status=Status.SPAM)
    records = sender_records([signed_in, as_guest])
    assert (records[signed_in.id].kind, records[signed_in.id].spam) == ("account", 0)
    assert (records[as_guest.id].kind, records[as_guest.id].approved) == ("address", 0)


def test_notes_are_counted_and_what_is_in_force_is_named() -> None:
    person = make_account()
    measure(MeasureKind.NOTE, account_id=person.id)
    hold = measure(MeasureKind.HOLD, account_id=person.id)
    measure(MeasureKind.BAN, account_id=person.id, lifted_at=clock.now())
    record = record_of(make_comment(account=person))
    assert (record.notes, record.in_force) == (1, (hold,))


def test_patterns_and_networks_that_reach_a_text_are_named() -> None:
    pattern = measure(MeasureKind.BAN, pattern="*@shop.example")
    network = measure(MeasureKind.HOLD, network="203.0.113.0/24")
    measure(MeasureKind.BAN, pattern="*@other.example")
    address = make_address("offers@shop.example")
    record = record_of(make_comment(address=address, network="203.0.113.0/24"))
    assert record.in_force == (pattern, network)


def test_a_text_without_an_address_has_no_page_behind_it() -> None:
    comment = make_comment()
    comment.address_id = None
    db.session.commit()
    record = record_of(comment)
    assert (record.kind, record.id, record.proven) == ("", 0, False)


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_of_senders_is_two_queries(
    count: int, count_queries: Callable[[], AbstractContextManager[Counted]]
) -> None:
    article = make_article()
    for number in range(count):
        account = make_account() if number % 2 else None
        make_comment(account=account, article=article)
        measure(MeasureKind.NOTE, address_id=make_address().id)
    page = list(db.session.query(Comment))
    for comment in page:
        assert comment.address is not None
        assert comment.account is None or comment.account.address is not None
    with count_queries() as counted:
        sender_records(page)
    assert counted.total == 2
