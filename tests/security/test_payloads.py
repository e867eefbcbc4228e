"""Texts that try to become markup, in every field that is shown, through every way to write one.

The sanitiser's own tests try each payload by itself; here they come in through the doors and are
looked for in whole pages, feeds and mails.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from defusedxml.ElementTree import fromstring
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import services as desk
from app.domains.moderation.services import Decision, Verb
from app.infra import audit, tokens
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import rebuild
from tests import factories
from tests.engines.text.hostile_texts import PAYLOADS, elements
from tests.support.client import Browser
from tests.support.smtp import MailServer

As = Callable[[Account], Browser]
LINES = [
    "<script>go()</script>",
    '"><img src=x onerror=go()>',
    "' onmouseover='go()",
    "</title><script>go()</script>",
    "</textarea><svg/onload=go()>",
    "</script><script>go()</script>",
    "javascript:go()",
    "{{7*7}}${7*7}{%x%}",
    "--><b>bold</b><!--",
]
"""Fit for a name or a title: short, and one line."""
ALL = "\n\n".join(PAYLOADS)
OUR_PICTURE = re.compile(r"picture (tone-[0-7]|nobody)")
OUR_SCRIPT = re.compile(r"/assets/[0-9a-f]{8}/js/[a-z/_-]+\.js")
OURS = re.compile(r"(?:/(?!/)|#|https?://|mailto:|data:image/)")


def check(page: str, *, feed: bool = False) -> None:
    """Nothing in a page runs, loads from elsewhere, or stands outside of the page's own markup."""
    for tag, attributes in elements(page):
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert "style" not in attributes, (tag, attributes)
        assert "srcdoc" not in attributes, (tag, attributes)
        if tag == "script":
            kind = attributes.get("type")
            source = attributes.get("src")
            assert kind == "application/ld+json" or OUR_SCRIPT.fullmatch(source or ""), attributes
        elif tag in ("img", "source", "video", "iframe"):
            assert (attributes.get("src") or "/").startswith(("/media/", "/assets/", "/")), tag
            assert not (attributes.get("src") or "").startswith("//"), attributes
        if tag == "svg":
            assert attributes.keys() == {"class", "viewbox", "width", "height", "aria-hidden"}
            assert OUR_PICTURE.fullmatch(attributes["class"] or ""), attributes
        assert tag not in ("base", "object", "embed", "iframe", "style", "math"), tag
        if tag == "a":
            assert OURS.match(attributes.get("href") or "/"), attributes
        if tag == "form":
            assert (attributes.get("action") or "/").startswith(("/", "#", "?")), attributes


@pytest.fixture
def moderator() -> Account:
    return factories.make_account(Role.MODERATOR)


def test_x01_a_hostile_text_is_harmless_through_every_door_and_on_every_page(
    app: Flask, client: Browser, as_: As, moderator: Account
) -> None:
    """Asked, edited by its writer, mended by a moderator, approved, answered, read."""
    article = factories.make_article("Hips", tags=[factories.make_tag("hip")])
    path = f"/articles/{article.slug}"
    pages = [client.submit("/preview", body=ALL).text]
    sent = client.submit(
        f"{path}/ask", body=ALL, name="Bo", email="bo@example.com", kind="question"
    )
    assert sent.status_code == 303
    comment = db.session.scalars(select(Comment)).one()
    private = sent.headers["Location"]
    edited = client.submit(f"{private}/edit", body=f"Again.\n\n{ALL}", kind="question")
    assert edited.status_code == 303
    browser = as_(moderator)
    pages += [client.get(private).text, client.get(f"{private}/edit").text, client.get(path).text]
    pages += [browser.get("/moderation/").text, browser.get(f"/moderation/{comment.id}").text]
    mended = browser.submit(
        f"/moderation/{comment.id}/edit", body=f"Mended.\n\n{ALL}", version="2", then="approve"
    )
    assert mended.status_code == 303
    author = as_(article.author)
    reply = author.submit(f"/comments/{comment.id}/reply", body=ALL, kind="comment")
    assert reply.status_code == 303
    rebuild.reindex_all()
    public = (path, "/", "/questions/", "/tags/hip", "/search?q=mended", "/moderation/log")
    pages += [browser.get(one).text for one in public]
    pages.append(client.get(f"/questions/{comment.id}", follow_redirects=True).text)
    pages.append(author.get(f"/comments/{comment.id}/reply").text)

    assert sum("go()" in page for page in pages) >= 7
    for page in pages:
        check(page)
    for html in db.session.scalars(select(Comment.html)):
        check(html)
        assert not any(tag == "img" for tag, _ in elements(html))


@pytest.mark.parametrize("line", LINES)
def test_x02_x04_x05_a_hostile_name_or_title_is_words_on_every_page(
    app: Flask, client: Browser, as_: As, moderator: Account, line: str
) -> None:
    """Of guests, members, authors, articles, tags and resources, in text and in attributes."""
    author = factories.make_account(Role.AUTHOR, name=f"Marta {line}")
    tag = factories.make_tag(f"hip {line}", synonyms=[line], description=line)
    article = factories.make_article(f"Hips {line}", author=author, tags=[tag], summary=line)
    resource = factories.make_resource(f"Swing {line}", tags=[tag], summary=line)
    question = factories.make_question(article=article, title=line, name=line, tags=[tag])
    factories.make_comment("Thanks.", parent=question, name=line)
    waiting = factories.make_question(
        article=article, title=line, name=line, status=Status.PENDING, tags=[tag]
    )
    waiting.author_url = line
    waiting.verdict = {"reasons": [{"name": line, "weight": 1, "sentence": line}]}
    audit.write("edit", "comment", waiting.id, by=None, actor_name=line, reason=line)
    db.session.commit()
    rebuild.reindex_all()
    desk = as_(moderator)
    key = tokens.private_key("asked", waiting.id, waiting.nonce)
    public = [
        *("/", "/archive/", "/questions/", "/tags/", "/resources/"),
        f"/articles/{article.slug}",
        f"/authors/{author.username}",
        f"/tags/{tag.slug}",
        f"/resources/{resource.slug}",
        f"/comments/{question.id}/reply",
        f"/asked/{waiting.id}/{key}",
        f"/search?q=hip {line}",
        f"/sign-in?next={line}",
        f"/{line}?{line}",
    ]
    inside = ["/moderation/", f"/moderation/{waiting.id}", "/moderation/log", "/author/resources"]
    writing = ["/author/", "/author/articles", f"/author/articles/{article.id}", "/author/tags"]
    tag_page = f"/author/tags/{tag.id}"
    resource_page = f"/author/resources/{resource.id}"

    pages = {path: client.get(path, follow_redirects=True) for path in public}
    pages |= {path: desk.get(path) for path in (*inside, tag_page, resource_page)}
    pages |= {path: as_(author).get(path) for path in writing}
    shown = client.get(f"/questions/{question.id}", follow_redirects=True)

    for path, page in {**pages, "question": shown}.items():
        assert page.status_code in (200, 404), path
        check(page.text)
        assert "<b>bold</b>" not in page.text, path
        assert "$49" not in page.text, path


@pytest.mark.parametrize("line", LINES)
def test_x04_a_refused_forms_words_come_back_as_words(
    client: Browser, as_: As, moderator: Account, line: str
) -> None:
    article = factories.make_article()
    fields = {"body": line, "name": line * 9, "email": line, "kind": line, "next": line}

    answers = [
        client.submit(f"/articles/{article.slug}/ask", **fields),
        client.submit("/sign-in", email=line, password="x", next=line),
        client.submit("/sign-up", name=line * 9, email=line, password="x", next=line),
        client.submit("/forgot-password", email=line),
        as_(article.author).submit("/author/articles/new", title=line, source=line, tags=line),
        as_(moderator).submit("/author/tags/new", name="", synonyms=line, description=line),
        as_(moderator).submit("/moderation/decide", verb=line, item="1:1"),
    ]

    for answer in answers:
        assert answer.status_code in (400, 422)
        check(answer.text)


def test_x08_feeds_carry_nothing_that_runs(client: Browser) -> None:
    tag = factories.make_tag("hip")
    article = factories.make_article("Hips", tags=[tag])
    factories.make_question(ALL, article=article, tags=[tag], title="Why?", name=LINES[1])
    for path in ("/feed.atom", f"/articles/{article.slug}/feed.atom", "/tags/hip/feed.atom"):
        feed = client.get(path).text
        assert "<script" not in feed
        contents = list(fromstring(feed.encode()).iter("{http://www.w3.org/2005/Atom}content"))
        assert contents
        for content in contents:
            check(content.text or "")


def test_x08_mails_carry_nothing_that_runs(
    mails: MailServer,
    deliver: Callable[[], int],
    client: Browser,
    moderator: Account,
    clock: time_machine.Traveller,
) -> None:
    """To the desk about what waits, to the writer about what became of it."""
    article = factories.make_article(f"Hips {LINES[1]}")
    client.submit(f"/articles/{article.slug}/ask", body=ALL, name="Bo <b>", email="bo@example.com")
    clock.shift(3600)  # the desk is told of many at once
    deliver()
    comment = db.session.scalars(select(Comment)).one()
    comment.address.proven_at = comment.created_at  # type: ignore[union-attr]
    db.session.commit()
    with unit_of_work():
        found = db.session.get_one(Comment, comment.id)
        verdict = Decision(Verb.APPROVE, db.session.get_one(Account, moderator.id))
        desk.decide(found, verdict, version=found.version)
    clock.shift(3600)
    deliver()

    letters = mails.messages
    assert {str(letter["To"]) for letter in letters} >= {
        "bo@example.com",
        moderator.address.email,
    }
    assert len(mails.to("bo@example.com")) == 2
    for letter in letters:
        html = letter.get_body(("html",))
        plain = letter.get_body(("plain",))
        assert html is not None
        assert plain is not None
        for tag, attributes in elements(html.get_content()):
            assert tag not in ("script", "iframe", "img", "svg", "object", "form"), tag
            assert not [name for name in attributes if name.startswith("on")]
            assert (attributes.get("href") or "http").startswith(("http", "mailto:"))
