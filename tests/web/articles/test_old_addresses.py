"""Addresses that articles once had lead to where they are now."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest

from app.domains.articles import services
from app.domains.articles.models import Article, FormerSlug, Redirect
from app.domains.articles.services import ArticleText
from app.domains.articles.states import ArticleStatus
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_article
from tests.support.client import Browser


def was_at(path: str, article: Article) -> None:
    db.session.add(Redirect(path=path, article_id=article.id))
    db.session.commit()


def test_a_former_slug_redirects_for_good(client: Browser) -> None:
    article = make_article("Old name")
    with unit_of_work():
        text = ArticleText(title="New name", slug="new-name", source=article.source)
        services.edit(article, text)
    answer = client.get("/articles/old-name")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/articles/new-name"


def test_the_former_slug_of_a_hidden_article_leads_nowhere(client: Browser) -> None:
    article = make_article(status=ArticleStatus.DRAFT)
    db.session.add(FormerSlug(slug="once", article_id=article.id))
    db.session.commit()
    assert client.get("/articles/once").status_code == 404


@pytest.mark.parametrize(
    "asked",
    ["/2012/01/07/hello/", "/2012/01/07/hello", "/2012/01/07/hello/?utm_source=mail"],
)
def test_a_path_of_the_old_site_redirects(client: Browser, asked: str) -> None:
    was_at("/2012/01/07/hello/", make_article("Hello"))
    answer = client.get(asked)
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/articles/hello"


def test_a_path_of_the_old_site_in_other_letters_redirects(client: Browser) -> None:
    was_at("/こんにちは/", make_article("Hello"))
    assert client.get("/%E3%81%93%E3%82%93%E3%81%AB%E3%81%A1%E3%81%AF/").status_code == 301


@pytest.mark.parametrize("query", ["p=12", "page_id=12", "p=12&preview=true"])
def test_an_articles_old_number_redirects(client: Browser, query: str) -> None:
    was_at("/?p=12", make_article("Hello"))
    was_at("/?page_id=12", make_article("A page"))
    assert client.get(f"/?{query}").status_code == 301


@pytest.mark.parametrize("query", ["p=13", "p=", "p=x", "p=%00", "p=12%27", "p=" + "1" * 5000])
def test_a_number_that_no_article_had_shows_the_front_page(client: Browser, query: str) -> None:
    was_at("/?p=12", make_article("Hello"))
    assert client.get(f"/?{query}").status_code == 200


def test_an_old_path_below_articles_redirects_too(client: Browser) -> None:
    was_at("/articles/2012-hello/", make_article("Hello"))
    assert client.get("/articles/2012-hello").status_code == 301


def test_v04_the_old_path_of_a_hidden_article_leads_nowhere(client: Browser) -> None:
    was_at("/hello/", make_article(status=ArticleStatus.DRAFT))
    assert client.get("/hello/").status_code == 404


def test_a_path_that_nobody_knows_is_not_there(client: Browser) -> None:
    assert client.get("/2012/01/07/hello/").status_code == 404
    assert client.get("/" + "x" * 5000).status_code == 404


def test_an_old_path_takes_no_post(client: Browser) -> None:
    was_at("/hello/", make_article("Hello"))
    assert client.submit("/hello/").status_code == 404


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example"])
def test_c04_a_redirect_never_leaves_the_site(client: Browser, path: str) -> None:
    was_at(path, make_article("Hello"))
    answer = client.get("/", environ_overrides={"PATH_INFO": path, "RAW_URI": path})
    target = urljoin("http://localhost/", answer.headers.get("Location", "/"))
    assert urlsplit(target).netloc == "localhost"
