"""Forged requests (C01): nothing is written without this browser's own token, from this site."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.infra.http.csrf import protect
from tests.infra.conftest import put_views, tag_names
from tests.support.client import Browser

pytestmark = pytest.mark.one_database


def test_c01_the_pages_own_form_goes_through(visitor: Browser) -> None:
    assert visitor.submit("/bench/act/done").status_code == 200


@pytest.mark.parametrize("token", [None, "", "forged", "IjEi.aQ.bad"])
def test_c01_without_a_good_token_nothing_is_done(visitor: Browser, token: str | None) -> None:
    visitor.csrf_token()

    answer = visitor.post("/bench/act/done", data={} if token is None else {"csrf_token": token})

    assert answer.status_code == 400
    assert "The form had grown stale" in answer.text
    assert tag_names() == []


def test_c01_another_browsers_token_opens_nothing(bench: Flask, visitor: Browser) -> None:
    other = bench.test_client()
    assert isinstance(other, Browser)
    visitor.csrf_token()

    answer = visitor.post("/bench/act/done", data={"csrf_token": other.csrf_token()})

    assert answer.status_code == 400
    assert tag_names() == []


def test_c01_json_sent_as_plain_text_carries_no_token(visitor: Browser) -> None:
    token = visitor.csrf_token()

    answer = visitor.post(
        "/bench/act/done", data=f'{{"csrf_token": "{token}"}}', content_type="text/plain"
    )

    assert answer.status_code == 400
    assert tag_names() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://["},
        {"Origin": "localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_c01_from_another_site_a_good_token_does_not_help(
    visitor: Browser, headers: dict[str, str]
) -> None:
    token = visitor.csrf_token()

    answer = visitor.post("/bench/act/done", data={"csrf_token": token}, headers=headers)

    assert answer.status_code == 403
    assert "from another site" in answer.text
    assert tag_names() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_this_sites_own_requests_go_through(visitor: Browser, headers: dict[str, str]) -> None:
    token = visitor.csrf_token()

    answer = visitor.post("/bench/act/done", data={"csrf_token": token}, headers=headers)

    assert answer.status_code == 200


def test_the_public_address_counts_as_this_site_behind_a_proxy(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(public_url="http://questions.example.org", trusted_hosts=("localhost",))
    put_views(app)
    client = app.test_client()
    assert isinstance(client, Browser)
    with app.app_context():
        token = client.csrf_token()
        answer = client.post(
            "/bench/act/done",
            data={"csrf_token": token},
            headers={"Origin": "http://questions.example.org"},
        )

    assert answer.status_code == 200


def test_an_exempt_view_is_reached_from_anywhere(own_bench: Flask) -> None:
    @protect.exempt
    def one_click() -> str:
        return "gone"

    own_bench.add_url_rule("/bench/one-click", view_func=one_click, methods=["POST"])

    answer = own_bench.test_client().post(
        "/bench/one-click",
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.text == "gone"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE"])
def test_p07_no_other_method_acts(visitor: Browser, method: str) -> None:
    visitor.open("/bench/act/done", method=method)

    assert tag_names() == []


def test_p07_a_method_cannot_be_overridden(visitor: Browser) -> None:
    visitor.get(
        "/bench/act/done?_method=POST",
        headers={"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"},
    )

    assert tag_names() == []
