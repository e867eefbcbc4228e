"""Every route in the URL map against the table of who may use it (P01), token and origin (C01)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, url_for
from sqlalchemy import func, literal, select, union_all
from werkzeug.routing import Rule

from app.domains.accounts.models import Account
from app.domains.comments.states import Status
from app.infra.db import db
from app.web.accounts import again, fresh
from tests import factories
from tests.architecture.routes import (
    ASKS_AGAIN,
    EVERYONE,
    GUEST,
    HOLDERS,
    MAY_USE,
    ROLES,
    WITHOUT_TOKEN,
)
from tests.support.client import Browser

pytestmark = pytest.mark.one_database

SAFE = {"HEAD", "OPTIONS"}
GUARDED = [route for route, who in MAY_USE.items() if who not in (EVERYONE, HOLDERS)]
KEYED = [route for route, who in MAY_USE.items() if who == HOLDERS]
READ = [route for route in MAY_USE if route.startswith("GET ")]
UNSAFE = [route for route in MAY_USE if not route.startswith("GET ")]
WITH_TOKEN = sorted(set(UNSAFE) - WITHOUT_TOKEN)
REFUSED = {role: [route for route in GUARDED if role not in MAY_USE[route]] for role in ROLES}
MAY_READ = {role: sorted({*GUARDED} & {*READ} - {*REFUSED[role]}) for role in ROLES}
COUNTING = union_all(
    *(
        select(literal(table.name), func.count()).select_from(table)
        for table in db.metadata.sorted_tables
    )
)
As = Callable[[Account], Browser]


@pytest.fixture
def addresses(
    app: Flask, furnished: Callable[[str, Callable[[], dict[str, str]]], dict[str, str]]
) -> dict[str, str]:
    """The address of every route, its parts naming things that are really there."""
    return furnished("routes", lambda: put_things(app))


def put_things(app: Flask) -> dict[str, str]:
    tag = factories.make_tag("hip")
    article = factories.make_article("Hips", tags=[tag])
    resource = factories.make_resource("Swing", tags=[tag])
    card = factories.make_card("Clicks", tags=[tag])
    link = factories.make_link(card, factories.make_question(article=article))
    waiting = factories.make_question(article=article, status=Status.PENDING)
    parts = {
        "comment_id": waiting.id,
        "article_id": article.id,
        "tag_id": tag.id,
        "resource_id": resource.id,
        "card_id": card.id,
        "link_id": link.id,
        "passkey_id": 1,
        "revision_id": 1,
        "job_id": 1,
        "rule_id": factories.make_rule().id,
        "entry_id": 1,
        "measure_id": 1,
        "account_id": article.author_id,
        "kind": "address",
        "published": "article",
        "thing_id": article.id,
        "person_id": waiting.address_id,
        "batch_id": 1,
        "list_id": 1,
        "proposal_id": 1,
        "session_id": 1,
        "identity_id": 1,
        "address_id": waiting.address_id,
        "key": "0" * 40,
        "secret": "s" * 43,
        "erasure_id": 1,
        "topic": "replies",
        "username": article.author.username,
        "year": 2026,
        "month": 3,
        "number": 1,
        "followed": f"article-{article.id}",
        "often": "daily",
        "name": "none.png",
        "filename": "none.css",
        "asked": "00000000",
        "form": "csv",
        "which": "days",
    }
    slugs = {
        "answers.show": card.slug,
        "library.resource": resource.slug,
        "library.tag": tag.slug,
        "feeds.tag": tag.slug,
    }
    with app.test_request_context():
        return {
            f"{method} {rule.endpoint}": url_for(
                rule.endpoint, **_parts_of(rule, parts, slugs.get(rule.endpoint, article.slug))
            )
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - SAFE
        }


def _parts_of(rule: Rule, parts: dict[str, object], slug: str) -> dict[str, object]:
    return {name: slug if name == "slug" else parts[name] for name in rule.arguments}


def browser_of(role: str, app: Flask, as_: As) -> Browser:
    if role != GUEST:
        return as_(factories.make_account(role))
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def knock(browser: Browser, route: str, addresses: dict[str, str]):  # type: ignore[no-untyped-def]
    """Ask for the route as its own page would: with a good token where it changes something."""
    if route.startswith("GET "):
        return browser.get(addresses[route])
    return browser.submit(addresses[route])


def row_counts() -> dict[str, int]:
    """How many rows each table has, asked all at once: most tests here ask twice or more."""
    return dict(db.session.execute(COUNTING).all())


def is_in(browser: Browser) -> bool:
    """Whether somebody is still signed in, whom a walk through many routes took along."""
    return browser.get("/account/").status_code == 200


def test_p01_every_route_stands_in_the_table_and_nothing_else(addresses: dict[str, str]) -> None:
    assert set(addresses) == set(MAY_USE)


@pytest.mark.parametrize("role", [role for role, routes in REFUSED.items() if routes])
def test_p01_who_is_not_named_is_refused_and_changes_nothing(
    app: Flask, as_: As, addresses: dict[str, str], role: str
) -> None:
    browser = browser_of(role, app, as_)
    before = row_counts()
    for route in REFUSED[role]:
        answer = knock(browser, route, addresses)

        if role != GUEST:
            assert answer.status_code == 403, route
        elif route.startswith("GET "):
            assert answer.status_code == 302, route
            assert answer.location.startswith("/sign-in?next="), route
        else:
            assert answer.status_code == 401, route
        assert row_counts() == before, route
    assert is_in(browser) == (role != GUEST)


@pytest.mark.parametrize("role", [role for role in ROLES if MAY_READ[role]])
def test_p01_who_is_named_may_read(
    app: Flask, as_: As, addresses: dict[str, str], role: str
) -> None:
    browser = browser_of(role, app, as_)
    for route in MAY_READ[role]:
        assert is_let_in(browser, route, addresses), route
    assert is_in(browser) == (role != GUEST)


@pytest.mark.parametrize("route", [route for route in GUARDED if route not in READ])
def test_p01_p11_who_is_named_may_act_and_an_empty_form_is_no_fault(
    app: Flask, as_: As, addresses: dict[str, str], route: str
) -> None:
    for role in sorted(MAY_USE[route]):
        assert is_let_in(browser_of(role, app, as_), route, addresses), role


def is_let_in(browser: Browser, route: str, addresses: dict[str, str]) -> bool:
    answer = knock(browser, route, addresses)
    to_sign_in = (answer.location or "").startswith("/sign-in")
    return answer.status_code not in (401, 403) and answer.status_code < 500 and not to_sign_in


def test_c09_a_private_page_is_kept_by_no_cache(
    app: Flask, as_: As, addresses: dict[str, str]
) -> None:
    browser = browser_of("admin", app, as_)
    for route in sorted(set(GUARDED) & set(READ)):
        answer = knock(browser, route, addresses)

        assert answer.headers["Cache-Control"] == "no-store", route
    assert is_in(browser)


@pytest.mark.parametrize("role", [GUEST, "reader", "admin"])
def test_p02_a_forged_key_opens_nothing_for_anybody(
    app: Flask, as_: As, addresses: dict[str, str], role: str
) -> None:
    browser = browser_of(role, app, as_)
    before = row_counts()
    for route in KEYED:
        answer = knock(browser, route, addresses)

        assert answer.status_code in (404, 410), route
        assert row_counts() == before, route
    assert is_in(browser) == (role != GUEST)


def test_c01_without_a_token_even_an_admin_changes_nothing(
    app: Flask, as_: As, addresses: dict[str, str]
) -> None:
    browser = browser_of("admin", app, as_)
    before = row_counts()
    for route in WITH_TOKEN:
        answer = browser.post(addresses[route])

        assert answer.status_code == 400, route
        assert row_counts() == before, route
    assert is_in(browser)


def test_c01_from_another_site_even_a_good_token_does_nothing(
    app: Flask, as_: As, addresses: dict[str, str]
) -> None:
    browser = browser_of("admin", app, as_)
    before = row_counts()
    elsewhere = {"Origin": "https://evil.example"}
    for route in WITH_TOKEN:
        token = {"csrf_token": browser.csrf_token()}

        answer = browser.post(addresses[route], data=token, headers=elsewhere)

        assert answer.status_code == 403, route
        assert row_counts() == before, route
    assert is_in(browser)


@pytest.mark.parametrize("role", [GUEST, "admin"])
def test_p07_reading_changes_nothing_and_is_no_fault(
    app: Flask, as_: As, addresses: dict[str, str], role: str
) -> None:
    browser = browser_of(role, app, as_)
    before = row_counts()
    for route in READ:
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = browser.open(addresses[route], method=method)

            assert answer.status_code < 500, route
        assert row_counts() == before, route
    assert is_in(browser) == (role != GUEST)


@pytest.mark.parametrize("route", [route for route in UNSAFE if MAY_USE[route] == EVERYONE])
def test_p11_an_empty_form_that_everyone_may_send_is_no_fault(
    app: Flask, as_: As, addresses: dict[str, str], route: str
) -> None:
    for role in (GUEST, "admin"):
        assert knock(browser_of(role, app, as_), route, addresses).status_code < 500


def test_what_reaches_far_asks_again_and_nothing_else_does(app: Flask) -> None:
    unsafe = {route.removeprefix("POST ") for route in UNSAFE}
    assert {endpoint for endpoint in unsafe if again.asks_again(endpoint)} == ASKS_AGAIN


def test_who_has_not_shown_it_lately_is_asked_and_changes_nothing(
    app: Flask, as_: As, addresses: dict[str, str]
) -> None:
    browser = browser_of("admin", app, as_)
    with browser.session_transaction() as stored:
        del stored[fresh.PROOF]
    before = row_counts()
    for endpoint in sorted(ASKS_AGAIN):
        answer = browser.submit(addresses[f"POST {endpoint}"], typed="kept for later")

        assert answer.status_code == 403, endpoint
        assert "Is it you?" in answer.text, endpoint
        assert 'name="typed" value="kept for later"' in answer.text, endpoint
        assert row_counts() == before, endpoint
