"""The commands that make staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import passwords, queries
from app.domains.accounts.models import Account
from app.infra.db import db
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser

GOOD = "eleven patient otters in a row"


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """`run("list")` is `flask --app wsgi accounts list`."""

    def call(*arguments: str, typed: str | None = None) -> Result:
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["accounts", *arguments], input=typed)
        db.session.rollback()
        return result

    return call


def create(run: Callable[..., Result], *more: str, typed: str | None = None) -> Result:
    fields = ("--role", "moderator", "--name", "Tomasz W", "--email", "t@example.com")
    return run("create", *fields, *more, typed=typed)


def test_a14_staff_are_made_on_the_command_line(
    client: Browser, run: Callable[..., Result]
) -> None:
    result = create(run, "--password", GOOD)
    assert result.exit_code == 0, result.output
    account = db.session.scalars(select(Account)).one()
    assert (account.role, account.username, account.is_proven) == ("moderator", "tomasz-w", True)
    assert GOOD not in result.output
    client.submit("/sign-in", email="tomasz-w", password=GOOD)
    assert client.get("/account/").status_code == 200


def test_the_password_is_asked_for_twice_and_not_shown(run: Callable[..., Result]) -> None:
    result = create(run, typed=f"{GOOD}\n{GOOD}\n")
    assert result.exit_code == 0, result.output
    assert GOOD not in result.output
    stored = db.session.scalars(select(Account.password_hash)).one()
    assert passwords.check(stored, GOOD, cost=1).fits


def test_a_generated_password_is_printed_once_and_fits(run: Callable[..., Result]) -> None:
    result = create(run, "--generate")
    printed = result.output.split("Password: ")[1].split("\n")[0]
    stored = db.session.scalars(select(Account.password_hash)).one()
    assert passwords.check(stored, printed, cost=1).fits


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--password", "password1"), "guesser"),
        (("--password", GOOD, "--email", "nonsense"), "not an e-mail address"),
        (("--password", GOOD, "--name", "\u200b"), "can be seen"),
        (("--password", GOOD, "--name", "Anna"), "taken"),
        (("--password", GOOD, "--email", "anna@example.com"), "belongs to an account"),
        (("--password", GOOD, "--role", "king"), "king"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line(
    run: Callable[..., Result], arguments: tuple[str, ...], words: str
) -> None:
    make_account(name="Anna", email="anna@example.com")
    result = create(run, *arguments)
    assert result.exit_code != 0
    assert words in result.output
    assert "Traceback" not in result.output
    assert len(queries.all_accounts()) == 1


def test_a03_a_role_changed_on_the_command_line_signs_out(
    run: Callable[..., Result], as_: Callable[[Account], Browser]
) -> None:
    browser = as_(make_account(username="anna"))
    assert run("role", "anna", "author").exit_code == 0
    assert browser.get("/account/").status_code == 302
    assert [account.role for account in queries.all_accounts()] == ["author"]


def test_a03_a_disabled_account_is_out_and_stays_out(
    run: Callable[..., Result], as_: Callable[[Account], Browser], client: Browser
) -> None:
    browser = as_(make_account(username="anna", email="anna@example.com"))
    assert run("disable", "anna@example.com").exit_code == 0
    assert browser.get("/account/").status_code == 302
    assert client.submit("/sign-in", email="anna", password=PASSWORD).status_code == 422
    assert run("enable", "anna").exit_code == 0
    assert client.submit("/sign-in", email="anna", password=PASSWORD).status_code == 302


def test_a03_a_password_set_on_the_command_line_signs_out(
    run: Callable[..., Result], as_: Callable[[Account], Browser]
) -> None:
    browser = as_(make_account(username="anna"))
    assert run("password", "anna", "--password", GOOD).exit_code == 0
    assert browser.get("/account/").status_code == 302


def test_the_list_names_everybody_and_no_secret(run: Callable[..., Result]) -> None:
    make_account("author", username="marta", email="marta@example.com")
    make_account(username="anna", disabled=True)
    lines = run("list").output.splitlines()
    assert len(lines) == 2
    assert "marta@example.com" in lines[0]
    assert lines[1].endswith("disabled")
    assert "argon2" not in "".join(lines)


@pytest.mark.one_database
def test_nobody_is_nobody(run: Callable[..., Result]) -> None:
    for arguments in (("role", "x", "admin"), ("disable", "x"), ("password", "x", "--generate")):
        result = run(*arguments)
        assert result.exit_code == 1
        assert "There is no account 'x'" in result.output
