"""What every answer says about itself, errors and files included (C05, C08, X15)."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from flask import Flask, session

from app.infra.http.headers import keep_nowhere
from tests.support.client import Browser

pytestmark = pytest.mark.one_database

ANSWERS = {
    200: ("GET", "/bench/read"),
    400: ("POST", "/bench/act/done"),
    404: ("GET", "/no/such/page"),
    405: ("DELETE", "/bench/read"),
    413: ("POST", "/bench/act/done"),
    500: ("POST", "/bench/act/fault"),
}


def answer_with(visitor: Browser, status: int):  # type: ignore[no-untyped-def]
    method, path = ANSWERS[status]
    if status == 500:
        return visitor.submit(path)
    data = b"a" * 100_000 if status == 413 else None
    return visitor.open(path, method=method, data=data)


@pytest.mark.parametrize("status", ANSWERS)
def test_c08_every_answer_bears_the_headers(visitor: Browser, status: int) -> None:
    answer = answer_with(visitor, status)

    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Server" not in answer.headers
    assert answer.headers["Cache-Control"] in ("private, no-cache", "no-store")


@pytest.mark.parametrize("status", ANSWERS)
def test_x15_no_answer_lets_anything_inside_the_page_run(visitor: Browser, status: int) -> None:
    policy = dict(
        part.split(" ", 1)
        for part in answer_with(visitor, status).headers["Content-Security-Policy"].split("; ")
    )

    assert "unsafe" not in str(policy)
    assert policy["default-src"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"


@pytest.mark.parametrize("status", ANSWERS)
def test_c05_no_answer_may_be_framed(visitor: Browser, status: int) -> None:
    answer = answer_with(visitor, status)

    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_c08_our_own_files_bear_the_headers_too(bench: Flask, visitor: Browser) -> None:
    with bench.test_request_context():
        path = bench.jinja_env.globals["asset"]("site.css")  # type: ignore[operator]

    answer = visitor.get(path)

    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_c08_an_answer_without_a_body_bears_the_headers_too(visitor: Browser) -> None:
    """304, and what is answered to HEAD and OPTIONS."""
    page = visitor.get("/feed.atom")
    answers = [
        visitor.get("/feed.atom", headers={"If-None-Match": page.headers["ETag"]}),
        visitor.head("/"),
        visitor.options("/"),
    ]

    assert [answer.status_code for answer in answers] == [304, 200, 200]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Permissions-Policy"]


def test_c08_https_is_kept_where_the_site_has_it(make_app: Callable[..., Flask]) -> None:
    app = make_app(public_url="https://localhost")

    answer = app.test_client().get("/no/such/page", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=15768000"


def test_c08_names_below_the_site_are_bound_only_where_the_operator_says_so(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(public_url="https://localhost", hsts_subdomains=True)

    answer = app.test_client().get("/healthz", base_url="https://localhost")

    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_c08_plain_http_is_never_told_to_come_back_by_https(visitor: Browser) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/bench/read").headers


def test_c09_a_private_page_is_kept_nowhere(own_bench: Flask) -> None:
    own_bench.add_url_rule(
        "/bench/private", "private", lambda: keep_nowhere(own_bench.make_response("mine"))
    )

    answer = own_bench.test_client().get("/bench/private")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    # `no-referrer` would make browsers send `Origin: null` with this page's own forms.
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a02_the_cookie_of_an_https_site_is_bound_to_its_host(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(public_url="https://localhost")
    app.add_url_rule("/bench/keep", "keep", _keep)

    answer = app.test_client().get("/bench/keep", base_url="https://localhost")

    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert cookie.key == "__Host-threshold"
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/instance/threshold.db", "/pyproject.toml", "/console"]
)
def test_d11_nothing_beside_the_site_is_served(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 404


def _keep() -> str:
    session["kept"] = 1
    return "kept"
