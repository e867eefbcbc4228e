"""Every field of every form with what no honest browser sends: a clear answer, never a fault."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests import factories
from tests.architecture.routes import MAY_USE
from tests.security.forms import FORMS, PICTURES_AND_BUTTONS, House, build
from tests.support.client import Browser

FORM = "application/x-www-form-urlencoded"
HOSTILE = {
    "nul": b"a\0b",
    "half a character": b"\xed\xa0\x80",
    "no UTF-8": b"\xff\xfe",
    "five thousand digits": b"9" * 5000,
    "more than a bigint": b"9223372036854775808",
    "a digit of another script": "\u0661\u00b2".encode(),
    "line breaks and escapes": b"x\r\nX-Evil: 1\x1b[31m\xe2\x80\xa8",
}
As = Callable[[Account], Browser]


@pytest.fixture
def house(app: Flask) -> House:
    return build(app)


def test_p11_every_form_of_the_site_is_tried_here() -> None:
    unsafe = {route.split()[1] for route in MAY_USE if not route.startswith("GET ")}
    assert unsafe == set(FORMS) | PICTURES_AND_BUTTONS


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_p11_no_field_of_any_form_takes_a_value_that_is_a_fault(
    app: Flask, as_: As, house: House, endpoint: str
) -> None:
    by_desk = endpoint.startswith(("moderation.", "author.", "accounts.change"))
    browser = as_(house.admin) if by_desk else app.test_client()
    assert isinstance(browser, Browser)
    for name in FORMS[endpoint]:
        for what, value in HOSTILE.items():
            honest = {**house.fields(endpoint), "csrf_token": browser.csrf_token()}
            body = urlencode({**honest, name: value})

            answer = browser.post(house.paths[endpoint], data=body, content_type=FORM)

            assert answer.status_code < 500, (name, what)
            assert "X-Evil" not in answer.headers, (name, what)


@pytest.mark.parametrize(
    "value", ['"\\ud800"', "5", "1e400", "null", "true", '["a", 1]', '{"a": {}}', "[" * 20_000]
)
@pytest.mark.parametrize("kind", ["application/json", "application/x+json", "text/plain"])
def test_p11_no_form_takes_json_where_numbers_and_lists_could_stand_for_text(
    client: Browser, value: str, kind: str
) -> None:
    path = f"/articles/{factories.make_article().slug}/ask"
    token = client.csrf_token()
    body = f'{{"body": {value}, "name": {value}, "email": "bo@example.com"}}'

    answer = client.post(path, data=body, content_type=kind, headers={"X-CSRFToken": token})

    assert answer.status_code == (422 if kind == "text/plain" else 415)
    assert db.session.scalars(select(Comment)).all() == []


def test_u04_d07_a_reason_is_taken_whole_or_refused_in_words(as_: As, house: House) -> None:
    """Refused on both databases alike: SQLite would take a NUL, PostgreSQL would not."""
    browser = as_(house.admin)
    path = house.paths["moderation.decide"]
    for reason in ("a\0b", "x" * 501):
        fields = {**house.fields("moderation.decide"), "own_reason": reason}
        assert browser.submit(path, **fields).status_code == 422
        assert now(house.waiting).status == Status.PENDING

    fields = {**house.fields("moderation.decide"), "own_reason": "é" * 500}
    assert browser.submit(path, **fields).status_code == 303
    assert now(house.waiting).reject_reason == "é" * 500


def test_p10_of_a_field_sent_twice_the_checked_value_is_the_one_that_is_used(
    app: Flask, client: Browser
) -> None:
    article = factories.make_article()
    other = factories.make_article("Another")
    body = urlencode(
        [
            ("csrf_token", client.csrf_token()),
            ("body", "The first text."),
            ("body", "The second text."),
            ("name", "Bo Berg"),
            ("name", article.author.name),
            ("email", "bo@example.com"),
            ("email", article.author.address.email),
        ]
    )

    answer = client.post(
        f"/articles/{article.slug}/ask?slug={other.slug}&body=third&name=Marta",
        data=body,
        content_type=FORM,
    )

    assert answer.status_code == 303
    kept = db.session.scalars(select(Comment)).one()
    assert (kept.source, kept.author_name) == ("The first text.", "Bo Berg")
    assert kept.address is not None
    assert kept.address.email == "bo@example.com"
    assert kept.article_id == article.id


def test_p10_a_decision_sent_twice_over_is_the_first_one_named(as_: As, house: House) -> None:
    browser = as_(house.admin)
    body = urlencode(
        [
            ("csrf_token", browser.csrf_token()),
            ("item", f"{house.waiting.id}:1"),
            ("item", f"{house.waiting.id}:1"),
            ("verb", "spam"),
            ("verb", "approve"),
        ]
    )

    browser.post("/moderation/decide?verb=approve", data=body, content_type=FORM)

    assert now(house.waiting).status == Status.SPAM
    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


EXTRA = {
    "status": "approved",
    "approved": "1",
    "role": "admin",
    "is_admin": "1",
    "account_id": "1",
    "user_id": "1",
    "author_id": "1",
    "address_id": "1",
    "author_name": "Somebody Else",
    "by_author": "1",
    "created_at": "2001-01-01T00:00:00",
    "published_at": "2001-01-01T00:00:00",
    "proven_at": "2001-01-01T00:00:00",
    "ip": "192.0.2.1",
    "id": "999",
    "score": "9",
    "pinned": "1",
    "html": "<script>go()</script>",
    "nonce": "known",
    "parent_id": "1",
    "root_id": "1",
    "comments_open": "",
    "username": "root",
    "password_hash": "x",
}


def columns(row: Account | Article | Comment) -> dict[str, object]:
    db.session.refresh(row)
    return {name: getattr(row, name) for name in EXTRA if name in row.__table__.columns}


@pytest.mark.parametrize("way", ["form", "query", "json"])
def test_p03_what_no_form_has_changes_nothing_of_a_waiting_text(
    app: Flask, house: House, way: str
) -> None:
    """The writer's own page, with all the columns of the table in the form, the address, a body."""
    writer = app.test_client()
    assert isinstance(writer, Browser)
    before = columns(house.waiting)

    send(writer, house.paths["questions.save"], house.fields("questions.save"), way)

    after = columns(house.waiting)
    expected = before if way == "json" else {**before, "html": "<p>Me too, today.</p>\n"}
    assert after == expected


@pytest.mark.parametrize("way", ["form", "query", "json"])
@pytest.mark.parametrize("endpoint", ["moderation.edit", "moderation.change_kind"])
def test_p03_a_moderators_form_changes_only_what_it_is_for(
    as_: As, house: House, endpoint: str, way: str
) -> None:
    before = columns(house.waiting)

    send(as_(house.admin), house.paths[endpoint], house.fields(endpoint), way)

    after = columns(house.waiting)
    assert {**after, "html": ""} == {**before, "html": ""}
    assert "<script" not in str(after["html"])


@pytest.mark.parametrize("way", ["form", "query", "json"])
def test_p03_an_authors_form_changes_neither_its_owner_nor_its_date(
    as_: As, house: House, way: str
) -> None:
    article = db.session.scalars(select(Article)).one()
    before = columns(article)

    fields = house.fields("author.save_article")
    send(as_(article.author), house.paths["author.save_article"], fields, way)

    after = columns(article)
    assert {**after, "html": ""} == {**before, "html": ""}
    assert "<script" not in article.html


@pytest.mark.parametrize("way", ["form", "query", "json"])
def test_p03_nobody_makes_themselves_more_than_a_reader(as_: As, way: str) -> None:
    reader = factories.make_account(proven=False)
    before = columns(reader)

    send(as_(reader), "/account/", {"name": reader.name, "bio": ""}, way)

    assert columns(reader) == before


def test_p02_a_private_key_is_worth_nothing_for_another_text(app: Flask, house: House) -> None:
    """Read, edit, take back, have mailed again: another one's number beside one's own key."""
    own = factories.make_comment(status=Status.PENDING)
    key = tokens.private_key("asked", own.id, own.nonce)
    browser = app.test_client()
    assert isinstance(browser, Browser)
    other = f"/asked/{house.waiting.id}/{key}"
    before = now(house.waiting).source

    answers = [
        browser.get(other),
        browser.get(f"{other}/edit"),
        browser.submit(f"{other}/edit", body="Mine now."),
        browser.submit(f"{other}/withdraw"),
        browser.submit(f"{other}/prove"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert (now(house.waiting).source, now(house.waiting).status) == (before, Status.PENDING)


def test_p02_v11_a_member_sees_their_own_texts_and_nobody_elses(as_: As) -> None:
    mine, theirs = (factories.make_account(Role.READER) for _ in range(2))
    factories.make_comment("This is mine.", account=mine, status=Status.PENDING)
    factories.make_comment("That is theirs.", account=theirs, status=Status.PENDING)

    page = as_(mine).get("/account/questions?account_id=2&user_id=2").text

    assert "This is mine." in page
    assert "That is theirs." not in page


def test_v11_only_the_record_is_exported_over_the_web(app: Flask) -> None:
    """Other exports are commands for who sits at the machine; no page, hook or API offers one. Who
    may take the record along stands in the table of routes: admins."""
    words = ("export", "dump", "backup", "webhook", "hook", "api", "csv", "wxr")
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if any(word in part for part in rule.rule.lower().split("/") for word in words)
    }
    assert {rule.split("<")[0] for rule in found} == {"/moderation/log/export/"}
    assert MAY_USE["GET moderation.export_log"] == {Role.ADMIN}


def send(browser: Browser, path: str, fields: dict[str, str], way: str) -> None:
    token = {"csrf_token": browser.csrf_token()}
    if way == "form":
        answer = browser.post(path, data={**EXTRA, **fields, **token})
    elif way == "query":
        answer = browser.post(path, query_string=EXTRA, data={**fields, **token})
    else:
        headers = {"X-CSRFToken": token["csrf_token"]}
        answer = browser.post(path, json={**EXTRA, **fields}, headers=headers)
    assert answer.status_code == 303 if way != "json" else answer.status_code == 415


def now(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id, populate_existing=True)
