"""Passwords at the door: counted before they are looked at, hashed while no lock is held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import current_app

from app.config import Settings
from app.domains.accounts import passwords, sessions
from app.domains.accounts.errors import Crowded, HashReplaced, WrongCredentials
from app.domains.accounts.models import Account
from app.domains.accounts.sessions import Try
from app.infra.http.hosts import client_network
from app.infra.unit_of_work import unit_of_work
from app.web.accounts import known_browser

Result = TypeVar("Result")


def admit(login: str, password: str, act: Callable[[Account], Result]) -> Result:
    """Do this for the account whose name or address and password these are, in the transaction
    that ends the try. Raises TooManyTries, WrongCredentials."""
    try:
        return _admit(login, password, act)
    except HashReplaced:
        return _admit(login, password, act)


def check_own_password(account: Account, password: str) -> None:
    """Whether somebody signed in knows the password, as limited as signing in is."""
    admit(account.username, password, lambda _account: None)


def _admit(login: str, password: str, act: Callable[[Account], Result]) -> Result:
    tried, new_hash = _check(login, password)
    with unit_of_work():
        return act(sessions.close_try(tried, new_hash=new_hash))


def _check(login: str, password: str) -> tuple[Try, str | None]:
    """The try, for `sessions.close_try`, with a better hash where the stored one is outdated. An
    unknown name costs what a known one does. Opens a unit of work of its own."""
    with unit_of_work():
        tried = sessions.open_try(login, client_network(), knows=known_browser.is_of)
    known, stored, decoy = tried.is_known, tried.password_hash, tried.decoy
    try:
        found = passwords.check(stored, password, cost=_cost(), decoy=decoy, is_known=known)
        if not found.fits:
            raise WrongCredentials
        return tried, hash_password(password, is_known=known) if found.outdated else None
    except Crowded:
        with unit_of_work():
            sessions.drop_try(tried)
        raise


def hash_password(password: str, *, is_known: bool = False) -> str:
    """`is_known` where whoever asks was here before. Raises Crowded."""
    return passwords.hash_password(password, cost=_cost(), is_known=is_known)


def _cost() -> int:
    settings: Settings = current_app.extensions["settings"]
    return settings.password_cost
