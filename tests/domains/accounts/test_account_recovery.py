"""Sessions that end at once, and links that set a new password."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.domains.accounts import mailed_links, queries, recovery, sessions
from app.domains.accounts.errors import LinkUsedUp, TooManyTries
from app.domains.accounts.events import PasswordChanged, PasswordResetAsked
from app.domains.accounts.models import Account, LoginSession, MailedLink
from app.infra import tokens
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("app")


def ask(email: str) -> str | None:
    """Ask for a link and give the secret that its mail would carry."""
    with unit_of_work():
        recovery.request_reset(email)
    newest = db.session.scalar(select(MailedLink).order_by(MailedLink.id.desc()).limit(1))
    return recovery.reset_secret(newest.id) if newest else None


def sign_in(account: Account) -> str:
    with unit_of_work():
        return sessions.start_session(account)


def is_dead(secret: str) -> bool:
    try:
        recovery.account_of_link(secret)
    except LinkUsedUp:
        return True
    return False


def test_a_link_opens_the_account_that_it_was_asked_for(told: list[object]) -> None:
    account = make_account(email="anna@example.com")
    make_account(email="other@example.com")
    secret = ask("ANNA@example.com")
    assert secret is not None
    assert recovery.account_of_link(secret).id == account.id
    assert len(told) == 1
    assert isinstance(told[0], PasswordResetAsked)


def test_a11_what_is_stored_does_not_open_anything() -> None:
    make_account(email="anna@example.com")
    secret = ask("anna@example.com")
    assert secret is not None
    assert len(secret) * 4 >= 128
    link = db.session.scalars(select(MailedLink)).one()
    assert link.fingerprint == tokens.fingerprint(secret)
    assert is_dead(link.fingerprint)


def test_a11_a_link_works_once_and_proves_the_account(told: list[object]) -> None:
    account = make_account(email="anna@example.com", proven=False)
    secret = ask("anna@example.com")
    assert secret is not None
    session = sign_in(account)
    with unit_of_work():
        recovery.reset_password(secret, "new")
    assert account.password_hash == "new"
    assert account.is_proven
    assert queries.find_session(session) is None
    assert told[-1] == PasswordChanged(account.id)
    with unit_of_work(), pytest.raises(LinkUsedUp):
        recovery.reset_password(secret, "newer")


def test_a11_of_two_who_use_a_link_at_once_one_sets_the_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = make_account(email="anna@example.com")
    before = account.password_hash
    secret = ask("anna@example.com")
    assert secret is not None
    look = mailed_links.open_link

    def look_too_early(purpose: mailed_links.Purpose, key: str) -> tuple[MailedLink, Account]:
        """Somebody else uses the link between this look at it and what follows."""
        found = look(purpose, key)
        mailed_links.use(found[0])
        return found

    monkeypatch.setattr(mailed_links, "open_link", look_too_early)
    with pytest.raises(LinkUsedUp), unit_of_work():
        recovery.reset_password(secret, "new")
    db.session.refresh(account)
    assert account.password_hash == before


def test_a11_a_link_lives_an_hour(clock: time_machine.Traveller) -> None:
    make_account(email="anna@example.com")
    secret = ask("anna@example.com")
    assert secret is not None
    clock.shift(timedelta(minutes=59))
    assert not is_dead(secret)
    clock.shift(timedelta(minutes=1))
    assert is_dead(secret)


def test_d08_a_link_from_the_future_is_dead(clock: time_machine.Traveller) -> None:
    make_account(email="anna@example.com")
    secret = ask("anna@example.com")
    assert secret is not None
    clock.shift(-timedelta(hours=1))
    assert is_dead(secret)


def test_a11_a_link_dies_with_the_password_even_where_nobody_marked_it() -> None:
    account = make_account(email="anna@example.com")
    secret = ask("anna@example.com")
    assert secret is not None
    account.password_hash = "another"
    db.session.commit()
    assert is_dead(secret)


def test_a11_a_link_dies_with_the_address() -> None:
    account = make_account(email="anna@example.com")
    secret = ask("anna@example.com")
    assert secret is not None
    account.address.email_key = "berg@example.com"
    db.session.commit()
    assert is_dead(secret)


def test_a11_changing_the_password_uses_up_every_link() -> None:
    account = make_account(email="anna@example.com")
    secrets = [ask("anna@example.com"), ask("anna@example.com")]
    with unit_of_work():
        recovery.change_password(account, "another")
    assert all(secret is not None and is_dead(secret) for secret in secrets)


def test_a_disabled_account_gets_no_link(told: list[object]) -> None:
    make_account(email="anna@example.com", disabled=True)
    assert ask("anna@example.com") is None
    assert ask("nobody@example.com") is None
    assert told == []


def test_s15_at_most_five_links_a_day_are_mailed_to_an_address(told: list[object]) -> None:
    make_account(email="anna@example.com")
    for _ in range(8):
        ask("anna@example.com")
    assert len(told) == 5


def test_a06_a_new_password_opens_the_lock_on_the_account() -> None:
    account = make_account(username="anna", email="anna@example.com")
    for number in range(10):
        with unit_of_work():
            sessions.open_try("anna", f"192.0.2.{number}")
    with unit_of_work(), pytest.raises(TooManyTries):
        sessions.open_try("anna", "198.51.100.1")
    secret = ask("anna@example.com")
    assert secret is not None
    with unit_of_work():
        recovery.reset_password(secret, "new")
        assert sessions.open_try("anna", "198.51.100.1").account_id == account.id


def test_a_session_ends_where_it_is_ended_and_nowhere_else() -> None:
    account = make_account()
    first, second, third = (sign_in(account) for _ in range(3))
    with unit_of_work():
        sessions.end_session(first)
    assert queries.find_session(first) is None
    with unit_of_work():
        sessions.end_other_sessions(account, keep=second)
    assert queries.find_session(second) is not None
    assert queries.find_session(third) is None


def test_sessions_of_others_are_spared() -> None:
    one, other = make_account(), make_account()
    theirs = sign_in(other)
    with unit_of_work():
        sessions.end_other_sessions(one, keep=None)
    assert queries.find_session(theirs) is not None


def test_a04_a_session_ends_after_thirty_days_and_its_row_goes_with_the_next(
    clock: time_machine.Traveller,
) -> None:
    account = make_account()
    secret = sign_in(account)
    clock.shift(timedelta(days=30))
    assert queries.find_session(secret) is None
    assert list(queries.sessions_of(account)) == []
    sign_in(account)
    assert len(db.session.scalars(select(LoginSession)).all()) == 1


def test_a_session_is_stored_as_a_fingerprint() -> None:
    secret = sign_in(make_account())
    stored = db.session.scalars(select(LoginSession.fingerprint)).one()
    assert stored == tokens.fingerprint(secret)
    assert queries.find_session(stored) is None
