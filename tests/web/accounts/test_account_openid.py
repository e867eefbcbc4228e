"""Signing in with an OpenID provider: a real one on this machine, and what comes back from it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import identities, mailed_links, queries, recovery, services
from app.domains.accounts.models import Account
from app.engines.id_tokens import Claims
from app.infra import clock as utc_clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.web.accounts import openid as openid_views
from app.web.accounts.provider import Way
from tests.factories import make_account
from tests.support.client import Browser
from tests.support.openid import ADA, DISCOVERY, NAME, OpenIdServer, raw, signed
from tests.support.second_step import set_up
from tests.support.smtp import MailServer, text_of

Enter = Callable[[Account], Browser]
Deliver = Callable[[], int]


@pytest.fixture(scope="module")
def one_provider() -> Iterator[OpenIdServer]:
    server = OpenIdServer()
    yield server
    server.close()


@pytest.fixture
def openid(app: Flask, one_provider: OpenIdServer) -> OpenIdServer:
    """A provider that knows Ada, and the program as its operator set it."""
    one_provider.forget()
    one_provider.serve(app)
    return one_provider


def way_of(page: Any) -> str:
    """Where the page that leads on leads to; its link and its own going on agree."""
    assert page.status_code == 200, page.text
    ways = re.findall(r'(?:content="0; url=|class="button primary" href=")([^"]+)"', page.text)
    assert len(set(ways)) == 1
    return html.unescape(ways[0])


def set_out(browser: Browser, wanted: str = "") -> str:
    return way_of(browser.submit("/sign-in/openid", next=wanted))


def come_back(browser: Browser, openid: OpenIdServer, wanted: str = "", **more: str) -> Any:
    return browser.get(openid.back_from(set_out(browser, wanted), **more))


def become(browser: Browser, openid: OpenIdServer, name: str = "Ada Byron") -> Any:
    come_back(browser, openid)
    return browser.submit("/sign-up/openid", name=name)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def ada() -> Account:
    found = queries.find_account(str(ADA["email"]))
    assert found is not None
    return found


def link(browser: Browser, openid: OpenIdServer) -> Any:
    return browser.get(openid.back_from(way_of(browser.submit("/account/openid"))))


def test_who_comes_for_the_first_time_chooses_a_name_and_is_known_from_then_on(
    client: Browser, app: Flask, openid: OpenIdServer
) -> None:
    answer = come_back(client, openid, "/tags/")
    assert answer.headers["Location"] == "/sign-up/openid"
    assert 'value="Ada Byron"' in client.get("/sign-up/openid").text

    made = client.submit("/sign-up/openid", name="Ada B")

    assert made.headers["Location"] == "/tags/"
    assert is_signed_in(client)
    assert (ada().name, ada().is_proven, ada().password_hash) == ("Ada B", True, None)
    again = app.test_client()
    openid.person |= {"email": "other@example.com", "name": "Another"}
    assert come_back(again, openid).headers["Location"] == "/account/"
    assert is_signed_in(again)
    assert len(db.session.scalars(select(Account)).all()) == 1


def test_u01_no_provider_gives_a_name_that_passes_for_staff(
    client: Browser, openid: OpenIdServer
) -> None:
    make_account("author", name="Ines Falk")
    openid.person["name"] = "Moderator"
    come_back(client, openid)
    for name in ("Moderator", "Ines Fa1k", "\u0410da Byron", "\u200b"):
        assert client.submit("/sign-up/openid", name=name).status_code == 422
    assert queries.find_account(str(ADA["email"])) is None


def test_an_address_that_has_an_account_takes_nothing_over(
    client: Browser, openid: OpenIdServer
) -> None:
    """Whoever the provider says that they are: the account is linked from within, or not at all."""
    for email in ("ada@example.com", "ADA@EXAMPLE.COM"):
        openid.person["email"] = email
        known = queries.find_account("ada@example.com") or make_account(email="ada@example.com")
        answer = come_back(client, openid)
        assert answer.status_code == 409
        assert "an account with your address already" in answer.text
        assert not is_signed_in(client)
        assert not identities.identities_of(known)


def test_an_address_that_was_given_up_lately_is_nobody_elses(
    client: Browser, openid: OpenIdServer
) -> None:
    moved = make_account(email="new@example.com")
    mailed_links.make(mailed_links.OLD_ADDRESS, moved, services.claim_address("ada@example.com"))
    assert come_back(client, openid).status_code == 409


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "x", "email": "ada@example.com", "email_verified": False},
        {"sub": "x", "email": "ada@example.com"},
        {"sub": "x", "email": "not an address", "email_verified": True},
        {"sub": "x"},
    ],
    ids=["unverified", "unsaid", "unfit", "none"],
)
@pytest.mark.one_database
def test_without_a_verified_address_no_account_is_made(
    client: Browser, openid: OpenIdServer, person: dict[str, Any]
) -> None:
    openid.person = person
    answer = come_back(client, openid)
    assert answer.status_code == 422
    assert f"{NAME} does not tell us an address" in answer.text
    assert client.submit("/sign-up/openid", name="Ada").status_code == 400


def test_what_a_guest_proved_is_theirs_until_they_open_the_link(
    client: Browser, openid: OpenIdServer, mails: MailServer, deliver: Deliver
) -> None:
    guest = services.claim_address("ada@example.com")
    services.prove_address(guest)
    become(client, openid)
    deliver()

    assert is_signed_in(client)
    assert not ada().is_proven
    found = re.search(r"https?://[^/\s]+(/prove/\S+)", text_of(mails.to("ada@example.com")[-1]))
    assert found is not None
    client.submit(found[1])
    db.session.expire_all()
    assert ada().is_proven


def test_the_owner_of_the_address_puts_out_whom_a_provider_let_in(
    client: Browser, app: Flask, openid: OpenIdServer, mails: MailServer, deliver: Deliver
) -> None:
    """A provider that says an address was verified may be wrong; the mailbox decides."""
    services.prove_address(services.claim_address("ada@example.com"))
    become(client, openid)
    owner = app.test_client()
    owner.submit("/sign-in/link", email="ada@example.com")
    deliver()
    asked = text_of(mails.to("ada@example.com")[-1])
    found = re.search(r"https?://[^/\s]+(/sign-in/link/\S+)", asked)
    assert found is not None
    owner.submit(found[1])
    assert "was unlinked" in owner.get("/account/").text
    assert not is_signed_in(client)
    assert come_back(client, openid).status_code == 409


def test_an_account_is_linked_from_within_and_its_owner_told(
    as_: Enter, app: Flask, openid: OpenIdServer, mails: MailServer, deliver: Deliver
) -> None:
    anna = make_account(email="anna@example.com")
    browser = as_(anna)
    assert link(browser, openid).headers["Location"] == "/account/openid"
    assert NAME in browser.get("/account/openid").text
    deliver()
    told = text_of(mails.to("anna@example.com")[-1])
    stranger = app.test_client()
    assert come_back(stranger, openid).headers["Location"] == "/account/"
    assert is_signed_in(stranger)

    found = re.search(r"https?://[^/\s]+(/account/not-me/\S+)", told)
    assert found is not None
    browser.submit(found[1])
    assert not is_signed_in(stranger)
    assert not identities.identities_of(anna)


def test_who_is_thrown_out_while_the_provider_answers_links_nothing(
    as_: Enter, openid: OpenIdServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = make_account(email="anna@example.com")
    browser, ask = as_(anna), openid_views.who_came
    anna_id = anna.id

    def slowly(way: Way) -> Claims:
        assert openid_views.viewer() is not None  # known from now on, as where staff are checked
        claims = ask(way)
        with unit_of_work():
            recovery.throw_out(queries.get_account(anna_id), since=utc_clock.now())
        return claims

    monkeypatch.setattr(openid_views, "who_came", slowly)
    assert link(browser, openid).status_code == 401
    assert not identities.identities_of(anna)


def test_one_identity_is_one_accounts_and_one_account_has_one(
    as_: Enter, openid: OpenIdServer
) -> None:
    first, second = as_(make_account()), as_(make_account())
    link(first, openid)
    taken = link(second, openid)
    assert taken.status_code == 409
    assert "Somebody signs in to another account with it" in taken.text
    openid.person["sub"] = "ada-2"
    assert first.submit("/account/openid").status_code == 409


def test_an_account_that_nobody_proved_links_nothing(as_: Enter, openid: OpenIdServer) -> None:
    """Who signed up with another's address would wait there for its owner."""
    browser = as_(make_account(proven=False))
    assert browser.submit("/account/openid").status_code == 409
    assert openid.asked == []


def test_unlinking_leaves_another_way_in_and_is_mailed(
    client: Browser, as_: Enter, openid: OpenIdServer, mails: MailServer, deliver: Deliver
) -> None:
    become(client, openid)
    own = as_(ada())
    identity = identities.identities_of(ada())[0].id
    assert as_(make_account()).submit(f"/account/openid/{identity}/unlink").status_code == 404
    ada().proven_at = None
    assert own.submit(f"/account/openid/{identity}/unlink").status_code == 409
    assert own.get("/account/openid").status_code == 200

    services.confirm_account(ada())
    assert own.submit(f"/account/openid/{identity}/unlink").status_code == 303
    assert own.submit(f"/account/openid/{identity}/unlink").status_code == 404
    assert not identities.identities_of(ada())

    deliver()
    told = text_of(mails.to(ADA["email"])[-1])
    assert f"unlinked it from {NAME}" in told
    found = re.search(r"https?://[^/\s]+(/account/not-me/\S+)", told)
    assert found is not None
    own.submit(found[1])
    assert not is_signed_in(own)


def test_a_disabled_account_lets_nobody_in(
    client: Browser, app: Flask, openid: OpenIdServer
) -> None:
    become(client, openid)
    services.disable(ada())
    other = app.test_client()
    assert come_back(other, openid).status_code == 403
    assert not is_signed_in(other)


@pytest.mark.one_database
def test_a_second_step_is_asked_for_after_the_provider_too(
    as_: Enter, app: Flask, openid: OpenIdServer
) -> None:
    own = as_(make_account())
    link(own, openid)
    set_up(own)
    other = app.test_client()
    assert come_back(other, openid).headers["Location"] == "/sign-in/second"
    assert not is_signed_in(other)


def test_c02_nobody_is_brought_back_who_did_not_set_out_here(
    client: Browser, app: Flask, openid: OpenIdServer
) -> None:
    """Another browser's way back, opened here, would sign this one in as somebody else."""
    theirs = openid.back_from(set_out(app.test_client()))
    assert client.get(theirs).status_code == 400
    set_out(client)
    assert client.get(theirs).status_code == 400
    assert "POST /token" not in openid.asked


def test_a_way_back_is_gone_once(
    client: Browser, openid: OpenIdServer, clock: time_machine.Traveller
) -> None:
    """Not even with the cookie as it was before; and not ten minutes later."""
    way = set_out(client)
    with client.session_transaction() as stored:
        before = dict(stored)
    path = openid.back_from(way)
    client.head(path)
    assert client.get(path).status_code == 302
    with client.session_transaction() as stored:
        stored.clear()
        stored.update(before)
    assert client.get(path).status_code == 400
    assert openid.asked.count("POST /token") == 1

    late = openid.back_from(set_out(client))
    clock.shift(700)
    assert client.get(late).status_code == 400


@pytest.mark.one_database
def test_what_the_provider_answers_wrongly_signs_nobody_in(
    client: Browser, openid: OpenIdServer, subtests: pytest.Subtests
) -> None:
    """And its own words are shown nowhere."""
    answers = [
        ({"code": "", "error": "access_denied", "error_description": "<b>x</b>"}, 403),
        ({"code": "", "error": "server_error"}, 403),
        ({"code": ""}, 403),
        ({"code": "made up"}, 400),
        ({"iss": "https://other.example.org"}, 503),
        ({"iss": ""}, 503),
    ]
    for more, status in answers:
        with subtests.test(more):
            answer = come_back(client, openid, **more)
            assert answer.status_code == status
            assert "<b>x" not in answer.text
            assert 'name="password"' in answer.text
            assert not is_signed_in(client)


@pytest.mark.one_database
def test_a_token_that_is_not_believed_signs_nobody_in(
    client: Browser, openid: OpenIdServer
) -> None:
    openid.bends = lambda claims: claims.update(nonce="another browser's")
    assert come_back(client, openid).status_code == 503
    openid.bends = lambda claims: claims.update(aud="another site")
    assert come_back(client, openid).status_code == 503
    openid.bends, openid.signs = (lambda _: None), (lambda claims: signed(claims)[:-9])
    assert come_back(client, openid).status_code == 503
    assert not is_signed_in(client)


@pytest.mark.one_database
def test_a_provider_that_is_away_leaves_the_other_ways_in(
    client: Browser, openid: OpenIdServer
) -> None:
    openid.answers[DISCOVERY] = raw(b"")
    answer = client.submit("/sign-in/openid", next="/tags/")
    assert answer.status_code == 503
    assert f"{NAME} did not answer as it should" in answer.text
    assert 'name="password"' in answer.text


@pytest.mark.one_database
def test_c04_the_way_back_leads_to_this_site_alone(client: Browser, openid: OpenIdServer) -> None:
    make_account(email="anna@example.com")
    become(client, openid)
    for wanted in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"):
        assert come_back(client, openid, wanted).headers["Location"] == "/account/"
    assert come_back(client, openid, "/tags/?a=b").headers["Location"] == "/tags/?a=b"


@pytest.mark.one_database
def test_who_showed_it_there_long_ago_is_asked_again_here(
    client: Browser, openid: OpenIdServer, clock: time_machine.Traveller
) -> None:
    """A provider lets people in whom it has not asked for days."""
    become(client, openid)
    assert client.submit("/account/sessions/end").status_code == 403
    now = int(utc_clock.now().timestamp())
    for shown_at, status in ((now - 3600, 403), (now - 60, 303)):
        openid.person["auth_time"] = shown_at
        come_back(client, openid)
        assert client.submit("/account/sessions/end").status_code == status


@pytest.mark.one_database
def test_i10_without_a_provider_nothing_of_it_is_there(client: Browser, as_: Enter) -> None:
    assert "OpenID" not in client.get("/sign-in").text
    assert client.get("/sign-in/openid/back").status_code == 404
    assert client.submit("/sign-in/openid").status_code == 404
    assert client.get("/sign-up/openid").status_code == 404
    assert as_(make_account()).submit("/account/openid").status_code == 404
