"""What is answered before Flask: to whom, for how long, and with which headers."""

from __future__ import annotations

import gzip
import html
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, request_started

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.http.front import Front
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.client import Browser
from tests.support.settings import change_settings

As = Callable[[Account], Browser]
Maker = Callable[..., Flask]


@pytest.fixture
def article(app: Flask) -> Article:
    return factories.make_article("Why hips click", tags=[factories.make_tag("hip")])


@pytest.fixture
def path(article: Article) -> str:
    return article.href


@pytest.fixture
def drawn(app: Flask) -> Any:
    """The paths that Flask itself was asked for."""
    asked: list[str] = []

    def note(_app: Flask, **_more: Any) -> None:
        from flask import request  # noqa: PLC0415  (only here is there a request)

        asked.append(request.full_path.rstrip("?"))

    with request_started.connected_to(note, app):
        yield asked


def front_of(app: Flask) -> Front:
    front = app.extensions["front"]
    assert isinstance(front, Front)
    return front


def test_the_second_guest_is_answered_without_flask(
    client: Browser, path: str, drawn: list[str]
) -> None:
    first, second = client.get(path), client.get(path)

    assert drawn == [path]
    assert first.data == second.data
    named = [dict(answer.headers) for answer in (first, second)]
    assert named[0].pop("X-Request-ID") != named[1].pop("X-Request-ID")
    assert named[0] == named[1]
    assert "Why hips click" in second.text


def test_c07_c09_a_kept_page_has_all_security_headers_no_cookie_and_no_token(
    client: Browser, path: str
) -> None:
    for answer in (client.get(path), client.get(path)):
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert answer.headers["Vary"] == "Cookie, Accept-Encoding"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "Set-Cookie" not in answer.headers
        assert "csrf_token" not in answer.text
        assert 'name="body"' in answer.text


def test_who_has_it_already_gets_304_with_a_weak_strong_or_listed_tag(
    client: Browser, path: str
) -> None:
    tag = client.get(path).headers["ETag"]
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        answer = client.get(path, headers={"If-None-Match": known})
        assert answer.status_code == 304
        assert answer.data == b""
        assert answer.headers["ETag"] == tag
        assert "Content-Security-Policy" in answer.headers
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_what_is_asked_for_again_is_made_smaller_once(client: Browser, path: str) -> None:
    def small() -> bytes:
        return client.get(path, headers={"Accept-Encoding": "gzip"}).data

    first, second = small(), small()
    assert len(second) < len(first)
    assert gzip.decompress(second) == gzip.decompress(first)
    assert small() == second


def test_gzip_is_given_to_who_takes_it(client: Browser, path: str) -> None:
    plain = client.get(path)
    for accepted in ("gzip", "br, gzip;q=0.5", "gzip, deflate"):
        small = client.get(path, headers={"Accept-Encoding": accepted})
        assert small.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(small.data) == plain.data
        assert small.headers["Content-Length"] == str(len(small.data))
    for refused in ("identity", "gzip;q=0", "gzip; q=0.0", ""):
        answer = client.get(path, headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in answer.headers
        assert answer.data == plain.data


def test_head_says_what_get_would_and_sends_nothing(client: Browser, path: str) -> None:
    head, get, again = client.head(path), client.get(path), client.head(path)
    assert head.data == again.data == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert head.headers["ETag"] == get.headers["ETag"]
    assert client.head("/articles/none").status_code == 404


def test_c07_what_a_page_does_not_know_neither_poisons_nor_multiplies_it(
    client: Browser, path: str, drawn: list[str]
) -> None:
    plain = client.get(path)
    for query in ("utm_source=x", "utm_source=y&fbclid=1", "%3Cscript%3E", "a=b&a=c", "page=&x"):
        answer = client.get(f"{path}?{query}")
        assert answer.data == plain.data, query
    assert len(drawn) == 1
    assert front_of(client.application)._memory._asked.held == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/evil"},
        {"X-Original-URL": "/author/", "X-Rewrite-URL": "/author/"},
        {"Accept": "application/json", "Accept-Language": "xx-evil"},
        {"User-Agent": "evil.example", "Referer": "https://evil.example/"},
        {"Forwarded": "host=evil.example", "Cookie": "other=evil.example"},
        {"X-Requested-With": "evil.example", "Range": "bytes=0-9"},
    ],
)
def test_c07_no_header_that_is_not_in_the_key_stands_in_what_others_get(
    client: Browser, path: str, headers: dict[str, str]
) -> None:
    poisoned = client.get(path, headers=headers)
    front_of(client.application).forget()
    assert poisoned.status_code == 200
    assert poisoned.data == client.get(path).data
    assert "evil" not in poisoned.text + str(poisoned.headers)


@pytest.mark.parametrize("ending", ["/x;.css", ";.css", "%2e", ".", "/..;/", "%00.css", "/", "%2f"])
def test_c07_no_other_spelling_of_an_address_is_kept(
    client: Browser, path: str, ending: str
) -> None:
    client.get(path)
    held = front_of(client.application).held
    assert client.get(path + ending).status_code in (301, 308, 404)
    assert front_of(client.application).held == held


def test_c07_a_foreign_host_gets_nothing_kept(client: Browser, path: str) -> None:
    client.get(path)
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_c07_s10_no_host_or_path_that_somebody_makes_up_is_remembered(
    client: Browser, path: str
) -> None:
    """What a request bears may be a quarter of a mebibyte long, and is held by each process."""
    front = front_of(client.application)
    for host in (*(f"{number}.evil.example" for number in range(5)), "localhost:" + "0" * 9000):
        client.get(path, headers={"Host": host})
    client.get("/articles/" + "a" * 9000)

    assert all(len(host) < 300 and "evil" not in host for host in front._hosts)
    assert all(len(known) < 300 for known in front._known)


def test_errors_redirects_and_other_methods_are_not_kept(
    client: Browser, path: str, article: Article
) -> None:
    question = factories.make_question(article=article)
    for wanted in ("/articles/none", "/tags/none", f"/questions/{question.id}-x", "/search?q=hip"):
        assert client.get(wanted).status_code != 200 or wanted.startswith("/search")
    assert client.options(path).status_code == 200
    assert front_of(client.application).held == 0


def test_v06_somebody_who_is_signed_in_or_bears_a_session_is_drawn_for(
    client: Browser, as_: As, path: str, drawn: list[str]
) -> None:
    reader = as_(factories.make_account(name="Somebody Known"))
    kept = client.get(path)
    own = reader.get(path, headers={"If-None-Match": kept.headers["ETag"]})
    bearer = client.get(path, headers={"Authorization": "Basic x"})

    assert own.status_code == bearer.status_code == 200
    assert "private" in own.headers["Cache-Control"]
    assert "ETag" not in own.headers
    assert len(drawn) == 3


def test_a_page_is_never_older_than_a_minute(
    clock: time_machine.Traveller, client: Browser, path: str, drawn: list[str]
) -> None:
    client.get(path)
    clock.shift(timedelta(seconds=59))
    client.get(path)
    assert len(drawn) == 1
    clock.shift(timedelta(seconds=1))
    client.get(path)
    assert len(drawn) == 2
    clock.shift(timedelta(seconds=-3600))  # the machine's clock was set back
    client.get(path)
    assert len(drawn) == 3


def test_v17_what_another_process_hides_is_in_no_later_answer(
    client: Browser, make_app: Maker, path: str, article: Article
) -> None:
    """Two programs on one database; each keeps its own pages and learns of nothing but marks."""
    other = make_app()
    elsewhere = other.test_client()
    comment_id = factories.make_comment("A canary sings.", article=article).id
    for status in (Status.REJECTED, Status.APPROVED) * 2:
        client.get(path)
        elsewhere.get(path)
        with unit_of_work():
            db.session.get_one(Comment, comment_id, populate_existing=True).status = status
        shown = [("A canary sings." in browser.get(path).text) for browser in (client, elsewhere)]
        assert shown == [status == Status.APPROVED] * 2


def test_another_setting_of_the_site_draws_anew(app: Flask, client: Browser, path: str) -> None:
    assert 'name="body"' in client.get(path).text
    change_settings(app, guests_may_ask=False)
    assert 'name="body"' not in client.get(path).text


@pytest.mark.one_database
def test_r26_five_hundred_readers_of_an_expired_page_cause_at_most_two_draws(
    app: Flask, client: Browser, path: str, drawn: list[str]
) -> None:
    client.get(path)
    with unit_of_work():
        db.session.get_one(Article, 1).summary = "Changed"
    drawn.clear()
    bodies: list[bytes] = []
    together = threading.Barrier(25)

    def read() -> None:
        browser = app.test_client()
        together.wait(30)
        bodies.extend(browser.get(path).data for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(bodies) == 500
    assert len(set(bodies)) == 1
    assert b"Changed" in bodies[0]
    assert len(drawn) <= 2


def test_pages_that_fill_the_memory_drive_out_the_oldest(make_app: Maker) -> None:
    app = make_app(kept_megabytes=1)
    with app.app_context():
        articles = [factories.make_article(text="word " * 60_000) for _ in range(4)]
        paths = [one.href for one in articles]
        db.session.commit()
    client = app.test_client()
    for path in paths:
        client.get(path)
    assert 0 < front_of(app).held <= 1024 * 1024


def test_a_page_that_is_asked_for_in_gzip_is_kept_in_gzip_alone(
    app: Flask, client: Browser
) -> None:
    path = factories.make_article(text="word " * 20_000).href
    db.session.commit()
    plain = client.get(path).data
    assert front_of(app).held > len(plain)
    for _ in range(3):
        client.get(path, headers={"Accept-Encoding": "gzip"})
    assert front_of(app).held < len(plain) / 5
    assert client.get(path).data == plain


def test_files_are_answered_before_flask_also_to_who_is_signed_in(
    app: Flask, client: Browser, as_: As, drawn: list[str]
) -> None:
    with app.test_request_context():
        address = app.jinja_env.globals["asset"]("site.css")  # type: ignore[operator]
    reader = as_(factories.make_account())
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    second = reader.get(address, headers={"Accept-Encoding": "gzip"})
    assert drawn == [address]
    assert first.data == second.data
    assert second.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert second.headers["Vary"] == "Accept-Encoding"
    assert second.headers["X-Content-Type-Options"] == "nosniff"
    assert second.headers["Content-Encoding"] == "gzip"


def test_a_cache_in_front_is_told_what_changed_and_only_then_may_answer(
    app: Flask, client: Browser, path: str
) -> None:
    change_settings(app, purge_url="https://cache.example/purge")
    answer = client.get(path)
    assert "s-maxage=60" in answer.headers["Cache-Control"]
    assert answer.headers["Surrogate-Key"] == "site article:1"
    assert answer.headers["Cache-Tag"] == "site,article:1"


@pytest.mark.parametrize("where", ["/questions/", "/tags/hip"])
def test_r25_a_guest_who_follows_next_sees_each_question_once_and_comes_to_an_end(
    client: Browser, where: str
) -> None:
    hip, article = factories.make_tag("hip"), factories.make_article()
    asked = [factories.make_question(article=article, tags=[hip]).id for _ in range(55)]
    seen: list[int] = []
    path: str | None = where

    for _ in range(4):
        page = client.get(path, follow_redirects=True)
        seen += dict.fromkeys(map(int, re.findall(r'href="/questions/(\d+)-', page.text)))
        following = re.search(r'<a rel="next" href="([^"]+)"', page.text)
        path = html.unescape(following[1]) if following else None
        if path is None:
            break

    assert path is None
    assert sorted(seen) == sorted(asked)
