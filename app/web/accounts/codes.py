"""Codes of the second step at the door: counted before they are looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.domains.accounts import queries
from app.domains.accounts.errors import TooManyTries
from app.domains.accounts.factors import proof
from app.domains.accounts.factors import services as factors
from app.domains.accounts.models import Account
from app.infra.http.hosts import client_network
from app.infra.unit_of_work import unit_of_work
from app.web.accounts import known_browser

Result = TypeVar("Result")


def admit_code(account_id: int, typed: str, act: Callable[[Account], Result]) -> Result:
    """Do this for the account whose code this is, in the transaction that uses the code up; in
    units of work of its own. Raises TooManyTries, WrongCode."""
    try:
        with unit_of_work():
            is_known = known_browser.is_of(queries.get_account(account_id))
            tried = proof.open_try(account_id, client_network(), is_known=is_known)
    except TooManyTries:
        with unit_of_work():
            proof.tell_of_guesses(queries.get_account(account_id))
        raise
    with unit_of_work():
        factors.wait_turn(account_id)
        account = queries.get_account(account_id)
        proof.use(account, typed, tried)
        return act(account)
