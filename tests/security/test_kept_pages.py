"""Nothing held and nothing personal is ever in what is shared: a test that tries.

Every keepable address is walked as a guest, as whoever has sent a text, as a member and as a
moderator, in every order; what guests get must be the same bytes whoever came before.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.kept.keeping import keeping_of
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.architecture.routes import EVERYONE, MAY_USE
from tests.support.client import Browser

CANARY = "kanarienvogel"

pytestmark = pytest.mark.usefixtures("clock")  # pages say how long ago things were
As = Callable[[Account], Browser]


@pytest.fixture
def addresses(app: Flask) -> list[str]:
    """Every kind of keepable page, with texts that nobody may read behind each."""
    author = factories.make_account(Role.AUTHOR, name="Marta Lind")
    tag = factories.make_tag("hip")
    resource = factories.make_resource("Leg circle", tags=[tag])
    article = factories.make_article("Why hips click", author=author, tags=[tag])
    question = factories.make_question(article=article, tags=[tag])
    reply = factories.make_answer(question)
    card = factories.make_card("Why it snaps", owner=author, tags=[tag])
    factories.make_link(card, question)
    for status in set(Status) - {Status.APPROVED}:
        hidden = factories.make_question(article=article, status=status, tags=[tag])
        hidden.title = hidden.html = hidden.source = hidden.author_name = f"{CANARY} {status}"
    db.session.commit()
    month = article.published_at
    assert month is not None
    return [
        "/",
        article.href,
        f"{article.href}?view=oldest",
        f"{article.href}/feed.atom",
        question.href,
        f"/comments/{reply.id}",
        "/questions/",
        "/questions/?view=answered",
        "/tags/",
        f"/tags/{tag.slug}",
        f"/tags/{tag.slug}/feed.atom",
        "/resources/",
        resource.href,
        "/answers/",
        card.href,
        "/archive/",
        f"/archive/{month.year}/{month.month}",
        f"/authors/{author.username}",
        "/feed.atom",
        "/sitemap.xml",
        "/robots.txt",
    ]


@pytest.fixture
def people(app: Flask, as_: As) -> dict[str, Browser]:
    """Browsers of everybody who may read, each with something of their own on its pages."""
    sender = app.test_client()
    assert isinstance(sender, Browser)
    sender.submit(
        "/articles/why-hips-click/ask",
        body=f"Is this {CANARY} mine alone? {CANARY}",
        name=f"Anna {CANARY}",
        email=f"{CANARY}@example.com",
        kind="question",
    )
    member = as_(factories.make_account(name=f"Member {CANARY}", username=f"m-{CANARY}"))
    moderator = as_(factories.make_account("moderator", name=f"Moderator {CANARY}"))
    for browser in (sender, member, moderator):
        with browser.session_transaction() as stored:
            stored["_flashes"] = [("message", f"A note, {CANARY}")]
    return {"sender": sender, "member": member, "moderator": moderator}


def test_v06_c07_what_guests_get_is_the_same_whoever_came_before(
    app: Flask, addresses: list[str], people: dict[str, Browser]
) -> None:
    guest = app.test_client()
    front = app.extensions["front"]
    alone = {path: guest.get(path) for path in addresses}
    for path, answer in alone.items():
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate", path
        assert CANARY not in answer.text.lower(), path
        assert "csrf_token" not in answer.text, path
        assert "Set-Cookie" not in answer.headers, path

    for order in itertools.permutations(people):
        front.forget()
        for who, path in itertools.product(order, addresses):
            own = people[who].get(path)
            assert own.status_code == 200, (who, path)
            shared = guest.get(path)
            assert shared.data == alone[path].data, (order, who, path)
            assert shared.headers["ETag"] == alone[path].headers["ETag"]


def test_v06_the_etag_of_one_gives_no_304_to_another(
    app: Flask, addresses: list[str], people: dict[str, Browser]
) -> None:
    guest = app.test_client()
    for path in addresses:
        tag = guest.get(path).headers["ETag"]
        for who, browser in people.items():
            own = browser.get(path, headers={"If-None-Match": tag})
            if path.endswith((".atom", ".xml", ".txt")):
                continue  # the same document for everybody
            assert own.status_code == 200, (who, path)
            assert "private" in own.headers["Cache-Control"] or (
                own.headers["Cache-Control"] == "no-store"
            )
            assert own.headers.get("ETag") != tag


def test_v06_approved_rejected_approved_deleted_is_seen_by_the_very_next_reader(
    app: Flask, addresses: list[str], as_: As
) -> None:
    guest, member = app.test_client(), as_(factories.make_account())
    comment_id = factories.make_comment("A wagtail sings.", article=_first_article()).id
    path = addresses[1]
    for status in (Status.REJECTED, Status.APPROVED, Status.DELETED, Status.APPROVED):
        with unit_of_work():
            db.session.get_one(Comment, comment_id, populate_existing=True).status = status
        is_shown = status == Status.APPROVED
        assert ("A wagtail sings." in guest.get(path).text) == is_shown
        assert ("A wagtail sings." in member.get(path).text) == is_shown


def _first_article() -> factories.Article:
    return db.session.scalars(db.select(factories.Article)).first()


@pytest.mark.one_database
def test_c09_only_what_says_so_may_be_kept_by_anybody(app: Flask, addresses: list[str]) -> None:
    """By position: of all routes only those of everybody are marked, and no other page of the walk
    says that it may be shared."""
    shared_by_themselves = {"articles.media", "assets"}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        keeping = keeping_of(app.view_functions[rule.endpoint])
        if keeping is not None:
            assert MAY_USE[f"GET {rule.endpoint}"] == EVERYONE, rule.endpoint
        elif rule.endpoint not in shared_by_themselves and not rule.arguments:
            answer = app.test_client().get(rule.rule)
            assert "public" not in answer.headers.get("Cache-Control", ""), rule.endpoint
