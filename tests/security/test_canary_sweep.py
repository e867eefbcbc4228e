"""A canary in every field of texts that nobody may read, looked for at every public address.

The site is walked before and after: not only must the canary be nowhere, no byte and no header
of any answer may tell that it is there (V01 to V07, V10, V12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers.models import AnswerCard
from app.domains.answers.states import How
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments import cards, mending
from app.domains.comments import services as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.moderation import services as desk
from app.domains.moderation.services import Decision, Verb
from app.domains.tags.models import Tag
from app.infra import clock as time
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import rebuild
from tests import factories
from tests.security.walk import Places, Seen, addresses, walk
from tests.support.client import Browser

CANARY = "kanarienvogel"
HIDDEN = [Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED]
VERBS = {
    Status.PENDING: Verb.HOLD,
    Status.SPAM: Verb.SPAM,
    Status.REJECTED: Verb.REJECT,
    Status.DELETED: Verb.DELETE,
}
NEVER_TWICE_ALIKE = {"/healthz", "/account/second-step/app"}
"""How many mails wait to be sent is for whoever watches over the site, and names none of them; a
key for an app is a new one each time."""
As = Callable[[Account], Browser]

pytestmark = pytest.mark.usefixtures("clock")


@dataclass(frozen=True)
class Site:
    """A small site with something published at every kind of address."""

    author: Account
    moderator: Account
    article: Article
    draft: Article
    scheduled: Article
    tag: Tag
    question: Comment
    remark: Comment
    card: AnswerCard
    places: Places


@pytest.fixture
def site(app: Flask) -> Site:
    author = factories.make_account(Role.AUTHOR, name="Marta Lind")
    tag = factories.make_tag("hip", synonyms=["hip clicks"])
    resource = factories.make_resource("Quiet leg circle", tags=[tag])
    article = factories.make_article("Why hips click", author=author, tags=[tag])
    draft = factories.make_article(
        f"Draft {CANARY}", author=author, status=ArticleStatus.DRAFT, tags=[tag]
    )
    scheduled = factories.make_article(
        f"Tomorrow {CANARY}",
        author=author,
        published_at=time.now() + timedelta(days=1),
        tags=[tag],
    )
    question = factories.make_question(article=article, tags=[tag])
    factories.make_answer(question)
    remark = factories.make_comment("Thank you.", article=article)
    card = factories.make_card("Why it snaps", owner=author, tags=[tag])
    factories.make_link(card, question)
    rebuild.reindex_all()
    slug = {"slug": article.slug}
    ids = [{"comment_id": question.id}, {"comment_id": remark.id}]
    followed = (f"article-{article.id}", f"question-{question.id}", f"tag-{tag.id}")
    follows = [{"followed": one} for one in (*followed, f"card-{card.id}", f"author-{author.id}")]
    places: dict[str, list[dict[str, object]]] = {
        "answers.show": [{"slug": card.slug}],
        "articles.show": [slug],
        "articles.author": [{"username": author.username}],
        "articles.month": [{"year": 2026, "month": 3}],
        "articles.media": [{"name": "none.png"}],
        "feeds.article": [slug],
        "feeds.tag": [{"slug": tag.slug}],
        "feeds.sitemap_part": [{"number": 1}],
        "following.page": follows,
        "following.sent": follows,
        "library.tag": [{"slug": tag.slug}],
        "library.resource": [{"slug": resource.slug}],
        "questions.ask_page": [slug],
        "questions.me_too_page": ids,
        "questions.me_too_sent": ids,
        "questions.permalink": ids,
        "questions.reply_page": ids,
        "questions.report_page": ids,
        "questions.reported": [slug],
        "questions.show": [{**one, "slug": "x"} for one in ids]
        + [{**ids[0], "slug": "my-left-hip-clicks-when-i-swing-the-leg-what-does-that-mean"}],
    }
    return Site(
        author,
        factories.make_account(Role.MODERATOR),
        article,
        draft,
        scheduled,
        tag,
        question,
        remark,
        card,
        places,
    )


def plant(
    site: Site,
    article: Article,
    status: Status,
    parent: Comment | None = None,
    *,
    with_card: bool = True,
) -> Comment:
    """A text with the canary in all it has, published and answered with a card once and then in
    this state, so that whatever reacts to publishing has had it in hand."""
    with unit_of_work():
        planted = comments.bring_in(
            article,
            parent,
            source=f"Does my hip click like a {CANARY}? It is quixotrop, hip clicks. {status}",
            status=Status.PENDING,
            at=time.now(),
            address=factories.make_address(f"{CANARY}-{status}-{article.id}@example.com")
            if parent is None
            else None,
            name=f"Anna {CANARY}",
            url=f"https://{CANARY}.example/",
            kind=Kind.QUESTION,
        )
        mending.tag_by_hand(planted, {site.tag.id}, site.moderator)
    with unit_of_work():
        decide(site, planted, Verb.APPROVE)
    if with_card:
        with unit_of_work():
            answer_with_the_card(site, planted)
    if status == Status.WITHDRAWN:
        with unit_of_work():
            comments.withdraw(db.session.get_one(Comment, planted.id))
    elif status != Status.APPROVED:
        with unit_of_work():
            decide(site, planted, VERBS[status])
    return planted


def answer_with_the_card(site: Site, comment: Comment) -> None:
    card = db.session.get_one(AnswerCard, site.card.id)
    moderator = db.session.get_one(Account, site.moderator.id)
    found = db.session.get_one(Comment, comment.id, populate_existing=True)
    cards.answer_with(found, card, by=moderator, how=How.DESK)


def decide(site: Site, comment: Comment, verb: Verb) -> None:
    found = db.session.get_one(Comment, comment.id, populate_existing=True)
    verdict = Decision(verb, db.session.get_one(Account, site.moderator.id), reason="Not here")
    desk.decide(found, verdict, version=found.version)


def differing(before: dict[str, Seen], after: dict[str, Seen]) -> list[str]:
    return [path for path in before if before[path] != after[path]]


def singing(walked: dict[str, Seen]) -> list[str]:
    return [
        path
        for path, answer in walked.items()
        if CANARY in answer.body.lower() or CANARY in str(answer.headers).lower()
    ]


@pytest.mark.parametrize("who", ["guest", "reader"])
def test_v01_v02_v03_v05_v07_v10_no_hidden_text_moves_a_byte_of_any_public_answer(
    app: Flask, as_: As, site: Site, clock: time_machine.Traveller, who: str
) -> None:
    """Each hidden state under a published article, and published texts under a draft and under an
    article whose time has not come: pages, feeds, search, sitemap, counts and ETags."""
    browser = app.test_client() if who == "guest" else as_(factories.make_account())
    assert isinstance(browser, Browser)
    paths = addresses(app, site.places, signed_in=who == "reader")
    before = walk(browser, paths)

    for status in HIDDEN:
        plant(site, site.article, status)
        plant(site, site.article, status, parent=site.question)
    plant(site, site.draft, Status.APPROVED)
    plant(site, site.scheduled, Status.APPROVED)
    after = walk(browser, paths)

    assert len(paths) > 40
    assert all(answer.status < 500 for answer in before.values())
    assert sum(answer.status == 200 for answer in before.values()) > 30
    assert singing(after) == []
    assert set(differing(before, after)) <= NEVER_TWICE_ALIKE


def test_v03_a_search_index_made_anew_knows_no_hidden_text(app: Flask, site: Site) -> None:
    for status in HIDDEN:
        plant(site, site.article, status)
    plant(site, site.draft, Status.APPROVED)
    plant(site, site.scheduled, Status.APPROVED)

    rebuild.reindex_all()

    assert CANARY not in app.test_client().get("/search?q=quixotrop").text


@pytest.mark.parametrize("who", ["guest", "reader"])
def test_v04_a_hidden_id_is_answered_like_one_that_never_was(
    app: Flask, as_: As, site: Site, who: str
) -> None:
    browser = app.test_client() if who == "guest" else as_(factories.make_account())
    assert isinstance(browser, Browser)
    hidden = [plant(site, site.article, status) for status in HIDDEN]
    hidden.append(plant(site, site.draft, Status.APPROVED))
    hidden.append(plant(site, site.scheduled, Status.APPROVED))
    shapes = (
        "/questions/{}",
        "/questions/{}-x",
        "/questions/{}-does-my-hip-click-like-a-kanarienvogel",
        "/comments/{}",
        "/comments/{}/reply",
        "/asked/{}/" + "0" * 40,
        "/asked/{}/" + "0" * 40 + "/edit",
    )
    for shape in shapes:
        missing = walk(browser, [shape.format(999_999)]).popitem()[1]
        for one in hidden:
            assert walk(browser, [shape.format(one.id)]).popitem()[1] == missing, shape
        assert missing.status == 404
        assert browser.get(shape.format(site.question.id)).status_code in (200, 301, 404)

    fields = {"body": "Me too.", "name": "Bo Berg", "email": "bo@example.com"}
    for shape in ("/comments/{}/reply", "/asked/{}/x/edit", "/asked/{}/x/withdraw"):
        refused = [
            (answer.status_code, answer.data)
            for ref in (999_999, *(one.id for one in hidden))
            for answer in [browser.submit(shape.format(ref), **fields)]
        ]
        assert set(refused) == {refused[0]}
        assert refused[0][0] == 404


def test_v04_v10_an_article_nobody_may_read_is_answered_like_none(app: Flask, site: Site) -> None:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    for shape in ("/articles/{}", "/articles/{}/feed.atom", "/articles/{}/ask"):
        missing, *hidden = (
            walk(browser, [shape.format(slug)]).popitem()[1]
            for slug in ("never-was", site.draft.slug, site.scheduled.slug)
        )
        assert missing.status == 404
        assert hidden == [missing, missing]


SHOWN_AT = [
    "/",
    "/articles/why-hips-click",
    "/articles/why-hips-click/feed.atom",
    "/questions/",
    "/questions/?view=unanswered",
    "/tags/hip",
    "/tags/hip/feed.atom",
    "/search?q=quixotrop",
]


def test_v06_what_is_approved_is_everywhere_and_what_is_rejected_is_nowhere_at_once(
    app: Flask, site: Site
) -> None:
    """Approved, rejected and approved again; each state is seen by the very next request, also by
    one that asks whether what it has is still good (ETag)."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    planted = plant(site, site.article, Status.PENDING, with_card=False)
    own = [f"/comments/{planted.id}", f"/questions/{planted.id}"]
    feed = "/articles/why-hips-click/feed.atom"

    for _ in range(2):
        with unit_of_work():
            decide(site, planted, Verb.APPROVE)
        assert singing(walk(browser, SHOWN_AT)) == SHOWN_AT
        assert f"/questions/{planted.id}-" in browser.get("/sitemap.xml").text
        assert [browser.get(path).status_code for path in own] == [301, 301]
        assert CANARY in browser.get(own[1], follow_redirects=True).text
        tag = browser.get(feed).headers["ETag"]
        assert browser.get(feed, headers={"If-None-Match": tag}).status_code == 304

        with unit_of_work():
            decide(site, planted, Verb.REJECT)
        assert singing(walk(browser, SHOWN_AT)) == []
        assert f"/questions/{planted.id}-" not in browser.get("/sitemap.xml").text
        assert [browser.get(path).status_code for path in own] == [404, 404]
        assert browser.get(feed, headers={"If-None-Match": tag}).status_code == 200


def test_v06_an_article_taken_back_takes_its_thread_along_at_once(app: Flask, site: Site) -> None:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    planted = plant(site, site.article, Status.APPROVED)

    with unit_of_work():
        articles.unpublish(db.session.get_one(Article, site.article.id), by=None)

    assert singing(walk(browser, SHOWN_AT)) == []
    assert browser.get(f"/questions/{planted.id}").status_code == 404


def test_v06_pages_that_differ_by_reader_are_kept_by_no_shared_cache(
    app: Flask, as_: As, site: Site
) -> None:
    reader, guest = as_(factories.make_account()), app.test_client()
    assert isinstance(guest, Browser)
    for path, answer in walk(reader, addresses(app, site.places)).items():
        kept = answer.headers["Cache-Control"]
        if "public" in kept:
            assert answer.body == walk(guest, [path])[path].body, path
        else:
            assert "private" in kept or "no-store" in kept, path


@pytest.mark.parametrize("status", HIDDEN)
def test_v12_a_published_reply_says_nothing_of_its_hidden_parent(
    app: Flask, site: Site, status: Status
) -> None:
    parent = plant(site, site.article, Status.APPROVED)
    reply = factories.make_comment("I have that too.", parent=parent, name="Bo Berg")
    answer = factories.make_answer(parent, "Let it be.")
    with unit_of_work():
        if status == Status.WITHDRAWN:
            comments.withdraw(db.session.get_one(Comment, parent.id))
        else:
            decide(site, parent, VERBS[status])
    more = [{"comment_id": one.id} for one in (reply, answer)]
    places = {
        **site.places,
        "questions.permalink": more,
        "questions.reply_page": more,
        "questions.report_page": more,
        "questions.show": [{**one, "slug": "x"} for one in more],
    }

    browser = app.test_client()
    assert isinstance(browser, Browser)
    walked = walk(browser, addresses(app, places))

    assert singing(walked) == []
    assert all(answer.status < 500 for answer in walked.values())


def test_v09_a_waiting_text_is_shown_to_the_browser_that_sent_it_and_to_no_other(
    app: Flask, as_: As, site: Site
) -> None:
    writer, stranger = app.test_client(), app.test_client()
    assert isinstance(writer, Browser)
    sent = writer.submit(
        f"/articles/{site.article.slug}/ask",
        body=f"Why does it sing like a {CANARY}?",
        name="Bo Berg",
        email="bo@example.com",
    )

    assert CANARY in writer.get(f"/articles/{site.article.slug}").text
    for browser in (stranger, as_(factories.make_account())):
        assert CANARY not in browser.get(f"/articles/{site.article.slug}").text
    private = writer.get(sent.headers["Location"])
    assert CANARY in private.text
    assert private.headers["Cache-Control"] == "no-store"
    assert "noindex" in private.headers["X-Robots-Tag"]
