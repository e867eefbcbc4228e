"""Links from mails: proving an address, and wanting no more of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask, session
from sqlalchemy import select

from app.domains.accounts import services
from app.domains.accounts.models import Account, Address
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.models import MailRefusal
from app.web.accounts.session import proven_addresses
from tests.factories import PASSWORD, make_account, make_address
from tests.support.client import Browser, elsewhere
from tests.support.smtp import MailServer

Enter = Callable[[Account], Browser]


def proof_path(address: Address) -> str:
    return f"/prove/{address.id}/{services.proof_key(address)}"


def unsubscribe_path(address: Address, topic: str = "replies") -> str:
    return f"/unsubscribe/{address.id}/{topic}/{services.unsubscribe_key(address, topic)}"


def is_proven(address: Address) -> bool:
    return (
        db.session.scalars(select(Address.proven_at).where(Address.id == address.id)).one()
        is not None
    )


def account_is_proven(account: Account) -> bool:
    return (
        db.session.scalars(select(Account.proven_at).where(Account.id == account.id)).one()
        is not None
    )


def proven_in(app: Flask, browser: Browser) -> frozenset[int]:
    """What `proven_addresses` says in this browser."""
    with browser.session_transaction() as stored:
        given = dict(stored)

    def ask() -> frozenset[int]:
        with app.test_request_context():
            session.update(given)
            return proven_addresses()

    return elsewhere(ask)


def register(email: str) -> Account:
    with unit_of_work():
        account = services.register(name="Anna Berg", email=email, password_hash="x")
        assert account is not None
    return account


def test_p06_opening_a_link_proves_nothing_and_the_button_does(app: Flask, client: Browser) -> None:
    address = make_address("anna@example.com")
    path = proof_path(address)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert client.open(path, method=method).status_code == 200
    assert not is_proven(address)
    answer = client.submit(path)
    assert answer.status_code == 303
    assert is_proven(address)
    assert proven_in(app, client) == {address.id}


def test_a_proof_counts_in_the_browser_that_holds_it_only(app: Flask, client: Browser) -> None:
    address = make_address()
    client.submit(proof_path(address))
    stranger = app.test_client()
    assert isinstance(stranger, Browser)
    assert proven_in(app, stranger) == frozenset()


def test_a11_a_link_proves_once(client: Browser) -> None:
    path = proof_path(make_address())
    assert client.submit(path).status_code == 303
    assert client.get(path).status_code == 410
    assert client.submit(path).status_code == 410


def test_a11_a_link_of_another_address_a_forged_one_and_none_read_the_same(
    client: Browser,
) -> None:
    mine, other = make_address(), make_address()
    key = services.proof_key(mine)
    pages = [
        client.get(path)
        for path in (f"/prove/{other.id}/{key}", f"/prove/{mine.id}/0-beef", f"/prove/999/{key}")
    ]
    assert {page.status_code for page in pages} == {410}
    assert len({page.text for page in pages}) == 1


def test_a_late_link_offers_a_new_one_to_the_same_address(
    client: Browser, mails: MailServer, deliver: Callable[[], int], clock: time_machine.Traveller
) -> None:
    account = register("anna@example.com")
    path = proof_path(account.address)
    clock.shift(2 * 3600)
    page = client.get(path)
    assert page.status_code == 410
    assert "Mail me a new link" in page.text
    assert client.submit(path).status_code == 410
    assert not is_proven(account.address)
    before = len(mails.messages)
    assert client.submit(f"{path}/again", email="evil@example.com").status_code == 303
    deliver()
    assert [message["To"] for message in mails.messages[before:]][-1] == "anna@example.com"
    assert client.submit("/prove/1/0-beef/again").status_code == 410


@pytest.mark.one_database
def test_c04_a_proof_leads_to_a_page_of_this_site_and_nowhere_else(client: Browser) -> None:
    answer = client.submit(proof_path(make_address()), next="/asked/5/abc")
    assert answer.headers["Location"] == "/asked/5/abc"
    for hostile in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"):
        path = proof_path(make_address())
        assert "evil" not in client.get(path, query_string={"next": hostile}).text
        assert client.submit(path, next=hostile).headers["Location"] == "/your-questions"


def test_a18_an_account_is_proven_by_whoever_knows_its_password_and_opens_its_mail(
    client: Browser, as_: Enter
) -> None:
    account = make_account(proven=False)
    browser = as_(account)
    answer = browser.submit(proof_path(account.address))
    assert answer.headers["Location"] == "/account/"
    assert account_is_proven(account)


def test_a18_a_link_opened_before_signing_in_counts_once_one_signs_in(client: Browser) -> None:
    account = make_account(proven=False)
    answer = client.submit(proof_path(account.address))
    assert answer.headers["Location"] == "/sign-in"
    assert not account_is_proven(account)
    client.submit("/sign-in", email=account.username, password=PASSWORD)
    assert account_is_proven(account)


def test_a18_a_stranger_with_ones_address_gains_nothing_from_ones_own_proof(
    app: Flask, client: Browser, as_: Enter
) -> None:
    squatter = make_account(email="anna@example.com", proven=False)
    theirs = as_(squatter)
    client.submit(proof_path(squatter.address), next="/")  # the owner, as a guest
    assert is_proven(squatter.address)
    assert not account_is_proven(squatter)
    assert proven_in(app, theirs) == frozenset()
    assert proven_in(app, client) == {squatter.address_id}


def test_signing_out_forgets_what_the_browser_had_proven(app: Flask, client: Browser) -> None:
    account = make_account()
    client.submit(proof_path(make_address()))
    client.submit("/sign-in", email=account.username, password=PASSWORD)
    assert len(proven_in(app, client)) == 2
    client.submit("/sign-out")
    assert proven_in(app, client) == frozenset()


def test_one_click_from_a_mail_program_unsubscribes(client: Browser) -> None:
    address = make_address()
    answer = client.post(
        unsubscribe_path(address),
        data={"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 200
    refusal = db.session.scalars(select(MailRefusal)).one()
    assert (refusal.address_id, refusal.topic) == (address.id, "replies")


def test_unsubscribing_twice_is_as_good_as_once(client: Browser) -> None:
    path = unsubscribe_path(make_address())
    assert client.post(path).status_code == 200
    assert client.post(path).status_code == 200
    assert "No more of these mails</h1>" in client.get(path).text


def test_p06_looking_at_the_page_unsubscribes_nobody(client: Browser) -> None:
    for topic in ("replies", "desk", "inbox"):
        page = client.get(unsubscribe_path(make_address(), topic))
        assert page.status_code == 200
        assert "Stop these mails" in page.text
    assert db.session.scalars(select(MailRefusal)).all() == []


def test_p02_nobody_unsubscribes_somebody_else(client: Browser) -> None:
    mine, other = make_address(), make_address()
    key = services.unsubscribe_key(mine, "replies")
    for path in (
        f"/unsubscribe/{other.id}/replies/{key}",
        f"/unsubscribe/{mine.id}/desk/{key}",
        f"/unsubscribe/{mine.id}/nothing/{services.unsubscribe_key(mine, 'nothing')}",
        f"/unsubscribe/999/replies/{key}",
    ):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert client.get(f"/unsubscribe/99999999999/replies/{key}").status_code == 404
    assert db.session.scalars(select(MailRefusal)).all() == []


def test_c01_only_the_one_click_needs_no_token(client: Browser) -> None:
    address = make_address()
    assert client.post(proof_path(address)).status_code == 400
    assert client.post(f"{proof_path(address)}/again").status_code == 400
    assert not is_proven(address)


def test_who_confirms_in_another_browser_is_told_to_sign_in_there(app: Flask) -> None:
    """As on a phone whose mail program opens links by itself."""
    account, elsewhere_open = register("anna@example.com"), app.test_client()
    assert isinstance(elsewhere_open, Browser)
    answer = elsewhere_open.submit(proof_path(account.address))
    page = elsewhere_open.get(answer.location)
    assert "Now sign in here, in this browser" in page.text
    assert not account_is_proven(account)


def test_the_page_that_ends_mails_is_said_in_the_readers_language(client: Browser) -> None:
    client.set_cookie("threshold-looks", "de.")
    page = client.post(unsubscribe_path(make_address())).text
    assert "Was du geschrieben hast, ist freigegeben oder beantwortet" in page
    assert 'href="/account/preferences"' in page


def test_who_proved_an_address_here_finds_it_in_the_form_for_an_account(client: Browser) -> None:
    assert 'value="anna@example.com"' not in client.get("/sign-up").text
    client.submit(proof_path(make_address("anna@example.com")))
    assert 'value="anna@example.com"' in client.get("/sign-up").text
    client.submit(proof_path(make_address("bo@example.com")))
    (field,) = re.findall(r'<input[^>]*name="email"[^>]*>', client.get("/sign-up").text)
    assert "example.com" not in field
