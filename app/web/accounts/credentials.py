"""Passwords at the door: counted before they are looked at, hashed while no lock is held."""

from __future__ import annotations

from flask import current_app

from app.config import Settings
from app.domains.accounts import passwords, sessions
from app.domains.accounts.errors import WrongCredentials
from app.domains.accounts.models import Account
from app.domains.accounts.sessions import Try
from app.infra.http.hosts import client_network
from app.infra.unit_of_work import unit_of_work


def check_credentials(login: str, password: str) -> tuple[Try, str | None]:
    """Whether the password fits the name or address, for `sessions.close_try` to act on, with a
    better hash where the stored one is outdated. An unknown name costs what a known one does.

    Opens a unit of work of its own. Raises TooManyTries, WrongCredentials.
    """
    with unit_of_work():
        tried = sessions.open_try(login, client_network())
    found = passwords.check(tried.password_hash, password, cost=_cost())
    if not found.fits:
        raise WrongCredentials
    return tried, hash_password(password) if found.outdated else None


def check_own_password(account: Account, password: str) -> None:
    """Whether somebody signed in knows the password, as limited as signing in is."""
    login = account.username
    tried, new_hash = check_credentials(login, password)
    with unit_of_work():
        sessions.close_try(tried, new_hash=new_hash)


def hash_password(password: str) -> str:
    return passwords.hash_password(password, cost=_cost())


def _cost() -> int:
    settings: Settings = current_app.extensions["settings"]
    return settings.password_cost
