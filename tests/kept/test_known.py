"""What each process knows by heart of what texts are measured by, and when it reads it again."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import TypeVar

import pytest
from flask import Flask

from app.domains.accounts import queries as accounts
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.measures import queries as measures
from app.domains.measures.models import Measure
from app.domains.measures.states import MeasureKind
from app.domains.screening import rules
from app.domains.screening.models import Rule
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.queries import count_queries

Value = TypeVar("Value")
SPAMMER = "anybody@spam.example", None


@pytest.fixture
def other(make_app: Callable[..., Flask], app: Flask) -> Flask:
    """Another process on the same database; `app` is the one."""
    return make_app()


def there(other: Flask, act: Callable[[], Value]) -> Value:
    """What the other process finds in a transaction of its own."""

    def found() -> Value:
        with other.app_context():
            return act()

    return Context().run(found)


def ban(**about: str) -> Measure:
    made = Measure(kind=MeasureKind.BAN, by_name="Desk", **about)
    db.session.add(made)
    return made


def is_shut_out() -> bool:
    return measures.reach_many(*SPAMMER)


def test_a_ban_that_is_made_here_holds_there_at_once(app: Flask, other: Flask) -> None:
    assert not there(other, is_shut_out)

    with unit_of_work():
        ban(pattern="*@spam.example")
    assert there(other, is_shut_out)

    with unit_of_work():
        db.session.query(Measure).delete()
    assert not there(other, is_shut_out)


def test_a_network_that_is_shut_out_here_is_shut_out_there_at_once(
    app: Flask, other: Flask
) -> None:
    assert not there(other, lambda: measures.reach_many("", "203.0.113.9"))

    with unit_of_work():
        ban(network="203.0.113.0/24")

    assert there(other, lambda: measures.reach_many("", "203.0.113.9"))


def test_whoever_is_made_staff_here_cannot_be_imitated_there(app: Flask, other: Flask) -> None:
    account_id = factories.make_account(Role.READER, name="Wanda Winter").id
    db.session.commit()
    assert not there(other, lambda: accounts.name_looks_like_staff("Wanda Winter"))

    with unit_of_work():
        db.session.get_one(Account, account_id).role = Role.MODERATOR

    assert there(other, lambda: accounts.name_looks_like_staff("Wanda Winter"))


def test_a_transaction_reads_what_it_changed_itself(app: Flask) -> None:
    assert not is_shut_out()
    with unit_of_work():
        assert not is_shut_out()
        ban(pattern="*@spam.example")
        assert is_shut_out()


def test_what_was_rolled_back_is_known_to_nobody(app: Flask, other: Flask) -> None:
    with pytest.raises(RuntimeError, match="half-way"), unit_of_work():
        ban(pattern="*@spam.example")
        assert is_shut_out()
        raise RuntimeError("half-way")

    assert not is_shut_out()
    assert not there(other, is_shut_out)


def test_a_rule_that_many_at_once_were_changed_with_is_read_again(app: Flask, other: Flask) -> None:
    factories.make_rule("Gambling", live=True)
    db.session.commit()
    assert len(there(other, rules.live_rules)) == 1

    with unit_of_work():
        db.session.query(Rule).update({"is_live": False})

    assert there(other, rules.live_rules) == ()


def test_what_is_known_costs_one_statement_in_a_transaction(app: Flask) -> None:
    rules.live_rules(), is_shut_out(), accounts.name_looks_like_staff("Anna")
    db.session.rollback()

    with count_queries() as counted:
        rules.live_rules(), is_shut_out(), accounts.name_looks_like_staff("Anna")

    assert counted.total == 1, counted
