"""The search page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.http.limits import limiter
from app.search import bounds, services
from tests.factories import (
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.work import statements_of

HIDDEN = (Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED)
CANARY = "zanzibarcanary"
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
)


def page(client: FlaskClient, **asked: Any) -> BeautifulSoup:
    answer = client.get("/search", query_string=asked)
    assert answer.status_code == 200
    return BeautifulSoup(answer.data, "html.parser")


def found(soup: BeautifulSoup) -> list[tuple[str, str]]:
    return [(a.get_text(), str(a["href"])) for a in soup.select(".found h2 a")]


def test_each_kind_of_hit_leads_to_its_page(client: FlaskClient) -> None:
    article = make_article("Hip article")
    resource = make_resource("Hip exercise")
    question = make_question("Hip question?")
    services.index_article(article.id)
    services.index_resource(resource.id)
    services.index_question(question.id)
    assert set(found(page(client, q="hip"))) == {
        ("Hip article", "/articles/hip-article"),
        ("Hip exercise", "/resources/hip-exercise"),
        ("Hip question?", f"/questions/{question.id}-hip-question"),
    }
    assert found(page(client, q="hip", kind="resource")) == [
        ("Hip exercise", "/resources/hip-exercise")
    ]


@pytest.mark.one_database
def test_the_words_asked_for_are_marked(client: FlaskClient) -> None:
    services.index_article(make_article("Hips", text="The hip clicks.").id)
    marks = page(client, q="hip").select(".found mark")
    assert [mark.get_text() for mark in marks] == ["Hips", "hip"]


@pytest.mark.one_database
def test_an_empty_search_offers_the_tags(client: FlaskClient) -> None:
    make_tag("hip")
    soup = page(client)
    assert [str(a["href"]) for a in soup.select(".tags a")] == ["/tags/hip"]


@pytest.mark.one_database
def test_a_search_that_finds_nothing_says_so_and_shows_other_ways(client: FlaskClient) -> None:
    make_tag("hip")
    soup = page(client, q="quantum", kind="article")
    assert soup.select_one(".empty") is not None
    assert soup.select('.tags a[href="/tags/hip"]')
    assert soup.select('main a[href="/search?q=quantum"]')


@pytest.mark.one_database
def test_the_kind_is_kept_from_page_to_page(client: FlaskClient) -> None:
    for number in range(21):
        services.index_article(make_article(f"Hip {number}").id)
    (following,) = page(client, q="hip", kind="article").select('a[rel="next"]')
    soup = BeautifulSoup(client.get(str(following["href"])).data, "html.parser")
    assert len(found(soup)) == 1


@pytest.mark.one_database
def test_search_pages_are_not_for_search_engines(client: FlaskClient) -> None:
    assert client.get("/search?q=hip").headers["X-Robots-Tag"] == "noindex"
    assert page(client).select('meta[name="robots"][content="noindex"]')


@pytest.mark.one_database
@pytest.mark.parametrize("attack", ATTACKS)
def test_x04_what_was_typed_is_shown_as_text(client: FlaskClient, attack: str) -> None:
    make_tag("hip")
    soup = page(client, q=attack)
    (box,) = soup.select("#q")
    assert box["value"] == attack
    assert {str(s.get("src", "")).split("/")[1] for s in soup.select("script")} == {"assets"}
    assert not soup.select("main img, [onerror], [onmouseover]")
    assert "49" not in (soup.title.get_text() if soup.title else "49")


@pytest.mark.one_database
def test_x04_markup_in_a_found_text_is_shown_as_text(client: FlaskClient) -> None:
    services.index_question(
        make_question("`<script>alert(1)</script>` hip?", title="<b>hip</b>").id
    )
    soup = page(client, q="hip")
    assert found(soup)[0][0] == "<b>hip</b>"
    assert not soup.select(".found b, .found script")


@pytest.mark.one_database
@pytest.mark.parametrize("number", ["0", "-1", "999999", "1e9", "٣", "x", "9" * 400, "1' OR 1"])
def test_i01_any_page_number_is_answered(client: FlaskClient, number: str) -> None:
    services.index_article(make_article("Hip").id)
    assert found(page(client, q="hip", page=number)) == [("Hip", "/articles/hip")]


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ff%fe", "q=%ed%a0%80", "q[]=x", "q=a&q=b", "q=%25&kind=%27", "kind=x"]
)
def test_i01_any_query_string_is_answered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search?{query}").status_code == 200


@pytest.mark.parametrize("text", ["a", "%", "x" * 10_000, " ".join(f"w{n}" for n in range(1000))])
def test_s14_no_query_costs_the_database_more_than_a_few_short_statements(
    client: FlaskClient, text: str
) -> None:
    services.index_article(make_article("Hip").id)
    db.session.commit()
    client.get("/search?q=warm")
    sent = statements_of(lambda: client.get("/search", query_string={"q": text}))
    assert len(sent) <= 10  # six where something is found; other spellings are looked for else
    assert all(len(str(values)) < 2_000 for _, values in sent)


@pytest.mark.one_database
def test_s14_searches_have_a_limit_of_their_own(make_app: Callable[..., Flask]) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        limiter.reset()
        client = app.test_client()
        codes = [client.get("/search").status_code for _ in range(61)]
        limiter.reset()
    assert codes[-1] == 429
    assert 429 not in codes[:-1]


@pytest.mark.parametrize("status", HIDDEN)
def test_v03_v05_a_hidden_text_is_not_found_nor_counted(
    client: FlaskClient, status: Status
) -> None:
    question = make_question("Does the elbow click?")
    services.index_question(question.id)
    before = client.get("/search?q=elbow")
    hidden = make_question(f"{CANARY} elbow", article=question.article, status=status)
    make_comment(f"{CANARY} elbow", parent=question, status=status)
    services.index_question(hidden.id)
    services.index_question(question.id)
    after = client.get("/search?q=elbow")
    assert after.data == before.data
    assert found(page(client, q=CANARY)) == []


def test_v06_a_text_that_is_hidden_vanishes_from_the_next_search(client: FlaskClient) -> None:
    question = make_question("Why?")
    answer = make_answer(question, f"Because of the {CANARY}.")
    services.index_question(question.id)
    assert len(found(page(client, q=CANARY))) == 1
    answer.status = Status.REJECTED
    services.index_question(question.id)
    assert found(page(client, q=CANARY)) == []


def test_v14_searching_for_an_address_finds_nobody(client: FlaskClient) -> None:
    comment = make_question("Why?")
    assert comment.address is not None
    services.index_question(comment.id)
    assert found(page(client, q=comment.address.email)) == []


def test_a_search_asks_few_queries_however_much_it_finds(
    client: FlaskClient, count_queries: Any
) -> None:
    for number in range(12):
        services.index_article(make_article(f"Hip {number}").id)
        services.index_question(make_question("Hip?").id)
        services.index_resource(make_resource(f"Hip exercise {number}").id)
    with count_queries() as counted:
        client.get("/search?q=hip")
    assert counted.total <= 7, str(counted)


def test_of_many_the_page_says_that_the_newest_were_looked_at(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_RANKED", 2)
    monkeypatch.setattr(bounds, "RANKED_OF_MANY", 1)
    said = "1 page", "2 pages", "Many pages; these are the best of the newest 1"
    for number in range(3):
        services.index_question(make_question("Why?", title=f"Hip {number}").id)
        db.session.commit()
        (told,) = page(client, q="hip").select("p.meta[role=status]")
        assert told.get_text(strip=True) == said[number]


def test_of_many_the_page_says_how_many_older_articles_were_looked_at(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_RANKED", 2)
    monkeypatch.setattr(bounds, "RANKED_OF_MANY", 1)
    for made in range(2):
        services.index_article(make_article(f"Hip {made}").id)
    services.index_question(make_question("Why?", title="Hip?").id)
    db.session.commit()
    many = "Many pages{}; these are the best of the newest 1 and of 2 older articles, answers and "
    many += "resources"
    loose = "Nothing has all of these words. "
    for asked, said in (
        ("hip", many.format("")),
        ("hip elbow", loose + many.format(" with some of them")),
    ):
        (told,) = page(client, q=asked).select("p.meta[role=status]")
        assert told.get_text(strip=True) == said
