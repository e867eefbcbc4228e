"""Signing in with a second step: set up, passed, guessed at, lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import cast

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import mailed_links, new_address, recovery
from app.domains.accounts.factors import proof
from app.domains.accounts.factors import services as factors
from app.domains.accounts.factors.models import AuthenticatorApp, RecoveryCode
from app.domains.accounts.models import Account, Address, LoginSession, MailedLink
from app.domains.accounts.services import claim_address
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.second_step import (
    APP,
    STEP,
    Phone,
    codes_on,
    first_step,
    is_signed_in,
    offered,
    set_up,
)
from tests.support.smtp import MailServer, text_of

ANNA = "anna@example.com"
OFF = "/account/second-step/app/off"
CODES = "/account/second-step/codes"
Enter = Callable[[Account], Browser]
Deliver = Callable[[], int]
pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.one_database]
"""What could differ between databases is tried on the other one, or by many at once in
`tests/security/test_races.py`."""


@pytest.fixture
def anna(app: Flask) -> Account:
    return make_account(email=ANNA, username="anna")


@pytest.fixture
def new_browser(app: Flask) -> Callable[[], Browser]:
    return cast("Callable[[], Browser]", app.test_client)


@pytest.fixture
def phone(anna: Account, as_: Enter, clock: time_machine.Traveller) -> Phone:
    """Anna's, set up half a minute ago."""
    phone, _codes = set_up(as_(anna))
    clock.shift(30)
    return phone


def mailed(mails: MailServer, deliver: Deliver) -> str:
    mails.clear()
    deliver()
    return "\n".join(text_of(mail) for mail in mails.to(ANNA))


def test_an_app_counts_from_its_first_code_on_and_signs_others_out(
    anna: Account, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    here, elsewhere = as_(anna), as_(anna)
    phone, field = offered(here)
    assert 'class="square-code"' in here.get(APP).text
    refused = here.submit(APP, **field, code="000000")
    assert (refused.status_code, "does not fit the key shown here" in refused.text) == (422, True)
    assert not anna.has_second_step
    answer = here.submit(APP, **field, code=phone.code())
    assert len(set(codes_on(answer.text))) == 10
    assert answer.headers["Cache-Control"] == "no-store"
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert "takes a code of your app from now on" in mailed(mails, deliver)


def test_what_is_stored_opens_nothing(anna: Account, as_: Enter) -> None:
    here = as_(anna)
    phone, field = offered(here)
    codes = codes_on(here.submit(APP, **field, code=phone.code()).text)
    row = db.session.scalars(select(AuthenticatorApp)).one()
    assert phone._key not in row.sealed_key
    stored = set(db.session.scalars(select(RecoveryCode.fingerprint)))
    assert not any(code.replace("-", "") in kept for code in codes for kept in stored)


def test_an_offered_key_is_its_own_accounts_and_old_after_half_an_hour(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    phone, field = offered(here)
    other = as_(make_account())
    assert "start again" in other.submit(APP, **field, code=phone.code()).text
    clock.shift(31 * 60)
    is_you = {"again-password": PASSWORD}
    assert "start again" in here.submit(APP, **field, code=phone.code(), **is_you).text
    assert not anna.has_second_step


def test_nobody_sets_one_up_for_an_address_that_is_not_confirmed(app: Flask, as_: Enter) -> None:
    """It would keep the owner of the address out of an account that a stranger made with it."""
    stranger = make_account(proven=False)
    here = as_(stranger)
    assert "Confirm your address first" in here.get(APP).text
    with unit_of_work(), pytest.raises(factors.AddressUnproven):
        factors.refuse_unproven(stranger)


def test_the_password_alone_signs_nobody_in_and_the_code_leads_where_one_wanted(
    anna: Account, phone: Phone, client: Browser
) -> None:
    answer = first_step(client, "anna", next="/account/questions?page=2")
    assert answer.headers["Location"] == STEP
    assert not is_signed_in(client)
    assert db.session.scalars(select(LoginSession)).all() != []  # the one that set it up
    answer = client.submit(STEP, code=phone.code())
    assert answer.headers["Location"] == "/account/questions?page=2"
    assert is_signed_in(client)


@pytest.mark.parametrize("evil", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_c04_the_second_step_leads_nowhere_else(
    anna: Account, phone: Phone, client: Browser, evil: str
) -> None:
    first_step(client, "anna", next=evil)
    assert client.submit(STEP, code=phone.code(), next=evil).headers["Location"] == "/account/"


def test_a_mailed_link_alone_signs_nobody_in(anna: Account, phone: Phone, client: Browser) -> None:
    with unit_of_work():
        link = mailed_links.make(mailed_links.SIGN_IN, anna)
        secret = mailed_links.secret_for_mail(mailed_links.SIGN_IN, link.id)
    assert client.submit(f"/sign-in/link/{secret}").headers["Location"] == STEP
    assert not is_signed_in(client)
    client.submit(STEP, code=phone.code())
    assert is_signed_in(client)


def test_a_password_set_by_mail_does_not_go_round_it(
    anna: Account, phone: Phone, client: Browser
) -> None:
    with unit_of_work():
        recovery.request_reset(ANNA)
        link = db.session.scalars(select(MailedLink).where(MailedLink.purpose == "reset")).one()
        secret = recovery.reset_secret(link.id)
    client.submit(f"/reset-password/{secret}", password=f"{PASSWORD} again")
    answer = client.submit("/sign-in", email="anna", password=f"{PASSWORD} again")
    assert answer.headers["Location"] == STEP
    assert not is_signed_in(client)


@pytest.mark.one_database("postgresql")
def test_a_code_is_good_once_and_never_again_when_the_clock_goes_back(
    anna: Account, phone: Phone, new_browser: Callable[[], Browser], clock: time_machine.Traveller
) -> None:
    code = phone.code()
    for shift, passes in ((0, True), (0, False), (25, False), (-60, False), (-3600, False)):
        clock.shift(shift)
        browser = new_browser()
        first_step(browser, "anna")
        browser.submit(STEP, code=code)
        assert is_signed_in(browser) == passes
        clock.shift(-shift)


@pytest.mark.one_database("postgresql")
def test_a_recovery_code_is_good_once_and_its_owner_is_told(
    anna: Account,
    as_: Enter,
    new_browser: Callable[[], Browser],
    mails: MailServer,
    deliver: Deliver,
) -> None:
    _, codes = set_up(as_(anna))
    deliver()
    for passes in (True, False):
        browser = new_browser()
        first_step(browser, "anna")
        browser.submit(STEP, code=codes[3].upper())
        assert is_signed_in(browser) == passes
        assert ("used one of your recovery codes" in mailed(mails, deliver)) == passes


def test_codes_made_anew_end_those_from_before(anna: Account, as_: Enter, client: Browser) -> None:
    here = as_(anna)
    _, old = set_up(here)
    new = codes_on(here.submit(CODES).text)
    assert not set(old) & set(new)
    first_step(client, "anna")
    client.submit(STEP, code=old[0])
    assert not is_signed_in(client)
    client.submit(STEP, code=new[0])
    assert is_signed_in(client)


def test_the_half_way_state_ends_after_ten_minutes(
    anna: Account, phone: Phone, client: Browser, clock: time_machine.Traveller
) -> None:
    first_step(client, "anna")
    clock.shift(601)
    assert client.submit(STEP, code=phone.code()).headers["Location"] == "/sign-in"
    assert not is_signed_in(client)


@pytest.mark.parametrize("act", ["password", "disable", "reset"])
def test_the_half_way_state_dies_with_what_it_stands_on(
    anna: Account, phone: Phone, client: Browser, act: str
) -> None:
    first_step(client, "anna")
    with unit_of_work():
        account = db.session.get_one(Account, anna.id)
        if act == "password":
            recovery.change_password(account, "another hash")
        elif act == "disable":
            account.disabled_at = account.created_at
        else:
            factors.reset(account, by_name="test")
    client.submit(STEP, code=phone.code())
    assert not is_signed_in(client)


def test_a_password_that_changes_while_the_code_is_looked_at_keeps_its_bearer_out(
    anna: Account, phone: Phone, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_step(client, "anna")
    count = proof.open_try

    def change_meanwhile(account_id: int, network: str, *, is_known: bool) -> Sequence[int]:
        recovery.change_password(db.session.get_one(Account, account_id), "another hash")
        return count(account_id, network, is_known=is_known)

    monkeypatch.setattr(proof, "open_try", change_meanwhile)
    assert client.submit(STEP, code=phone.code()).headers["Location"] == "/sign-in"
    assert not is_signed_in(client)


def test_nobody_is_half_way_without_a_first_step(client: Browser) -> None:
    assert client.get(STEP).headers["Location"] == "/sign-in"
    assert client.submit(STEP, code="123456").headers["Location"] == "/sign-in"


def test_a05_codes_are_limited_and_a_right_one_is_refused_in_the_same_words(
    anna: Account, phone: Phone, client: Browser, new_browser: Callable[[], Browser]
) -> None:
    first_step(client, "anna")
    answers = [client.submit(STEP, code="000000") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    right = client.submit(STEP, code=phone.code())
    told = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (answers[-1], right)]
    assert right.status_code == 429
    assert told[0] == told[1]
    another = new_browser()
    first_step(another, "anna")
    assert (
        another.submit(STEP, code=phone.code()).status_code == 429
    )  # an account's, not a cookie's


def test_a06_the_lock_of_the_second_step_is_over_in_a_quarter_of_an_hour(
    anna: Account, phone: Phone, client: Browser, clock: time_machine.Traveller
) -> None:
    """However often somebody who knows the password types codes; and a new password lifts none."""
    first_step(client, "anna")
    for _ in range(30):
        client.submit(STEP, code="000000", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    with unit_of_work():
        recovery.request_reset(ANNA)
    clock.shift(15 * 60)
    first_step(client, "anna")
    client.submit(STEP, code=phone.code())
    assert is_signed_in(client)


def test_the_owner_is_told_once_a_day_of_codes_that_were_guessed_at(
    anna: Account, phone: Phone, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    first_step(client, "anna")
    for _ in range(10):
        client.submit(STEP, code="000000")
    assert "wrong codes" not in mailed(mails, deliver)
    for _ in range(3):
        client.submit(STEP, code="000000")
    assert mailed(mails, deliver).count("typed so many wrong codes") == 1


def test_a08_another_persons_code_and_any_other_are_refused_alike(
    anna: Account, phone: Phone, client: Browser, as_: Enter
) -> None:
    """In the same words, whatever was typed and whosever it is."""
    other, codes = set_up(as_(make_account()))
    first_step(client, "anna")
    answers = [client.submit(STEP, code=code) for code in (other.code(), codes[0], "x", "0" * 16)]
    assert {answer.status_code for answer in answers} == {422}
    assert {"does not fit, or it was used already" in answer.text for answer in answers} == {True}
    assert not is_signed_in(client)


@pytest.mark.one_database("postgresql")
def test_turning_it_off_forgets_all_of_it_and_is_told(
    anna: Account, as_: Enter, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    here = as_(anna)
    set_up(here)
    deliver()
    here.submit(OFF)
    assert "no longer takes a code of your app" in mailed(mails, deliver)
    for model in (AuthenticatorApp, RecoveryCode):
        assert db.session.scalars(select(model)).all() == []
    first_step(client, "anna")
    assert is_signed_in(client)


def test_a_code_shows_who_is_there_as_the_password_does(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    phone, _ = set_up(here)
    clock.shift(31 * 60)
    assert "Is it you?" in here.submit(OFF).text
    assert here.submit(OFF, **{"again-code": "000000"}).status_code == 422
    assert here.submit(OFF, **{"again-code": phone.code()}).status_code == 303
    assert not db.session.get_one(Account, anna.id, populate_existing=True).has_second_step


@pytest.mark.parametrize(("days", "stays"), [(1, False), (8, True)])
def test_who_throws_a_stranger_out_is_rid_of_what_was_set_up_since_the_first_mail(
    anna: Account, as_: Enter, clock: time_machine.Traveller, days: int, stays: bool
) -> None:
    """The newest mail is as good as the first that still lives, or a stranger would set up an app
    and then do something else that is mailed. What stood before all of them is asked for as ever.
    """
    with unit_of_work():
        mailed_links.make(mailed_links.NOT_ME, anna)
    clock.shift(60)
    set_up(as_(anna))
    clock.shift(timedelta(days=days))
    with unit_of_work():
        last = mailed_links.make(mailed_links.NOT_ME, db.session.get_one(Account, anna.id))
        secret = mailed_links.secret_for_mail(mailed_links.NOT_ME, last.id)
    assert secret is not None
    with unit_of_work():
        assert recovery.shut_stranger_out(secret) == (not stays)
    account = db.session.get_one(Account, anna.id, populate_existing=True)
    assert account.has_second_step == stays


def test_the_mail_about_an_app_takes_it_away_again(
    anna: Account, phone: Phone, mails: MailServer, deliver: Deliver, client: Browser
) -> None:
    """A new password alone would leave a stranger's app or passkey where it is."""
    link = re.search(r"/account/not-me/\S+", mailed(mails, deliver))
    assert link is not None
    assert "is gone too: apps, passkeys" in client.get(client.submit(link[0]).location).text
    assert not db.session.get_one(Account, anna.id, populate_existing=True).has_second_step


def test_a13_taking_the_address_back_ends_what_a_thief_set_up_before_the_change(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    with unit_of_work():
        mailed_links.make(mailed_links.NOT_ME, anna)  # as the thief came in
        new = claim_address("thief@example.com").id
    clock.shift(60)
    set_up(as_(anna))
    clock.shift(60)
    with unit_of_work():
        account = db.session.get_one(Account, anna.id)
        old, account.address = account.address, db.session.get_one(Address, new)
        back = mailed_links.make(mailed_links.OLD_ADDRESS, account, old)
        secret = mailed_links.secret_for_mail(mailed_links.OLD_ADDRESS, back.id)
    assert secret is not None
    with unit_of_work():
        new_address.take_back(secret)
    account = db.session.get_one(Account, anna.id, populate_existing=True)
    assert (account.address.email, account.has_second_step) == (ANNA, False)


def test_the_command_line_resets_it_and_leaves_a_trace(
    app: Flask, anna: Account, phone: Phone, mails: MailServer, deliver: Deliver
) -> None:
    db.session.commit()
    run = app.test_cli_runner().invoke
    result = run(args=["accounts", "second-factor", "reset", "anna"])
    assert result.exit_code == 0, result.output
    assert run(args=["accounts", "second-factor", "reset", "anna"]).exit_code == 1
    db.session.rollback()
    assert db.session.scalars(select(AuditEntry.act)).all() == ["reset second step"]
    assert "took the second step away" in mailed(mails, deliver)


def test_a_key_is_read_after_the_sites_secret_changed_as_long_as_the_old_one_is_named(
    app: Flask, anna: Account, phone: Phone, client: Browser, clock: time_machine.Traveller
) -> None:
    old = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY="n" * 40, SECRET_KEY_FALLBACKS=[old])
    first_step(client, "anna")
    client.submit(STEP, code=phone.code())
    assert is_signed_in(client)
    clock.shift(30)
    app.config.update(SECRET_KEY_FALLBACKS=[])  # it was sealed anew meanwhile
    client.submit("/sign-out")
    first_step(client, "anna")
    client.submit(STEP, code=phone.code())
    assert is_signed_in(client)
