"""Who has a question too, when a guest becomes an account or an account's address changes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domains.accounts.events import AccountConfirmed, AccountMoved
from app.domains.accounts.models import Account, Address
from app.domains.comments import me_too
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment, MeToo
from app.infra.db import db
from app.infra.events import record
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address, make_question

pytestmark = pytest.mark.usefixtures("app")


def say(question: Comment, *, account: Account | None = None, address: Address) -> None:
    account_id, proven = account.id if account else None, frozenset({address.id})
    with unit_of_work():
        found = db.session.get(Account, account_id) if account_id else None
        assert me_too.say(db.session.get_one(Comment, question.id), Person(found, proven))


def happen(event: object) -> None:
    with unit_of_work():
        record(event)


def rows() -> list[tuple[int | None, int | None]]:
    db.session.expire_all()
    found = db.session.scalars(select(MeToo).order_by(MeToo.id))
    return [(row.account_id, row.address_id) for row in found]


def test_what_a_guest_has_too_the_account_has_when_it_is_claimed() -> None:
    question, account = make_question(), make_account(proven=False)
    say(question, address=account.address)
    happen(AccountConfirmed(account.id))
    assert rows() == [(account.id, account.address_id)]
    assert db.session.get_one(Comment, question.id).people_waiting == 2


def test_nobody_has_a_question_too_that_turns_out_to_be_their_own() -> None:
    account = make_account(proven=False)
    question = make_question(account=account)
    db.session.add(MeToo(comment_id=question.id, address_id=account.address_id))
    question.people_waiting = 2
    db.session.commit()
    happen(AccountConfirmed(account.id))
    assert rows() == []
    assert db.session.get_one(Comment, question.id).people_waiting == 1


def test_who_said_it_with_both_addresses_counts_once_when_they_become_one() -> None:
    both, before, after = make_question(), make_question(), make_question()
    account, new = make_account(), make_address(proven=True)
    old = account.address
    for question in (both, before):
        say(question, account=account, address=old)
    for question in (both, after):
        say(question, address=new)
    account.address = new
    db.session.commit()
    happen(AccountMoved(old.id, new.id))
    assert rows() == [(account.id, new.id)] * 3
    assert [
        db.session.get_one(Comment, one.id).people_waiting for one in (both, before, after)
    ] == [2, 2, 2]
