"""Writing, previewing and publishing articles in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.infra import clock, site_language
from app.infra.db import db
from tests.factories import make_account, make_article, make_tag
from tests.support.client import Browser
from tests.support.queries import Counted

As = Callable[[Account], Browser]
Counting = Callable[[], AbstractContextManager[Counted]]


@pytest.fixture
def author(app: object) -> Account:
    return make_account("author", name="Marta Lind")


@pytest.fixture
def room(author: Account, as_: As) -> Browser:
    """The author's."""
    return as_(author)


def only_article() -> Article:
    return db.session.scalars(select(Article)).one()


def save(room: Browser, article: Article, **fields: object):  # type: ignore[no-untyped-def]
    """The edit form, sent as it was drawn but for these fields."""
    drawn: dict[str, object] = {
        "title": article.title,
        "slug": article.slug,
        "summary": article.summary,
        "source": article.source,
        "tags": [tag.id for tag in article.tags],
        "version": article.version,
        "act": "save",
    }
    return room.submit(f"/author/articles/{article.id}", **{**drawn, **fields})


def test_a_new_article_is_saved_as_a_draft_with_its_tags(room: Browser, author: Account) -> None:
    tag = make_tag("Hip")
    answer = room.submit(
        "/author/articles/new", title="Why hips click", source="*So*.", tags=[tag.id], act="save"
    )
    article = only_article()
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/author/articles/{article.id}"
    assert (article.status, article.author, article.tags) == (ArticleStatus.DRAFT, author, [tag])


def test_the_words_below_a_video_are_in_the_language_of_the_site(
    room: Browser, author: Account
) -> None:
    author.language = "es"
    site_language.change(tag="de", zone="UTC", seen=0, by=author)
    db.session.commit()
    source = "https://youtu.be/a-b_c123456"
    room.submit("/author/articles/new", title="Why hips click", source=source, act="save")
    page = room.submit("/author/preview", source=source).text
    assert page == only_article().html
    assert ">Video bei YouTube</a><figcaption>Bei YouTube. " in page


def test_an_article_can_be_written_and_published_at_once(room: Browser, client: Browser) -> None:
    room.submit("/author/articles/new", title="Why hips click", source="So.", act="publish")
    assert client.get("/articles/why-hips-click").status_code == 200


def test_an_article_is_scheduled_for_a_time_in_utc(room: Browser, client: Browser) -> None:
    room.submit(
        "/author/articles/new", title="Later", source="So.", at="2100-01-02T03:04", act="schedule"
    )
    assert only_article().published_at == datetime(2100, 1, 2, 3, 4, tzinfo=UTC)
    assert client.get("/articles/later").status_code == 404
    assert "Scheduled, 2 January 2100, 03:04 UTC" in room.get("/author/articles").text


@pytest.mark.parametrize("at", ["", "soon", "2100-13-45T99:99", "2100-01-02"])
def test_scheduling_without_a_time_is_refused_with_the_text_kept(room: Browser, at: str) -> None:
    answer = room.submit(
        "/author/articles/new", title="Later", source="Kept text.", at=at, act="schedule"
    )
    assert answer.status_code == 422
    assert "Kept text." in answer.text
    assert db.session.scalars(select(Article)).all() == []


def test_taking_an_article_back_hides_it(room: Browser, author: Account, client: Browser) -> None:
    article = make_article(author=author)
    save(room, article, act="unpublish")
    assert client.get(article.href).status_code == 404


def test_comments_are_closed_and_opened_by_hand(
    room: Browser, author: Account, client: Browser
) -> None:
    article = make_article(author=author)
    save(room, article, act="close")
    assert "takes no more comments" in client.get(article.href).text
    save(room, article, act="open")
    assert "takes no more comments" not in client.get(article.href).text


def test_saving_keeps_closed_comments_closed(room: Browser, author: Account) -> None:
    article = make_article(author=author, comments_open=False)
    save(room, article, title="New title")
    assert (article.title, article.comments_open) == ("New title", False)


def test_a_stale_form_is_refused_with_the_text_kept_and_saves_when_sent_again(
    room: Browser, author: Account
) -> None:
    article = make_article(author=author, text="First.")
    seen = article.version
    save(room, article, source="By another tab.")
    answer = save(room, article, source="My long text.", version=seen)
    assert answer.status_code == 409
    assert "My long text." in answer.text
    assert "Somebody saved this article" in answer.text
    assert article.source == "By another tab."
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    assert save(room, article, source="My long text.", version=version[1]).status_code == 303
    assert article.source == "My long text."


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 50, "1.0"])
def test_p11_a_version_that_is_no_number_is_stale(
    room: Browser, author: Account, version: str
) -> None:
    article = make_article(author=author)
    assert save(room, article, version=version).status_code == 409


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": " "}, "seen"),
        ({"title": "x" * 201}, "at most 200 fit"),
        ({"summary": "x" * 501}, "at most 500 fit"),
        ({"slug": "taken"}, "once had, this address"),
        ({"source": "bell \x07"}, "control characters"),
        ({"tags": ["999"]}, "not a valid choice"),
        ({"tags": ["x"]}, "could not be coerced"),
    ],
)
def test_a_refused_form_says_why_and_keeps_the_text(
    room: Browser, author: Account, fields: dict[str, str], problem: str
) -> None:
    make_article("Taken")
    article = make_article("Mine", author=author)
    answer = save(room, article, **{"source": "Kept text.", **fields})
    assert answer.status_code == 422
    assert problem in answer.text
    assert article.title == "Mine"
    if "source" not in fields:
        assert "Kept text." in answer.text


def test_d07_a_text_at_the_limit_is_taken_whole_and_one_above_is_refused(
    room: Browser, author: Account
) -> None:
    article = make_article(author=author)
    longest = "\U0001f9b5" * 200_000
    assert save(room, article, source=longest).status_code == 303
    assert article.source == longest
    assert save(room, article, source=longest + "x").status_code == 422


def test_s10_a_body_beyond_any_article_is_refused(room: Browser, author: Account) -> None:
    article = make_article(author=author)
    assert save(room, article, source="x" * 3_000_000).status_code == 413


def test_an_unknown_button_does_nothing(room: Browser, author: Account) -> None:
    article = make_article(author=author)
    assert save(room, article, title="New", act="erase").status_code == 400
    assert article.title != "New"


def test_p03_fields_that_no_form_has_change_nothing(room: Browser, author: Account) -> None:
    article = make_article(author=author, published_at=datetime(2024, 1, 1, tzinfo=UTC))
    other = make_account("author")
    save(
        room,
        article,
        author_id=other.id,
        author=other.id,
        status="draft",
        html="<script>",
        published_at="2030-01-01",
        id=99,
        comments_open="",
        created_at="2000-01-01",
    )
    assert article.author == author
    assert article.status == ArticleStatus.PUBLISHED
    assert article.published_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert article.comments_open is True
    assert "script" not in article.html


def test_p04_an_author_finds_no_article_of_another_and_changes_none(room: Browser, as_: As) -> None:
    foreign = make_article(status=ArticleStatus.DRAFT, text="Not yours.")
    absent = room.get("/author/articles/2147483647")
    hidden = room.get(f"/author/articles/{foreign.id}")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text == absent.text
    assert save(room, foreign, title="Mine now").status_code == 404
    assert foreign.title not in room.get("/author/articles").text
    assert foreign.title in as_(make_account("admin")).get("/author/articles").text


@pytest.mark.parametrize("number", ["0", "2147483648", "-1", "1.0", "9" * 5000, "%00"])
def test_p11_a_number_that_no_article_can_have_is_not_there(room: Browser, number: str) -> None:
    assert room.get(f"/author/articles/{number}").status_code == 404


def test_the_preview_is_what_will_be_stored(room: Browser) -> None:
    source = "# One\n\n<script>alert(1)</script> **two**\n\nhttps://youtu.be/dQw4w9WgXcQ"
    drawn = room.submit("/author/preview", source=source)
    room.submit("/author/articles/new", title="T", source=source, act="save")
    assert drawn.status_code == 200
    assert drawn.text == only_article().html
    assert "<script" not in drawn.text


def test_a_preview_without_script_draws_the_form_again_and_saves_nothing(
    room: Browser,
) -> None:
    answer = room.submit(
        "/author/articles/new", title="Draft title", source="Some **bold** text", act="preview"
    )
    assert answer.status_code == 200
    assert "<strong>bold</strong>" in answer.text
    assert 'value="Draft title"' in answer.text
    assert db.session.scalars(select(Article)).all() == []


def test_an_empty_preview_says_so_in_words(room: Browser) -> None:
    answer = room.submit("/author/preview", source="  ")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_the_list_tells_drafts_scheduled_and_published_articles_apart(
    room: Browser, author: Account
) -> None:
    make_article("A draft", author=author, status=ArticleStatus.DRAFT)
    make_article("To come", author=author, published_at=clock.now() + timedelta(days=1))
    make_article("Out", author=author)
    page = room.get("/author/articles").text
    states = re.findall(r"<td>(Draft|Scheduled|<a href=\"/articles/out\">Published)", page)
    assert states == ["Draft", "Scheduled", '<a href="/articles/out">Published']


def test_c09_the_authors_pages_are_kept_by_no_cache(room: Browser) -> None:
    for path in ("/author/articles", "/author/articles/new", "/author/images", "/author/tags"):
        assert room.get(path).headers["Cache-Control"] == "no-store"


def test_the_list_costs_the_same_for_one_article_as_for_twenty(
    room: Browser, author: Account, count_queries: Counting
) -> None:
    make_article(author=author)
    with count_queries() as one:
        room.get("/author/articles")
    for _ in range(19):
        make_article(author=author, tags=[make_tag()])
    with count_queries() as twenty:
        room.get("/author/articles")
    assert twenty.total == one.total, twenty
