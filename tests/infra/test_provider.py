"""The OpenID provider is called in bounds, and believed only where it is the one that was named."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from app.config import Settings
from app.infra.outside import provider
from app.infra.outside.in_time import Busy, in_time
from app.infra.outside.provider import ClientRefused, CodeRefused, NotBelieved, Provider, Request
from app.infra.outside.questions import NoAnswer
from tests.support.openid import (
    ADA,
    DISCOVERY,
    OpenIdServer,
    drips,
    hangs,
    public,
    raw,
    rsa_key,
    signed,
)

IN_TIME = 10.0
"""Far above the limit of the calls below, far below the server's twenty seconds."""
WAY = Request("the state", "the nonce", "v" * 43, "http://localhost/sign-in/openid/back")


@pytest.fixture
def openid() -> Iterator[OpenIdServer]:
    server = OpenIdServer()
    yield server
    server.close()


@pytest.fixture
def asked(openid: OpenIdServer, monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setattr(provider, "SECONDS", 0.3)
    return Provider(Settings(mode="demo", **openid.settings()))


def code_of(openid: OpenIdServer, asked: Provider) -> str:
    return openid.back_from(asked.way_to(WAY)).partition("code=")[2].partition("&")[0]


def test_a_code_is_exchanged_for_what_the_provider_says_and_only_once(
    openid: OpenIdServer, asked: Provider
) -> None:
    code = code_of(openid, asked)
    assert asked.identify(code, WAY).subject == ADA["sub"]
    with pytest.raises(CodeRefused):
        asked.identify(code, WAY)
    assert openid.asked == [f"GET {DISCOVERY}", "POST /token", "GET /keys", "POST /token"]


def test_the_code_of_another_way_is_worth_nothing(openid: OpenIdServer, asked: Provider) -> None:
    """Whoever slips somebody a code has not what it was asked for with (RFC 7636)."""
    code = code_of(openid, asked)
    with pytest.raises(CodeRefused):
        asked.identify(code, Request("state", "the nonce", "w" * 43, WAY.redirect_uri))


def test_a_provider_may_want_the_secret_in_the_form(openid: OpenIdServer, asked: Provider) -> None:
    openid.says = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert asked.identify(code_of(openid, asked), WAY).subject == ADA["sub"]


@pytest.mark.parametrize(
    "says",
    [
        b"401 Unauthorized\r\n\r\n<html>",
        b'400 Bad Request\r\n\r\n{"error": "invalid_client"}',
        b'403 Forbidden\r\n\r\n{"error": "unauthorized_client"}',
    ],
)
def test_a_secret_that_the_provider_does_not_take_is_no_fault_of_the_code(
    openid: OpenIdServer, asked: Provider, says: bytes
) -> None:
    assert asked.takes_client(WAY.redirect_uri) is True
    openid.answers["/token"] = raw(b"HTTP/1.1 " + says)
    assert asked.takes_client(WAY.redirect_uri) is False
    with pytest.raises(ClientRefused, match="OPENID_CLIENT_SECRET"):
        asked.identify(code_of(openid, asked), WAY)
    openid.answers["/token"] = raw(b"HTTP/1.1 400 Bad Request\r\n\r\n[1]")
    assert asked.takes_client(WAY.redirect_uri) is None


LIES: list[dict[str, Any]] = [
    {"issuer": "http://127.0.0.1:1"},
    {"issuer": None},
    {"authorization_endpoint": "http://id.example.org/authorize"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"token_endpoint": None},
    {"token_endpoint": "http://169.254.169.254/"},
    {"jwks_uri": "file:///etc/passwd"},
    {"jwks_uri": ["https://id.example.org/keys"]},
]


def test_i10_a_description_with_another_name_or_an_open_door_is_not_believed(
    openid: OpenIdServer, asked: Provider, subtests: pytest.Subtests
) -> None:
    for lie in LIES:
        openid.says = lie
        with subtests.test(lie), pytest.raises(NoAnswer):
            asked.way_to(WAY)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(hangs, id="nothing"),
        pytest.param(drips, id="drops"),
        pytest.param(
            lambda _: raw(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (1024 * 1024 + 1)), id="too much"
        ),
        pytest.param(
            lambda it: raw(
                f"HTTP/1.1 302 Found\r\nLocation: {it.issuer}/elsewhere\r\n\r\n".encode()
            ),
            id="a redirect",
        ),
        pytest.param(lambda _: raw(b"HTTP/1.1 500 No\r\n\r\n"), id="a fault"),
        pytest.param(lambda _: raw(b"HTTP/1.1 200 OK\r\n\r\n<html>"), id="no JSON"),
        pytest.param(lambda _: raw(b"HTTP/1.1 200 OK\r\n\r\n[1]"), id="no object"),
        pytest.param(lambda _: raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 9999), id="too deep"),
    ],
)
def test_i10_a_provider_that_answers_badly_is_left_in_time(
    openid: OpenIdServer,
    asked: Provider,
    make: Callable[[OpenIdServer], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """For its description, its keys and the tokens alike."""
    monkeypatch.setattr(provider, "REST_SECONDS", 0.0)
    for path in ("/token", "/keys", DISCOVERY):
        code = code_of(openid, asked)
        openid.answers = {path: make(openid)}
        if path == DISCOVERY:
            asked._known = provider._Known()
        began = perf_counter()
        with pytest.raises(NoAnswer):
            asked.identify(code, WAY)
        assert perf_counter() - began < IN_TIME
        asked._known = provider._Known()
        openid.answers = {}
    assert "GET /elsewhere" not in openid.asked


def test_after_no_answer_nobody_calls_for_a_while(openid: OpenIdServer, asked: Provider) -> None:
    openid.answers[DISCOVERY] = raw(b"")
    for _ in range(3):
        with pytest.raises(NoAnswer):
            asked.doors()
    assert openid.asked == [f"GET {DISCOVERY}"]


def test_no_more_than_three_wait_at_once(openid: OpenIdServer, asked: Provider) -> None:
    """Readers need the other threads. Who is turned away does not silence the provider."""
    arrived = threading.Semaphore(0)

    def hold(_handler: Any) -> None:
        arrived.release()
        openid.ended.wait(20)

    openid.answers[DISCOVERY] = hold
    refused: list[str] = []

    def ask() -> None:
        try:
            asked.doors()
        except NoAnswer as none:
            refused.append(str(none))

    waiting = [threading.Thread(target=ask) for _ in range(3)]
    for one in waiting:
        one.start()
        assert arrived.acquire(timeout=5)
    with pytest.raises(Busy):
        asked.doors()
    for one in waiting:
        one.join(5)
    assert refused == ["it took too long"] * 3


def test_a_call_that_waits_for_what_nobody_can_end_is_left_in_time() -> None:
    """The system's own lookup of a name, for one."""
    ended = threading.Event()
    with pytest.raises(NoAnswer, match="it took too long"):
        in_time(lambda: ended.wait(20), seconds=0.0)
    ended.set()


def test_new_keys_are_fetched_when_none_fits_but_seldom(
    openid: OpenIdServer, asked: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked.identify(code_of(openid, asked), WAY)
    new: RSAKey = rsa_key("new")
    openid.keys, openid.signs = public(new), lambda claims: signed(claims, key=new)
    with pytest.raises(NotBelieved):
        asked.identify(code_of(openid, asked), WAY)  # they were fetched a moment ago
    monkeypatch.setattr(provider, "REST_SECONDS", 0.0)
    assert asked.identify(code_of(openid, asked), WAY).subject == ADA["sub"]
    assert openid.asked.count("GET /keys") == 2


@pytest.mark.one_database
def test_i10_nobody_is_called_where_no_provider_is_set(app: Flask) -> None:
    assert provider.chosen() is None
