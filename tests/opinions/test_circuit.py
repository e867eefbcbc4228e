"""After five failures in a row nobody calls for five minutes, whichever process failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.infra.outside import circuit
from tests.support.client import elsewhere
from tests.support.queries import count_queries

pytestmark = pytest.mark.usefixtures("app")


def fail(times: int) -> None:
    for _ in range(times):
        assert circuit.may_call()
        circuit.failed()


def test_four_failures_leave_it_closed(clock: time_machine.Traveller) -> None:
    fail(4)
    assert circuit.may_call()


def test_the_fifth_failure_opens_it_for_five_minutes(clock: time_machine.Traveller) -> None:
    fail(5)
    assert not circuit.may_call()
    clock.shift(timedelta(minutes=4, seconds=59))
    assert not circuit.may_call()
    clock.shift(timedelta(seconds=1))
    assert circuit.may_call()


def test_only_failures_in_a_row_count(clock: time_machine.Traveller) -> None:
    fail(4)
    circuit.answered()
    fail(4)
    assert circuit.may_call()


def test_when_its_time_is_over_one_call_goes_through(clock: time_machine.Traveller) -> None:
    fail(5)
    clock.shift(timedelta(minutes=5))
    assert [circuit.may_call() for _ in range(3)] == [True, False, False]


def test_an_answer_to_that_one_closes_it(clock: time_machine.Traveller) -> None:
    fail(5)
    clock.shift(timedelta(minutes=5))
    assert circuit.may_call()
    circuit.answered()
    fail(4)
    assert circuit.may_call()


def test_a_failure_of_that_one_opens_it_again(clock: time_machine.Traveller) -> None:
    fail(5)
    clock.shift(timedelta(minutes=5))
    assert circuit.may_call()
    circuit.failed()
    clock.shift(timedelta(minutes=4))
    assert not circuit.may_call()


def test_the_one_that_tried_and_died_is_followed_by_another(clock: time_machine.Traveller) -> None:
    fail(5)
    clock.shift(timedelta(minutes=5))
    assert circuit.may_call()
    clock.shift(timedelta(minutes=5))
    assert circuit.may_call()


def test_another_process_knows_it_too(app: Flask, clock: time_machine.Traveller) -> None:
    def may_call_there() -> bool:
        with app.app_context():
            return circuit.may_call()

    fail(5)
    assert not elsewhere(may_call_there)


def test_a_call_that_goes_well_writes_nothing(clock: time_machine.Traveller) -> None:
    with count_queries() as counted:
        circuit.may_call()
        circuit.answered()
    assert [one for one in counted.statements if not one.startswith("SELECT")] == []
