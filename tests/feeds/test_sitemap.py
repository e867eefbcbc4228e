"""The sitemap and robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from flask.testing import FlaskClient

from app.domains.articles.states import ArticleStatus
from app.domains.comments.states import Status
from app.feeds import views
from app.infra import clock
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def sitemap_of(client: FlaskClient, path: str = "/sitemap.xml") -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/xml; charset=utf-8"
    return fromstring(answer.data)


def changes(client: FlaskClient) -> dict[str, str | None]:
    return {
        place.findtext(MAP + "loc") or "": place.findtext(MAP + "lastmod")
        for place in sitemap_of(client)
    }


def test_every_public_page_is_there(client: FlaskClient) -> None:
    author = make_account("author", username="mara")
    article = make_article("Hips", author=author, tags=[make_tag("hip")])
    question = make_question("Why does it click?", article=article)
    make_comment(article=article)
    make_resource("Stand")
    assert set(changes(client)) == {
        "http://localhost/",
        "http://localhost/articles/hips",
        "http://localhost/authors/mara",
        "http://localhost/tags/hip",
        "http://localhost/resources/stand",
        f"http://localhost/questions/{question.id}-why-does-it-click",
    }


def test_v03_what_is_hidden_is_not_there(client: FlaskClient) -> None:
    draft = make_article("Draft", status=ArticleStatus.DRAFT)
    later = make_article("Later", published_at=clock.now() + timedelta(hours=1))
    for article in (draft, later):
        make_question(article=article)
    assert set(changes(client)) == {"http://localhost/"}


def test_v07_lastmod_follows_published_answers_only(client: FlaskClient) -> None:
    question = make_question("Why?")
    answer = make_answer(question)
    question.created_at = question.published_at = datetime(2026, 1, 1, tzinfo=UTC)
    answer.published_at = datetime(2026, 1, 5, tzinfo=UTC)
    page = f"http://localhost/questions/{question.id}-why"
    assert changes(client)[page] == "2026-01-05T00:00:00Z"
    answer.status = Status.PENDING
    assert changes(client)[page] == "2026-01-01T00:00:00Z"


def test_many_pages_are_told_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        make_tag()
    whole = set(changes(client))
    monkeypatch.setattr(views, "MOST_PLACES", 2)
    client.application.extensions["front"].forget()
    index = sitemap_of(client)
    assert index.tag == MAP + "sitemapindex"
    parts = [part.findtext(MAP + "loc") or "" for part in index]
    assert parts == [f"http://localhost/sitemap-{number}.xml" for number in (1, 2, 3)]
    places = [
        place.findtext(MAP + "loc")
        for part in parts
        for place in sitemap_of(client, part.removeprefix("http://localhost"))
    ]
    assert len(places) == len(set(places))
    assert set(places) == whole


def test_a_part_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/sitemap-2.xml").status_code == 404


def test_robots_are_told_what_is_private_and_where_the_map_is(client: FlaskClient) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    private = ("/moderation/", "/author/", "/account/", "/asked/1/x", "/search?q=x", "/following/")
    for path in (*private, "/follow/question-1"):
        assert not robots.can_fetch("*", "http://localhost" + path)
    for path in ("/", "/articles/hips", "/authors/mara", "/questions/1-x"):
        assert robots.can_fetch("*", "http://localhost" + path)
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]
