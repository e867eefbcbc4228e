"""The pages of articles: what they show, to whom, and at what cost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments import threads
from app.infra import clock
from tests.factories import (
    make_account,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.client import Browser
from tests.support.queries import Counted

CANARY = "canary-7f3a"
Counting = Callable[[], AbstractContextManager[Counted]]


def hidden_articles(**facts: object) -> list[Article]:
    """A draft, a scheduled article, and one that was taken back; each bears the canary."""
    times = (
        (ArticleStatus.DRAFT, None),
        (ArticleStatus.PUBLISHED, clock.now() + timedelta(minutes=5)),
        (ArticleStatus.DRAFT, clock.now() - timedelta(days=1)),
    )
    return [
        make_article(
            f"{CANARY} {number}",
            summary=CANARY,
            text=CANARY,
            status=status,
            published_at=at,
            **facts,  # type: ignore[arg-type]
        )
        for number, (status, at) in enumerate(times)
    ]


def test_an_article_shows_its_title_author_date_minutes_text_tags_and_resources(
    client: Browser,
) -> None:
    hip = make_tag("Hip")
    make_resource("Clamshell", tags=[hip], summary="Slowly.")
    author = make_account("author", name="Marta Lind", username="marta")
    article = make_article(
        "Why hips click",
        text="Because *tendons* move. " + "word " * 700,
        author=author,
        published_at=datetime(2024, 3, 7, 9, 5, tzinfo=UTC),
        tags=[hip],
    )
    page = client.get(f"/articles/{article.slug}").text
    for shown in (
        '<h1 dir="auto">Why hips click</h1>',
        'href="/authors/marta"',
        "Marta Lind",
        "7 March 2024",
        "3 min to read",
        "<em>tendons</em>",
        'href="/tags/hip"',
        'href="/resources/clamshell"',
        'action="/articles/why-hips-click/ask"',
    ):
        assert shown in page


def test_the_canonical_address_is_the_sites_whatever_host_was_asked(client: Browser) -> None:
    article = make_article("Hips")
    page = client.get(f"/articles/{article.slug}?view=oldest&utm_source=x").text
    assert '<link rel="canonical" href="http://localhost/articles/hips">' in page


def test_an_article_describes_itself_with_its_comments_to_machines(client: Browser) -> None:
    article = make_article("Hips")
    make_comment("Thank you.", article=article)
    page = client.get(f"/articles/{article.slug}").text
    found = re.search(r'<script type="application/ld\+json">(.+?)</script>', page)
    assert found is not None
    described = json.loads(found[1])
    assert described["@type"] == "Article"
    assert described["commentCount"] == 1
    assert described["comment"][0]["text"] == "Thank you."


@pytest.mark.parametrize(
    "hostile",
    [
        '"><script>alert(1)</script>',
        "</title><svg onload=alert(1)>",
        "{{6007*7919}}${6007*7919}",  # a product that no time or number on a page is
    ],
)
def test_x04_a_hostile_title_summary_and_name_stay_words(client: Browser, hostile: str) -> None:
    author = make_account("author", name=hostile, username="plain")
    tag = make_tag(f"t {hostile}", description=hostile, synonyms=[hostile])
    article = make_article(f"A {hostile}", summary=hostile, author=author, tags=[tag])
    for path in ("/", article.href, f"/authors/{author.username}", f"/tags/{tag.slug}", "/tags/"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<svg" not in page
        assert "47569433" not in page


def test_v10_drafts_and_scheduled_articles_are_on_no_page(client: Browser) -> None:
    author, tag = make_account("author"), make_tag("Hip")
    shown = make_article(author=author, tags=[tag])
    for article in hidden_articles(author=author, tags=[tag]):
        assert client.get(article.href).status_code == 404
    at = shown.published_at
    assert at is not None
    for path in (
        *("/", "/archive/", f"/archive/{at.year}/{at.month}", f"/authors/{author.username}"),
        *("/tags/hip", "/tags/", shown.href, "/resources/", "/questions/"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.text, path


def test_v04_a_hidden_article_answers_like_one_that_never_was(client: Browser) -> None:
    for article in hidden_articles():
        hidden = client.get(article.href)
        absent = client.get("/articles/never-was")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.text == absent.text
        assert sorted(hidden.headers.keys()) == sorted(absent.headers.keys())


def test_a_month_with_hidden_articles_only_is_not_there(client: Browser) -> None:
    make_article(status=ArticleStatus.DRAFT, published_at=datetime(2020, 2, 1, tzinfo=UTC))
    assert client.get("/archive/2020/2").status_code == 404


@pytest.mark.parametrize(
    "path", ["/archive/2020/0", "/archive/2020/13", "/archive/0/1", "/archive/9999/12"]
)
def test_p11_a_month_that_is_in_no_calendar_is_not_there(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/articles/%00", "/tags/a%00b", "/resources/%00", "/authors/%00", "/%00/"]
)
def test_p11_an_address_with_nul_is_not_there(client: Browser, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("asked", ["-1", "0", "9" * 5000, "x", "1.5", "%00", "\u0661"])
def test_s13_a_page_that_makes_no_sense_is_the_first(client: Browser, asked: str) -> None:
    make_article("Only one")
    answer = client.get("/", query_string={"page": asked})
    assert answer.status_code == 200
    assert "Only one" in answer.text


def test_the_front_page_leads_to_older_articles(client: Browser) -> None:
    for day in range(1, 13):
        make_article(f"Day {day}", published_at=datetime(2024, 1, day, tzinfo=UTC))
    assert "Day 12</a>" in client.get("/").text
    assert client.get("/?page=2").text == client.get("/").text
    way = re.search(r'rel="next" href="([^"]+)"', client.get("/").text)
    assert way is not None
    second = client.get(way[1]).text
    assert "Day 2</a>" in second
    assert "Day 3</a>" not in second
    assert 'rel="prev"' in second


def test_the_archive_counts_each_month(client: Browser) -> None:
    for day in (1, 2):
        make_article(published_at=datetime(2024, 1, day, tzinfo=UTC))
    page = client.get("/archive/").text
    assert 'href="/archive/2024/1"' in page
    assert "2 articles" in page


@pytest.mark.parametrize(("tag", "name"), [("es", "Enero de 2024"), ("ar", "يناير 2024")])
def test_a_month_has_its_name_in_the_readers_language(client: Browser, tag: str, name: str) -> None:
    make_article(published_at=datetime(2024, 1, 7, 9, 5, tzinfo=UTC))
    client.set_cookie("threshold-looks", f"{tag}.")
    assert f">{name.split(maxsplit=1)[0]}<span" in client.get("/archive/").text
    page = client.get("/archive/2024/1").text
    assert f"<h1>{name}</h1>" in page
    comma = "، " if tag == "ar" else ", "
    assert f'2024{comma}09:05 UTC"' in page


def test_an_author_has_a_page_and_a_reader_has_none(client: Browser) -> None:
    author = make_account("author", name="Marta Lind")
    make_article("Hers", author=author)
    page = client.get(f"/authors/{author.username}")
    assert "Marta Lind" in page.text
    assert "Hers" in page.text
    assert author.address.email not in page.text
    assert client.get(f"/authors/{make_account('reader').username}").status_code == 404


def test_only_those_who_may_edit_see_the_link_to_it(
    client: Browser, as_: Callable[[Account], Browser]
) -> None:
    article = make_article()
    link = f'href="/author/articles/{article.id}"'
    assert link not in client.get(article.href).text
    assert link not in as_(make_account("author")).get(article.href).text
    assert link in as_(article.author).get(article.href).text


def test_the_front_page_costs_the_same_for_one_article_as_for_ten(
    client: Browser, count_queries: Counting
) -> None:
    make_article(tags=[make_tag()])
    client.get("/")
    with count_queries() as one:
        client.get("/")
    for _ in range(9):
        make_comment(article=make_article(tags=[make_tag()]))
    with count_queries() as ten:
        client.get("/")
    assert ten.total == one.total <= 6, ten


def test_an_article_costs_seven_queries_however_much_is_below_it(
    client: Browser, count_queries: Counting
) -> None:
    tags = [make_tag(), make_tag()]
    article = make_article(tags=tags)
    path = article.href

    def fill() -> None:
        make_resource(tags=tags)
        make_comment(parent=make_question(article=article, tags=tags))

    fill()
    with count_queries() as one:
        assert client.get(path).status_code == 200
    for _ in range(9):
        fill()
    with count_queries() as ten:
        client.get(path)
    assert ten.total == one.total <= 7, ten


def test_a_long_discussion_leads_to_all_of_it_on_one_page_which_is_not_for_search_engines(
    client: Browser,
) -> None:
    article = make_article()
    for number in range(27):
        make_question(article=article, title=f"Question {number:02}?")
    plain = f"/articles/{article.slug}"

    first, whole = client.get(plain).text, client.get(f"{plain}?all=1").text

    assert f'href="{plain}?all=1#discussion"' in first
    assert ("Question 00?" in first, "Question 00?" in whole) == (False, True)
    assert ('content="noindex"' in first, 'content="noindex"' in whole) == (False, True)
    assert f'rel="canonical" href="http://localhost{plain}"' in whole
    assert f'href="{plain}#discussion">Show them in pages' in whole


def test_a_discussion_of_one_page_offers_no_other(client: Browser) -> None:
    article = make_article()
    make_question(article=article)
    assert "on one page" not in client.get(f"/articles/{article.slug}").text


def test_a_discussion_that_no_page_can_hold_says_so_and_stands_in_pages(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "MOST_AT_ONCE", 25)
    article = make_article()
    for _ in range(27):
        make_question(article=article)

    page = client.get(f"/articles/{article.slug}?all=1").text

    assert "too many for one page" in page
    assert page.count('<article class="comment') <= 25
    assert "after=" in page
