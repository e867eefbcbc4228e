"""Atom feeds: whole, strict, and the same for everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import time_machine
from defusedxml.ElementTree import fromstring
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.domains.accounts.models import Account
from app.domains.articles.models import Article, FormerSlug
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra import clock as the_clock
from app.infra.db import db
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)

ATOM = "{http://www.w3.org/2005/Atom}"
THREADS = "{http://purl.org/syndication/thread/1.0}"
HIDDEN = (Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED)
CANARY = "zanzibarcanary"


def feed_of(client: FlaskClient, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    return fromstring(answer.data)


def entries(feed: Element) -> list[Element]:
    return feed.findall(ATOM + "entry")


def text(element: Element, name: str) -> str:
    return element.findtext(ATOM + name) or ""


def link(element: Element, rel: str) -> str | None:
    found = [a for a in element.findall(ATOM + "link") if a.get("rel") == rel]
    return found[0].get("href") if found else None


def test_a_feed_has_what_atom_demands(client: FlaskClient) -> None:
    make_article("Hips", tags=[make_tag("hip")], summary="Short.")
    feed = feed_of(client, "/feed.atom")
    assert link(feed, "self") == "http://localhost/feed.atom"
    for part in (feed, *entries(feed)):
        assert text(part, "id")
        assert text(part, "title")
        assert datetime.fromisoformat(text(part, "updated")).tzinfo is not None
        assert link(part, "alternate")
        assert part.findtext(f"{ATOM}author/{ATOM}name")


def test_an_entry_carries_the_whole_text_with_absolute_links(client: FlaskClient) -> None:
    make_article("Hips", text="See [the tag](/tags/hip) & *this*.")
    (entry,) = entries(feed_of(client, "/feed.atom"))
    content = text(entry, "content")
    assert '<a href="http://localhost/tags/hip"' in content
    assert "&amp; <em>this</em>" in content


def test_an_empty_site_has_a_feed_with_a_time_that_stands_still(client: FlaskClient) -> None:
    feed = feed_of(client, "/feed.atom")
    assert entries(feed) == []
    assert text(feed, "updated") == "1970-01-01T00:00:00Z"


def test_drafts_and_scheduled_articles_are_not_in_the_feed(client: FlaskClient) -> None:
    make_article("Draft", status=ArticleStatus.DRAFT)
    make_article("Later", published_at=the_clock.now() + timedelta(days=1))
    assert entries(feed_of(client, "/feed.atom")) == []


def test_a_threads_feed_has_its_published_comments_newest_first(client: FlaskClient) -> None:
    question = make_question("Why?", name="Ana", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    answer = make_answer(question, "Because.")
    feed = feed_of(client, f"/articles/{question.article.slug}/feed.atom")
    newest, oldest = entries(feed)
    assert text(newest, "content") == "<p>Because.</p>\n"
    assert link(newest, "alternate") == f"http://localhost{answer.href}"
    assert text(oldest, "title") == "Why?"
    assert oldest.findtext(f"{ATOM}author/{ATOM}name") == "Ana"
    assert link(oldest, "alternate") == f"http://localhost/questions/{question.id}-why"
    reply_to = newest.find(THREADS + "in-reply-to")
    assert reply_to is not None
    assert reply_to.get("ref") == text(oldest, "id")


def test_v12_a_reply_below_a_hidden_comment_answers_the_article(client: FlaskClient) -> None:
    hidden = make_comment(CANARY, name="Hidden Person")
    make_comment("Still here.", parent=hidden)
    hidden.status = Status.REJECTED
    slug = hidden.article.slug
    answer = client.get(f"/articles/{slug}/feed.atom")
    assert CANARY not in answer.text
    assert "Hidden Person" not in answer.text
    assert f"comments/{hidden.id}" not in answer.text
    (entry,) = entries(fromstring(answer.data))
    reply_to = entry.find(THREADS + "in-reply-to")
    assert reply_to is not None
    assert reply_to.get("href") == f"http://localhost/articles/{slug}"


def test_a_tags_feed_has_articles_resources_and_questions(client: FlaskClient) -> None:
    tag = make_tag("hip")
    make_article("An article", tags=[tag])
    make_resource("An exercise", tags=[tag], url="https://video.example/1")
    make_question("A question?", tags=[tag])
    make_comment("No question.", tags=[tag])
    make_article("Another article")
    found = entries(feed_of(client, "/tags/hip/feed.atom"))
    assert {text(entry, "title") for entry in found} == {
        "An article",
        "An exercise",
        "A question?",
    }
    assert "https://video.example/1" in {link(entry, "related") for entry in found}


@pytest.mark.parametrize("path", ["/articles/none/feed.atom", "/tags/none/feed.atom"])
def test_a_feed_of_nothing_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_drafts_feed_is_not_found(client: FlaskClient) -> None:
    article = make_article(status=ArticleStatus.DRAFT)
    assert client.get(f"/articles/{article.slug}/feed.atom").status_code == 404


def test_a_former_slug_leads_to_the_feed_of_today(client: FlaskClient) -> None:
    article = make_article("Hips")
    db.session.add(FormerSlug(slug="old", article_id=article.id))
    answer = client.get("/articles/old/feed.atom")
    assert (answer.status_code, answer.location) == (301, "/articles/hips/feed.atom")


def paths(comment: Comment) -> list[str]:
    return [
        "/feed.atom",
        f"/articles/{comment.article.slug}/feed.atom",
        "/tags/hip/feed.atom",
        "/sitemap.xml",
        "/robots.txt",
    ]


@pytest.mark.parametrize("status", HIDDEN)
def test_v02_v07_a_hidden_text_is_in_no_feed_and_moves_nothing(
    client: FlaskClient, status: Status
) -> None:
    tag = make_tag("hip")
    question = make_question("Why?", tags=[tag])
    before = {path: client.get(path) for path in paths(question)}
    late = the_clock.now() + timedelta(minutes=5)
    hidden = make_question(
        CANARY, title=CANARY, name=CANARY, article=question.article, tags=[tag], status=status
    )
    reply = make_comment(CANARY, parent=question, status=status, name=CANARY)
    for row in (hidden, reply):
        row.created_at = row.edited_at = row.published_at = row.decided_at = late
    for path, answer in before.items():
        after = client.get(path)
        assert CANARY not in after.text
        assert after.data == answer.data
        assert after.headers["ETag"] == answer.headers["ETag"]


def test_v06_hiding_takes_a_text_out_of_the_next_answer_and_no_304_keeps_it(
    client: FlaskClient,
) -> None:
    comment = make_comment(CANARY)
    path = f"/articles/{comment.article.slug}/feed.atom"
    shown = client.get(path)
    assert CANARY in shown.text
    comment.status = Status.DELETED
    after = client.get(path, headers={"If-None-Match": shown.headers["ETag"]})
    assert after.status_code == 200
    assert CANARY not in after.text


def test_v06_feeds_are_shared_asked_for_again_and_set_no_cookie(client: FlaskClient) -> None:
    make_article()
    answer = client.get("/feed.atom")
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    again = client.get("/feed.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_v06_a_feed_sends_no_cookie_and_says_the_same_to_who_is_signed_in(
    client: FlaskClient,
    as_: Callable[[Account], FlaskClient],
    clock: time_machine.Traveller,
) -> None:
    comments = f"/articles/{make_comment().article.slug}/feed.atom"
    browser = as_(make_account("moderator"))
    browser.set_cookie("threshold-looks", "ar.dark")  # a feed is in the language of the site
    clock.shift(timedelta(hours=2))  # by now a page would refresh the session's cookie
    for path in ("/feed.atom", comments, "/sitemap.xml", "/robots.txt"):
        answer = browser.get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.data == client.get(path).data


def test_v07_updated_follows_what_is_published(client: FlaskClient) -> None:
    comment = make_comment()
    path = f"/articles/{comment.article.slug}/feed.atom"
    comment.created_at = datetime(2026, 1, 1, tzinfo=UTC)
    comment.published_at = datetime(2026, 1, 2, tzinfo=UTC)
    (entry,) = entries(feed_of(client, path))
    assert text(entry, "published") == "2026-01-01T00:00:00Z"
    assert text(entry, "updated") == "2026-01-02T00:00:00Z"


def test_v14_a_feed_tells_no_address(client: FlaskClient) -> None:
    account = make_account("author", email="secret@example.com")
    article = make_article(author=account)
    make_comment(article=article, account=account)
    make_comment(article=article)
    for path in ("/feed.atom", f"/articles/{article.slug}/feed.atom"):
        assert "example.com" not in client.get(path).text


def test_c06_no_header_moves_an_address(client: FlaskClient) -> None:
    make_article("Hips")
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "host=evil.example;proto=https",
    }
    for path in ("/feed.atom", "/sitemap.xml", "/robots.txt"):
        assert "evil" not in client.get(path, headers=headers).text


def test_c06_addresses_are_the_configured_sites(app: Flask, client: FlaskClient) -> None:
    settings: Any = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, public_url="https://questions.example.org")
    make_article("Hips")
    (entry,) = entries(feed_of(client, "/feed.atom"))
    assert link(entry, "alternate") == "https://questions.example.org/articles/hips"


def test_i12_hostile_characters_break_no_feed(app: Flask, client: FlaskClient) -> None:
    hostile = "a\x01b\x0b]]>\ufffe\uffff</content><x>&#0;&amp;\x1f"
    article = make_article("Hips")
    make_comment("x", article=article)
    db.session.execute(update(Article).values(title=hostile, html=f"<p>{hostile}</p>"))
    db.session.execute(update(Comment).values(author_name=hostile, html=hostile))
    settings: Any = app.extensions["settings"]
    app.jinja_env.globals["settings"] = replace(settings, site_name="lone \ud800 surrogate")
    for path in ("/feed.atom", "/articles/hips/feed.atom"):
        feed = feed_of(client, path)
        assert len(entries(feed)) == 1
        assert "\x01" not in text(entries(feed)[0], "title")


def test_x08_a_feed_holds_the_pages_own_safe_markup(client: FlaskClient) -> None:
    comment = make_comment("<script>alert(1)</script> [x](javascript:alert(1))")
    path = f"/articles/{comment.article.slug}/feed.atom"
    (entry,) = entries(feed_of(client, path))
    assert "<script" not in text(entry, "content")
    assert 'href="javascript' not in text(entry, "content")
    assert "<script" not in client.get(path).text


def test_a_feed_asks_the_same_number_of_queries_however_long(
    app: Flask, client: FlaskClient, count_queries: Any
) -> None:
    article = make_article("Hips")
    tag = make_tag("hip")

    def cost() -> int:
        with count_queries() as counted:
            client.get("/articles/hips/feed.atom")
            client.get("/tags/hip/feed.atom")
            client.get("/feed.atom")
        return int(counted.total)

    first = make_question("Why?", article=article, tags=[tag])
    make_answer(first)
    make_resource(tags=[tag])
    few = cost()
    for _ in range(5):
        make_answer(make_question("Why else?", article=article, tags=[tag]))
        make_resource(tags=[tag])
        make_article(tags=[tag])
    assert cost() <= few + 1
