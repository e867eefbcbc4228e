"""Claiming and proving addresses, signing up, roles."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.domains.accounts import queries, services, sessions
from app.domains.accounts.errors import EmailTaken, NameTaken, NoSuchAccount, UnfitEmail
from app.domains.accounts.events import AddressClaimed, SignUpOnKnownAddress
from app.domains.accounts.models import Account, Address
from app.domains.accounts.services import Proof
from app.domains.accounts.states import Role
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address

pytestmark = pytest.mark.usefixtures("app")


def register(name: str, email: str) -> Account | None:
    with unit_of_work():
        return services.register(name=name, email=email, password_hash="x")


def test_an_address_claimed_twice_is_one_address() -> None:
    with unit_of_work():
        first = services.claim_address("Anna@example.com")
        second = services.claim_address("anna@EXAMPLE.com ")
    assert first.id == second.id
    assert (first.email, first.is_proven) == ("Anna@example.com", False)


def test_p11_what_no_database_takes_cannot_be_claimed() -> None:
    for email in ("a\x00@example.com", "\ud800@example.com", ""):
        with unit_of_work(), pytest.raises(UnfitEmail):
            services.claim_address(email)


def test_a11_a_key_proves_its_own_address_only() -> None:
    mine, other = make_address(), make_address()
    key = services.proof_key(mine)
    assert services.check_proof(mine, key) is Proof.FITS
    assert services.check_proof(other, key) is Proof.WRONG
    for made_up in ("", "-", key[:-1], key.partition("-")[2], "0-" + key.partition("-")[2]):
        assert services.check_proof(mine, made_up) is Proof.WRONG


def test_a11_a_key_is_worth_an_hour(clock: time_machine.Traveller) -> None:
    address = make_address()
    key = services.proof_key(address)
    clock.shift(timedelta(minutes=59))
    assert services.check_proof(address, key) is Proof.FITS
    clock.shift(timedelta(minutes=2))
    assert services.check_proof(address, key) is Proof.LATE


def test_d08_a_clock_that_was_set_back_makes_no_key_live_longer(
    clock: time_machine.Traveller,
) -> None:
    address = make_address()
    key = services.proof_key(address)
    clock.shift(-timedelta(hours=1))
    assert services.check_proof(address, key) is Proof.LATE


def test_a11_a_key_is_used_up_by_proving() -> None:
    address = make_address()
    key = services.proof_key(address)
    with unit_of_work():
        services.prove_address(address)
    assert address.is_proven
    assert services.check_proof(address, key) is Proof.WRONG


def test_proving_again_keeps_the_first_time(clock: time_machine.Traveller) -> None:
    address = make_address(proven=True)
    first = address.proven_at
    clock.shift(60)
    with unit_of_work():
        services.prove_address(address)
    assert address.proven_at == first


def test_a_key_to_unsubscribe_outlives_a_proof_and_fits_one_topic() -> None:
    address = make_address()
    key = services.unsubscribe_key(address, "replies")
    with unit_of_work():
        services.prove_address(address)
    assert services.unsubscribe_key(address, "replies") == key
    assert services.unsubscribe_key(address, "desk") != key
    assert services.unsubscribe_key(make_address(), "replies") != key


def test_a_new_account_is_an_unproven_reader_and_gets_a_link(told: list[object]) -> None:
    account = register("Anna Berg", "anna@example.com")
    assert account is not None
    assert (account.role, account.username) == (Role.READER, "anna-berg")
    assert not account.is_proven
    assert told == [AddressClaimed(account.address_id, "sign-up")]


def test_a07_signing_up_with_a_known_address_changes_nothing_and_tells_its_owner(
    told: list[object],
) -> None:
    owner = make_account(email="anna@example.com")
    before = owner.password_hash
    assert register("Somebody Else", "Anna@Example.com") is None
    assert told == [SignUpOnKnownAddress(owner.id)]
    assert db.session.scalar(select(func.count(Account.id))) == 1
    assert owner.password_hash == before


def test_s15_a_stranger_can_have_five_mails_a_day_sent_to_an_address(
    told: list[object], clock: time_machine.Traveller
) -> None:
    make_account(email="anna@example.com")
    for number in range(8):
        register(f"Person {number}", "anna@example.com")
    assert len(told) == 5
    clock.shift(timedelta(days=1))
    register("Person 9", "anna@example.com")
    assert len(told) == 6


def test_a18_signing_up_with_an_address_that_a_guest_proved_lends_no_trust() -> None:
    """Whoever proved the address as a guest need not be who signs up with it."""
    address = make_address("anna@example.com", proven=True)
    account = register("Not Anna", "anna@example.com")
    assert account is not None
    assert account.address_id == address.id
    assert not account.is_proven


def test_a18_a_guest_who_proves_the_address_later_lends_no_trust_either() -> None:
    account = register("Not Anna", "anna@example.com")
    assert account is not None
    with unit_of_work():
        services.prove_address(account.address)
    assert not account.is_proven


def test_a14_a_fresh_site_has_no_account_and_no_address() -> None:
    assert db.session.scalar(select(func.count(Account.id))) == 0
    assert db.session.scalar(select(func.count(Address.id))) == 0


def test_staff_are_proven_and_their_making_is_recorded() -> None:
    with unit_of_work():
        account = services.create_staff(
            name="Marta Lind",
            email="marta@example.com",
            password_hash="x",
            role=Role.AUTHOR,
            bio="Coach.",
        )
    assert (account.is_staff, account.is_proven, account.address.is_proven) == (True, True, True)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.subject_id, entry.to_state) == ("create", account.id, "author")


def test_staff_take_no_name_username_or_address_of_somebody_else() -> None:
    make_account(name="Anna Berg", username="anna", email="anna@example.com")

    def create(name: str, email: str, username: str) -> None:
        with unit_of_work():
            services.create_staff(
                name=name, email=email, username=username, password_hash="x", role=Role.ADMIN
            )

    with pytest.raises(NameTaken):
        create("anna berg", "new@example.com", "new")
    with pytest.raises(NameTaken):
        create("New", "new@example.com", "Anna")
    with pytest.raises(EmailTaken):
        create("New", "ANNA@example.com", "new")


def test_a03_a_new_role_ends_every_session_and_is_recorded() -> None:
    account, admin = make_account(), make_account("admin")
    with unit_of_work():
        secret = sessions.start_session(account)
    with unit_of_work():
        services.change_role(account, Role.MODERATOR, by=admin)
    assert queries.find_session(secret) is None
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.from_state, entry.to_state) == (admin.id, "reader", "moderator")


def test_a03_a_disabled_account_loses_its_sessions_until_it_signs_in_anew() -> None:
    account = make_account()
    with unit_of_work():
        secret = sessions.start_session(account)
    with unit_of_work():
        services.disable(account)
    assert queries.find_session(secret) is None
    with unit_of_work():
        services.enable(account)
    assert account.is_active
    assert queries.find_session(secret) is None


def test_u01_a_reader_cannot_take_the_name_of_staff_later() -> None:
    make_account("author", name="Marta Lind", username="coach")
    reader = make_account(name="Anna")
    for name in ("Marta Lind", "Coach", "Admin"):
        with unit_of_work(), pytest.raises(NameTaken):
            services.change_profile(reader, name=name, bio="")


def test_a_person_may_respell_their_own_name() -> None:
    author = make_account("author", name="Marta Lind")
    with unit_of_work():
        services.change_profile(author, name="marta LIND", bio="Coach.")
    assert (author.name, author.bio) == ("marta LIND", "Coach.")


def test_an_account_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(NoSuchAccount):
        queries.get_account(99)
