"""Passkeys: registered, used alone and as a second step, forged, copied, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.factors.models import Passkey, PasskeyChallenge, RecoveryCode
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.infra.db import db
from tests.factories import make_account
from tests.support.authenticator import PRESENT, VERIFIED, Device
from tests.support.client import Browser
from tests.support.second_step import STEP, codes_on, first_step, is_signed_in
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, text_of

ANNA = "anna@example.com"
OWN = "/account/passkeys"
ENTER = "/sign-in/passkey"
SECOND = f"{STEP}/passkey"
ELSEWHERE = "https://evil.example"
Enter = Callable[[Account], Browser]
Deliver = Callable[[], int]
pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.one_database]
"""What could differ between databases is tried on the other one, or by many at once in
`tests/security/test_races.py`."""


@pytest.fixture
def anna(app: Flask) -> Account:
    return make_account(email=ANNA, username="anna")


@pytest.fixture
def device(anna: Account, as_: Enter) -> Device:
    """Anna's, registered."""
    made, _codes = register(as_(anna))
    return made


def ask(browser: Browser, path: str) -> dict[str, Any]:
    answer = browser.submit(f"{path}/ask")
    assert answer.status_code == 200, answer.text
    return cast("dict[str, Any]", answer.json)


def register(
    browser: Browser, device: Device | None = None, name: str = "Phone"
) -> tuple[Device, list[str]]:
    device = device or Device()
    answer = browser.submit(OWN, name=name, answer=device.make(ask(browser, OWN)))
    assert answer.status_code in (200, 303), answer.text
    return device, codes_on(answer.text)


def passkeys() -> list[Passkey]:
    db.session.expire_all()
    return list(db.session.scalars(select(Passkey).order_by(Passkey.id)))


def test_a_passkey_signs_in_alone_and_counts_as_both_steps(
    anna: Account, as_: Enter, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    elsewhere = as_(anna)
    device, codes = register(as_(anna))
    assert len(codes) == 10
    assert not is_signed_in(elsewhere)
    deliver()
    assert any("a passkey was added" in text_of(mail) for mail in mails.to(ANNA))
    options = ask(client, ENTER)
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    answer = client.submit(ENTER, answer=device.sign(options), next="/account/questions")
    assert answer.headers["Location"] == "/account/questions"
    assert is_signed_in(client)
    (kept,) = passkeys()
    assert (kept.sign_count, kept.used_at is not None) == (1, True)


def test_c04_it_leads_nowhere_else(device: Device, client: Browser) -> None:
    answer = client.submit(ENTER, answer=device.sign(ask(client, ENTER)), next=ELSEWHERE)
    assert answer.headers["Location"] == "/account/"


def test_a_passkey_is_the_second_step_after_a_password(device: Device, client: Browser) -> None:
    first_step(client, "anna", next="/account/questions")
    assert not is_signed_in(client)
    device.flags = PRESENT  # a key without a PIN is enough beside a password
    options = ask(client, SECOND)
    assert len(options["allowCredentials"]) == 1
    answer = client.submit(SECOND, answer=device.sign(options))
    assert answer.headers["Location"] == "/account/questions"
    assert is_signed_in(client)


def test_without_a_pin_or_finger_it_does_not_sign_in_alone(device: Device, client: Browser) -> None:
    device.flags = PRESENT
    assert client.submit(ENTER, answer=device.sign(ask(client, ENTER))).status_code == 422
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": ELSEWHERE},
        {"origin": "http://localhost.evil.example"},
        {"origin": "http://localhost:81"},
        {"origin": "https://localhost"},
        {"rp_id": "evil.example"},
        {"flags": VERIFIED},
        {"said": {"crossOrigin": True}},
        {"said": {"type": "webauthn.create"}},
        {"said": {"challenge": "AAAA"}},
    ],
    ids=str,
)
def test_what_was_signed_for_another_site_opens_nothing(
    device: Device, client: Browser, lie: dict[str, Any]
) -> None:
    options = ask(client, ENTER)
    answer = client.submit(ENTER, answer=replace(device, **lie).sign(options))
    assert answer.status_code == 422
    assert "That passkey was not accepted" in answer.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "lie", [{"origin": ELSEWHERE}, {"rp_id": "evil.example"}, {"said": {"type": "webauthn.get"}}]
)
def test_none_is_registered_that_was_made_for_another_site(
    anna: Account, as_: Enter, lie: dict[str, Any]
) -> None:
    here = as_(anna)
    answer = here.submit(OWN, name="Phone", answer=Device(**lie).make(ask(here, OWN)))
    assert answer.status_code == 422
    assert passkeys() == []
    assert not db.session.get_one(Account, anna.id).has_second_step


def test_whom_it_is_for_is_told_by_the_configuration_and_by_no_header(
    app: Flask, device: Device, client: Browser
) -> None:
    change_settings(app, public_url="https://questions.example.org")
    options = client.post(
        f"{ENTER}/ask",
        data={"csrf_token": client.csrf_token()},
        headers={"X-Forwarded-Host": "evil.example"},
    ).json
    assert options is not None
    assert options["rpId"] == "questions.example.org"


def test_one_address_by_number_takes_none_and_says_what_is_needed(
    app: Flask, anna: Account, as_: Enter
) -> None:
    change_settings(app, public_url="http://127.0.0.1:8000")
    here = as_(anna)
    assert "Passkeys need an address" in here.get("/account/second-step").text
    assert here.submit(f"{OWN}/ask").status_code == 404
    assert "passkey" not in here.get("/sign-in").text


@pytest.mark.one_database("postgresql")
def test_what_is_asked_is_answered_once_in_its_browser_within_five_minutes(
    app: Flask, device: Device, client: Browser, clock: time_machine.Traveller
) -> None:
    options = ask(client, ENTER)
    another = cast("Browser", app.test_client())
    ask(another, ENTER)
    assert another.submit(ENTER, answer=device.sign(options)).status_code == 422
    signed = device.sign(options)
    assert client.submit(ENTER, answer=signed).status_code == 303
    client.submit("/sign-out")
    assert client.submit(ENTER, answer=signed).status_code == 422
    for shift, passes in ((301, False), (299, True)):
        options = ask(client, ENTER)
        clock.shift(shift)
        assert (client.submit(ENTER, answer=device.sign(options)).status_code == 303) == passes


def test_a_bad_answer_uses_up_what_was_asked(device: Device, client: Browser) -> None:
    options = ask(client, ENTER)
    bad = replace(device, origin=ELSEWHERE)
    assert client.submit(ENTER, answer=bad.sign(options)).status_code == 422
    assert client.submit(ENTER, answer=device.sign(options)).status_code == 422
    assert db.session.scalars(select(PasskeyChallenge)).all() == []


def test_what_was_asked_for_one_purpose_is_answered_for_no_other(
    device: Device, client: Browser
) -> None:
    first_step(client, "anna")
    assert client.submit(ENTER, answer=device.sign(ask(client, SECOND))).status_code == 422
    assert client.submit(SECOND, answer=device.sign(ask(client, ENTER))).status_code == 422
    assert not is_signed_in(client)


def test_nobody_passes_anothers_second_step(
    anna: Account, device: Device, as_: Enter, client: Browser
) -> None:
    other, _ = register(as_(make_account()))
    first_step(client, "anna")
    assert client.submit(SECOND, answer=other.sign(ask(client, SECOND))).status_code == 422
    assert not is_signed_in(client)


def test_a_copy_whose_counter_is_behind_is_refused_and_told(
    device: Device, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    copy = replace(device)
    for _ in range(2):
        client.submit(ENTER, answer=device.sign(ask(client, ENTER)))
    client.submit("/sign-out")
    deliver()
    mails.clear()
    assert client.submit(ENTER, answer=copy.sign(ask(client, ENTER))).status_code == 422
    assert not is_signed_in(client)
    deliver()
    (mail,) = mails.to(ANNA)
    assert "its counter had gone back" in text_of(mail)


def test_a_device_that_does_not_count_is_taken(device: Device, client: Browser) -> None:
    for _ in range(2):
        device.count = -1
        assert client.submit(ENTER, answer=device.sign(ask(client, ENTER))).status_code == 303


@pytest.mark.one_database("postgresql")
def test_several_have_names_and_each_is_removed_alone(
    anna: Account, as_: Enter, client: Browser
) -> None:
    here = as_(anna)
    phone, _ = register(here, name="Phone")
    register(here, name="<b>Key</b>")
    assert phone.handle == passkeys()[1].handle
    page = here.get("/account/second-step").text
    assert "&lt;b&gt;Key&lt;/b&gt;" in page
    here.submit(f"{OWN}/{passkeys()[0].id}/remove")
    assert [one.name for one in passkeys()] == ["<b>Key</b>"]
    assert client.submit(ENTER, answer=phone.sign(ask(client, ENTER))).status_code == 422
    here.submit(f"{OWN}/{passkeys()[0].id}/remove")
    assert not db.session.get_one(Account, anna.id, populate_existing=True).has_second_step
    assert db.session.scalars(select(RecoveryCode)).all() == []


def test_a_passkey_shows_who_is_there_as_the_password_does(
    anna: Account, as_: Enter, clock: time_machine.Traveller
) -> None:
    here = as_(anna)
    device, _ = register(here)
    remove = f"{OWN}/{passkeys()[0].id}/remove"
    clock.shift(31 * 60)
    assert "Use a passkey" in here.submit(remove).text
    other, _ = register(as_(make_account()))
    for signer, status in ((other, 422), (replace(device, origin=ELSEWHERE), 422), (device, 303)):
        answer = signer.sign(ask(here, f"{OWN}/again"))
        assert here.submit(remove, **{"again-passkey": answer}).status_code == status
    assert [one.account_id == anna.id for one in passkeys()] == [False]


def test_p02_nobody_removes_anothers(device: Device, as_: Enter) -> None:
    there = as_(make_account())
    assert there.submit(f"{OWN}/{passkeys()[0].id}/remove").status_code == 404
    assert len(passkeys()) == 1


def test_the_only_way_of_staff_stays(app: Flask, as_: Enter) -> None:
    change_settings(app, staff_second_factor="1")
    here = as_(make_account(Role.AUTHOR))
    register(here)
    assert here.get("/author/").status_code == 200
    assert here.submit(f"{OWN}/{passkeys()[0].id}/remove").status_code == 409
    assert len(passkeys()) == 1


@pytest.mark.one_database("postgresql")
def test_one_passkey_is_registered_once(anna: Account, as_: Enter) -> None:
    device, _ = register(as_(anna))
    there = as_(make_account())
    answer = there.submit(OWN, name="Mine", answer=device.make(ask(there, OWN)))
    assert answer.status_code == 409
    assert len(passkeys()) == 1


def test_a_closed_account_is_entered_by_no_passkey(
    anna: Account, device: Device, client: Browser
) -> None:
    anna.disabled_at = anna.created_at
    assert client.submit(ENTER, answer=device.sign(ask(client, ENTER))).status_code == 422
