"""Requests that no honest browser sends, at every route and at the real server."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.cli.serving import LARGEST_BODY
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.web.author.images import LARGEST_MEBIBYTES
from tests import factories
from tests.architecture.routes import MAY_USE
from tests.security.forms import FORMS, build
from tests.support.client import Browser
from tests.support.settings import change_settings

pytestmark = pytest.mark.one_database

As = Callable[[Account], Browser]
EVIL = "evil.example"
ORIGINS = [
    "https://evil.example",
    "null",
    "http://localhost.evil.example",
    "http://evil-localhost",
    "http://localhost@evil.example",
    "file://",
]
FORWARDED = {
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Server": EVIL,
    "X-Original-URL": f"//{EVIL}/moderation/",
    "X-Rewrite-URL": "/moderation/",
    "X-HTTP-Method-Override": "DELETE",
    "Forwarded": f"for=192.0.2.1;host={EVIL};proto=https",
    "X-Real-IP": "127.0.0.1",
}
ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "\r\n//evil.example",
    "@evil.example",
    "/x\r\nLocation: https://evil.example",
]


def public_paths(app: Flask) -> list[str]:
    """One address of each public page, with real rows behind it."""
    tag = factories.make_tag("ankle")
    article = factories.make_article("Ankles", tags=[tag])
    resource = factories.make_resource("Circles", tags=[tag])
    question = factories.make_question(article=article, tags=[tag])
    return [
        *("/", "/archive/", "/questions/", "/tags/", "/resources/", "/search?q=hip"),
        *("/sign-in", "/sign-up", "/forgot-password", "/feed.atom", "/sitemap.xml", "/robots.txt"),
        *(
            "/healthz",
            "/readyz",
            "/fresh-form",
            "/no-such-page",
            "/moderation/",
            "/author/",
            "/account/",
        ),
        f"/articles/{article.slug}",
        f"/articles/{article.slug}/feed.atom",
        f"/articles/{article.slug}/ask",
        f"/authors/{article.author.username}",
        f"/tags/{tag.slug}",
        f"/tags/{tag.slug}/feed.atom",
        f"/resources/{resource.slug}",
        f"/questions/{question.id}",
        f"/comments/{question.id}/reply",
        f"/comments/{question.id}/report",
        f"/reported/{article.slug}",
        f"/questions/{question.id}/me-too",
        *("/your-questions", "/sign-in/second", "/sign-in/openid/back", "/sign-up/openid"),
        *("/sign-in/link", "/following/", f"/follow/question-{question.id}"),
        *("/answers/", factories.make_card(tags=[tag]).href, "/moderation-summary", "/privacy"),
        "/account/preferences",
    ]


def test_c06_a_forwarded_host_is_in_no_link_redirect_or_feed(app: Flask, client: Browser) -> None:
    for path in public_paths(app):
        answer = client.get(path, headers=FORWARDED)

        assert answer.status_code < 500, path
        assert EVIL not in answer.text, path
        assert "gopher" not in answer.text, path
        assert EVIL not in str(answer.headers), path


@pytest.mark.parametrize("host", [EVIL, f"localhost.{EVIL}", f"localhost@{EVIL}", "", "[", "*"])
def test_c06_a_foreign_host_gets_no_page_and_is_not_repeated(
    app: Flask, client: Browser, host: str
) -> None:
    for path in public_paths(app):
        answer = client.get(path, headers={"Host": host})

        assert answer.status_code == 400, path
        assert EVIL not in answer.text + str(answer.headers), path


def test_c06_links_and_feeds_bear_the_configured_address_whatever_was_asked(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(public_url="https://standing.example", trusted_hosts=("inside.example",))
    with app.app_context():
        paths = public_paths(app)
    for path in paths:
        answer = app.test_client().get(path, base_url="http://inside.example")
        assert answer.status_code < 500
        assert "inside.example" not in answer.text, path
        assert "inside.example" not in (answer.location or ""), path


@pytest.mark.parametrize("origin", ORIGINS)
def test_c03_no_answer_lets_another_site_read_it(
    app: Flask, as_: As, client: Browser, origin: str
) -> None:
    admin = as_(factories.make_account(Role.ADMIN))
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for path in public_paths(app):
        for browser in (client, admin):
            for method in ("GET", "OPTIONS"):
                answer = browser.open(path, method=method, headers=asking)
                allowing = [
                    name for name, _ in answer.headers if name.lower().startswith("access-control")
                ]
                assert allowing == [], path
                assert answer.headers.get("X-Frame-Options") == "DENY", path


@pytest.mark.parametrize("origin", ORIGINS)
def test_c01_no_form_is_taken_from_another_origin(app: Flask, as_: As, origin: str) -> None:
    house = build(app)
    browser = as_(house.admin)
    for endpoint in FORMS:
        fields = {**house.fields(endpoint), "csrf_token": browser.csrf_token()}
        answer = browser.post(house.paths[endpoint], data=fields, headers={"Origin": origin})
        assert answer.status_code == 403, endpoint


def test_c01_a_token_of_another_session_opens_no_form(app: Flask, as_: As) -> None:
    house = build(app)
    browser = as_(house.admin)
    stranger = app.test_client()
    assert isinstance(stranger, Browser)
    stolen = stranger.csrf_token()
    for endpoint in FORMS:
        for token in (stolen, "", "x", stolen + "x"):
            fields = {**house.fields(endpoint), "csrf_token": token}
            assert browser.post(house.paths[endpoint], data=fields).status_code == 400, endpoint


def leads_away(answer: TestResponse) -> bool:
    place = answer.location or "/"
    parts = urlsplit(place)
    at_home = parts.netloc in ("", "localhost") and parts.scheme in ("", "http")
    return not at_home or not parts.path.startswith("/") or place.startswith(("//", "/\\"))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_c04_no_form_and_no_page_sends_anybody_elsewhere(app: Flask, as_: As, target: str) -> None:
    """In every field that could name a place, on every route, and in the Referer."""
    names = ("next", "return", "url", "redirect", "to", "following", "lane", "continue")
    house = build(app)
    places = dict.fromkeys(names, target)
    referer = {"Referer": f"https://{EVIL}/"}
    guest = app.test_client()
    assert isinstance(guest, Browser)
    paths = [path.partition("?")[0] for path in public_paths(app)]
    answers = [guest.get(path, query_string=places) for path in paths]
    desk = as_(house.admin)
    for endpoint, path in house.paths.items():
        # What an account's own forms leave of a session is no matter of the next form.
        browser = as_(house.admin) if endpoint.startswith("accounts.") else desk
        fields = {**house.fields(endpoint), **places, "csrf_token": browser.csrf_token()}
        answers.append(browser.post(path, query_string=places, data=fields, headers=referer))
    assert desk.get("/account/").status_code == 200

    for answer in answers:
        assert answer.status_code < 500
        assert not leads_away(answer), answer.location
        assert f'href="{target}"' not in answer.text


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "FOO", "POST"]
)
def test_p07_a_method_that_no_page_takes_is_refused_in_words(
    app: Flask, client: Browser, method: str
) -> None:
    for path in public_paths(app):
        answer = client.open(path, method=method)
        # 422: a guest's form may come without a token, but not without a text
        assert answer.status_code in (400, 401, 404, 405, 422), (method, path)
        assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "cookie",
    [
        "x",
        "\xff",
        ".eJx.x.x",
        "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbb",
        "a" * 8000,
        "=;;=",
        '"\\377"',
    ],
)
def test_a03_a_cookie_that_we_did_not_sign_is_nobody(
    app: Flask, client: Browser, cookie: str
) -> None:
    for path in ("/account/", "/moderation/", "/"):
        answer = client.get(path, headers={"Cookie": f"threshold={cookie}"})
        assert answer.status_code == (200 if path == "/" else 302)


def test_a03_one_changed_character_of_a_session_is_nobody(app: Flask, as_: As) -> None:
    browser = as_(factories.make_account(Role.ADMIN))
    cookie = browser.get_cookie("threshold")
    assert cookie is not None
    for place in (0, len(cookie.value) // 2, -2):
        letters = list(cookie.value)
        letters[place] = "A" if letters[place] != "A" else "B"
        forged = app.test_client()
        forged.set_cookie("threshold", "".join(letters))
        assert forged.get("/moderation/").status_code == 302


@pytest.mark.parametrize("end", ["/sign-out", "/account/sessions/end"])
def test_a03_a_copied_cookie_dies_with_its_session(app: Flask, as_: As, end: str) -> None:
    account = factories.make_account(Role.MODERATOR)
    browser, other = as_(account), as_(account)
    copied = (browser if end == "/sign-out" else other).get_cookie("threshold")
    assert copied is not None
    copy = app.test_client()
    copy.set_cookie("threshold", copied.value)
    assert copy.get("/moderation/").status_code == 200

    browser.submit(end)

    copy.set_cookie("threshold", copied.value)
    assert copy.get("/moderation/").status_code == 302


# At the real server, over the wire


def talk(address: str, sent: bytes, seconds: float = 10) -> tuple[int, bytes, float]:
    """The status and the whole answer to these bytes, and how long it took."""
    place = urlsplit(address)
    began = time.monotonic()
    with socket.create_connection((place.hostname, place.port), seconds) as wire:
        with suppress(OSError):  # refused while we were still talking
            wire.sendall(sent)
        got = b"".join(iter(lambda: _read(wire), b""))
    status = re.match(rb"HTTP/1\.[01] ([0-9]{3}) ", got)
    return int(status[1]) if status else 0, got, time.monotonic() - began


def _read(wire: socket.socket) -> bytes:
    try:
        return wire.recv(65536)
    except ConnectionError:
        return b""


def message(
    address: str,
    first: bytes,
    *headers: bytes,
    body: bytes = b"",
    kind: bytes = b"application/x-www-form-urlencoded",
) -> bytes:
    host = urlsplit(address).netloc.encode()
    lines = [first + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *headers]
    if body:
        lines.append(b"Content-Type: " + kind)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunks(pieces: Iterable[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (b"Content-Length: -1", b"body=a"),
        (b"Content-Length: many", b"body=a"),
        (b"Content-Length: 99999999999999999999999", b"body=a"),
        (b"Content-Length: 6\r\nContent-Length: 3", b"body=a"),
        (b"Content-Length: 6", b"body=a"),
        (b"Content-Length: 4", b"%ff\0"),
        (b"Transfer-Encoding: chunked", chunks([b"body=a"])),
        (b"Transfer-Encoding: chunked", b"zz\r\nbody=a\r\n0\r\n\r\n"),
        (b"Transfer-Encoding: chunked", chunks([b"x" * 65_536] * 20)),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 3", chunks([b"body=a"])),
        (b"Content-Length: 70005", b"body=" + b"a" * 70_000),
    ],
)
def test_s10_a_body_that_lies_about_its_length_is_refused_at_once(
    live_server: str, header: bytes, body: bytes
) -> None:
    for path in (b"/sign-in", b"/preview"):
        status, _, seconds = talk(
            live_server, message(live_server, b"POST " + path, header, body=body)
        )

        assert 400 <= status < 500, path
        assert seconds < 10


def test_s10_the_server_keeps_no_body_that_no_view_would_take() -> None:
    """Without a length a body is kept until its end, so the server itself stops at this much."""
    assert LARGEST_MEBIBYTES * 1024 * 1024 < LARGEST_BODY <= 2 * LARGEST_MEBIBYTES * 1024 * 1024


@pytest.mark.parametrize(
    "path",
    [
        b"/articles/%ff%fe",
        b"/articles/%00",
        b"/\xff\xfe",
        b"/tags/%ed%a0%80",
        b"/" + b"a" * 9000,
        b"//evil.example/",
        b"//evil.example/%2e%2e",
        b"/..%2f..%2fetc/passwd",
        b"/static/..%2f..%2fwsgi.py",
        b"/assets/x/..%2f..%2fwsgi.py",
        b"/media/..%2fthreshold.db",
        b"/%0d%0aX-Evil:%201",
        b"/articles/x%0d%0aX-Evil:%201",
        b"/questions/99999999999999999999-x",
        b"/comments/1.0",
        b"/?page=" + b"9" * 5000,
        b"/?p=%00",
        b"/search?q=%ff%00%ed%a0%80",
        b"/sign-in?next=%0d%0aX-Evil:1",
        b"/reset-password/%ff",
        b"/asked/1/%ff",
        b"/prove/1/zz-%ff",
        b"/unsubscribe/1/%ff/%00",
        b"/archive/0/0",
        b"/archive/9999/12",
        b"/console",
        b"/?__debugger__=yes&cmd=1",
        b"*",
        b"http://evil.example/",
    ],
)
def test_p11_a15_an_odd_address_is_a_page_or_a_refusal_and_never_a_fault(
    app: Flask, live_server: str, path: bytes
) -> None:
    factories.make_comment()
    for method in (b"GET", b"HEAD", b"OPTIONS"):
        status, answer, _ = talk(live_server, message(live_server, method + b" " + path))

        assert 200 <= status < 500, method
        assert b"X-Evil:" not in answer.split(b"\r\n\r\n", 1)[0].replace(b"%0aX-Evil:", b"")
        for secret in (b"Traceback", b"Werkzeug Debugger", b"SQLite format", b"create_app"):
            assert secret not in answer
        place = re.search(rb"(?mi)^Location: (.*?)\r$", answer)
        assert place is None or urlsplit(place[1]).netloc in (
            b"",
            urlsplit(live_server).netloc.encode(),
        )


@pytest.mark.parametrize(
    "header",
    [
        b"Cookie: threshold=\xff\xfe",
        b"Range: bytes=99999999999-",
        b"Range: bytes=0-1,0-1,0-1,0-1",
        b'If-None-Match: "x',
        b"If-Modified-Since: Mon, 99 Xyz 99999 00:00:00 GMT",
        b"Accept-Encoding: gzip;q=zz",
        b"Accept: \xff",
        b"X-Forwarded-For: " + b"192.0.2.1," * 3000,
        b"X-Forwarded-For: \xff, , 999.1.1.1, [::1, ::ffff:1.2.3.4%0",
        b"X-Big: " + b"a" * 200_000,
        b"X-Big: " + b"a" * 400_000,
        b"Referer: \xff\xfe",
        b"User-Agent: \x1b[31m\xff",
    ],
)
def test_p11_s02_an_odd_header_is_no_fault(app: Flask, live_server: str, header: bytes) -> None:
    change_settings(app, trusted_proxies=())
    for path in (b"/", b"/feed.atom", b"/sitemap.xml", b"/sign-in", b"/search?q=hip"):
        status, answer, _ = talk(live_server, message(live_server, b"GET " + path, header))

        assert 200 <= status < 500, path
        assert b"Traceback" not in answer


def test_every_public_route_is_asked_here(app: Flask) -> None:
    """So that a page that is added later is asked too."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        asked = set()
        for path in public_paths(app):
            place = path.partition("?")[0]
            if place != "/no-such-page":
                asked.add(adapter.match(place, method="GET")[0])
    public = {
        route.split()[1]
        for route, who in MAY_USE.items()
        if route.startswith("GET ") and isinstance(who, frozenset) and "guest" in who
    }
    beside = {  # files, parts, and pages that only say that something was done
        *("assets", "articles.media", "feeds.sitemap_part", "articles.month"),
        *("accounts.forgot_sent", "accounts.sign_up_sent", "questions.permalink"),
        *("questions.me_too_sent", "following.sent", "accounts.link_sent"),
        "accounts.stranger_out",
    }
    assert public - asked - beside == set()
