"""What is in force against somebody who writes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from app.domains.measures.models import Measure
from app.domains.measures.queries import Standing, standing
from app.domains.measures.states import MeasureKind
from app.infra import clock
from app.infra.db import db
from tests.factories import make_account, make_address
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")

HERE = "203.0.113.77"


def measure(kind: str = MeasureKind.BAN, **about: Any) -> Measure:
    made = Measure(kind=kind, by_name="Ruth", **about)
    db.session.add(made)
    db.session.commit()
    return made


def stands(
    account_id: int | None = None,
    address_id: int | None = None,
    email: str = "reader@example.com",
    machine: str | None = HERE,
) -> Standing:
    return standing(account_id=account_id, address_id=address_id, email=email, machine=machine)


def test_nobody_stands_under_anything_at_first() -> None:
    assert stands() == Standing(None, None)


def test_a_ban_of_an_address_shuts_it_out() -> None:
    address = make_address()
    ban = measure(address_id=address.id)
    assert stands(address_id=address.id).shut_out == ban
    assert stands(address_id=make_address().id).shut_out is None


def test_a_pattern_reaches_new_addresses() -> None:
    ban = measure(pattern="*@spam.example")
    assert stands(email="New@Spam.example").shut_out == ban
    assert stands(email="").shut_out is None


@pytest.mark.parametrize("machine", [HERE, "::ffff:203.0.113.9"])
def test_a_network_reaches_the_machines_in_it(machine: str) -> None:
    ban = measure(network="203.0.113.0/24")
    assert stands(machine=machine).shut_out == ban
    assert stands(machine="203.0.114.77").shut_out is None
    assert stands(machine=None).shut_out is None


def test_signing_out_gets_round_no_ban() -> None:
    person = make_account()
    ban = measure(account_id=person.id)
    assert stands(address_id=person.address_id).shut_out == ban


def test_signing_up_with_a_proven_address_gets_round_no_ban() -> None:
    person = make_account()
    ban = measure(address_id=person.address_id)
    assert stands(account_id=person.id).shut_out == ban


def test_an_account_that_only_claims_an_address_brings_no_ban_on_it() -> None:
    claimant = make_account(proven=False)
    measure(account_id=claimant.id)
    assert stands(address_id=claimant.address_id).shut_out is None


def test_a_hold_holds_and_shuts_nobody_out() -> None:
    person = make_account()
    hold = measure(MeasureKind.HOLD, account_id=person.id)
    assert stands(account_id=person.id) == Standing(None, hold)


@pytest.mark.parametrize("kind", [MeasureKind.NOTE, MeasureKind.WARN])
def test_notes_and_warnings_stop_nobody(kind: str) -> None:
    person = make_account()
    measure(kind, account_id=person.id)
    assert stands(account_id=person.id) == Standing(None, None)


def test_what_is_lifted_or_over_does_not_count() -> None:
    person = make_account()
    now = clock.now()
    measure(account_id=person.id, lifted_at=now)
    measure(MeasureKind.SUSPEND, account_id=person.id, until=now - timedelta(seconds=1))
    assert stands(account_id=person.id) == Standing(None, None)


def test_a_wider_measure_never_weakens_a_narrower_one() -> None:
    person = make_account()
    ban = measure(account_id=person.id)
    hold = measure(MeasureKind.HOLD, pattern="*@example.com")
    measure(MeasureKind.SUSPEND, network="203.0.113.0/24", until=clock.now() + timedelta(days=1))
    assert stands(account_id=person.id) == Standing(ban, hold)


def test_of_two_suspensions_the_longer_is_told() -> None:
    person = make_account()
    now = clock.now()
    measure(MeasureKind.SUSPEND, account_id=person.id, until=now + timedelta(days=1))
    longer = measure(MeasureKind.SUSPEND, account_id=person.id, until=now + timedelta(days=9))
    assert stands(account_id=person.id).shut_out == longer


def test_staff_are_exempt() -> None:
    moderator = make_account("moderator")
    measure(network="203.0.113.0/24")
    assert stands(account_id=moderator.id) == Standing(None, None)


def test_it_is_one_query(count_queries: Callable[[], AbstractContextManager[Counted]]) -> None:
    person = make_account()
    for number in range(5):
        measure(pattern=f"*@{number}.example")
    ids = person.id, person.address_id
    with count_queries() as counted:
        stands(*ids)
    assert counted.total == 1
