"""Threads that stand as they were drawn while another one changes: whatever happens, the page is
the one that is drawn by somebody who has kept nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.domains.accounts.models import Account
from app.domains.articles.models import Article
from app.domains.comments import mending, moving
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.moderation import services as desk
from app.domains.moderation.services import Decision, Verb
from app.domains.tags.models import Tag
from app.infra import clock as program_clock
from app.infra import running
from app.infra.db import db
from app.infra.http.front import THREADS
from app.infra.refusal import Refusal
from app.infra.unit_of_work import unit_of_work
from app.web.questions.drawn import Discussion
from tests import factories
from tests.support.client import Browser

Counting = Callable[..., object]
As = Callable[[Account], Browser]
VIEWS = ("", "?view=oldest", "?view=answered", "?all=1")

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def staff(app: Flask) -> int:
    return factories.make_account("admin", name="Ada").id


@pytest.fixture
def article(app: Flask, staff: int) -> Article:
    """Six threads, each a question with an answer, a reply, and one that waits."""
    tag = factories.make_tag("hip")
    factories.make_resource("Leg circle", tags=[tag])
    article = factories.make_article("Why hips click", tags=[tag])
    for number in range(6):
        at = program_clock.now() - timedelta(hours=3, minutes=17 * number)
        question = factories.make_question(
            f"Question {number}?", article=article, tags=[tag] if number % 2 else [], created_at=at
        )
        answer = factories.make_comment(
            f"Answer {number}.",
            parent=question,
            account=article.author,
            by_author=True,
            created_at=at,
        )
        factories.make_comment(f"Reply {number}.", parent=answer, created_at=at)
        factories.make_comment(f"Held {number}.", parent=question, status=Status.PENDING)
    return article


def pages(browser: Browser, path: str) -> dict[str, str]:
    return {view: browser.get(path + view).text for view in VIEWS}


def check(app: Flask, browser: Browser, path: str, what: object = "") -> dict[str, str]:
    """The pages as they are given now are those of somebody who has kept nothing."""
    app.extensions["front"]._memory.clear()  # whole pages say how long ago things were for a minute
    found = pages(browser, path)
    kept = running.kept(app)[THREADS]
    app.extensions["front"].forget()
    for view, text in pages(browser, path).items():
        assert found[view] == text, (what, view)
    running.kept(app)[THREADS] = kept  # what comes next finds threads that have stood for long
    return found


def texts(article_id: int, *where: object) -> list[Comment]:
    own = select(Comment).where(Comment.article_id == article_id, *where)  # type: ignore[arg-type]
    return list(db.session.scalars(own.order_by(Comment.id)))


def kept_pieces(app: Flask) -> dict[int, int]:
    """By thread the identity of what is kept of it for the plain page."""
    shelf = running.kept(app)[THREADS]
    drawn: Discussion = next(one for key, one in shelf._pages.items() if "newest" in key)
    return {piece.id: id(piece.lines) for piece in drawn.pieces}


def decide(comment_id: int, verb: Verb, staff: int) -> None:
    with unit_of_work():
        comment = db.session.get_one(Comment, comment_id, populate_existing=True)
        by = db.session.get_one(Account, staff)
        desk.decide(comment, Decision(verb, by, reason="Not here"), version=comment.version)


def test_only_the_thread_that_changed_is_drawn_again(
    app: Flask, client: Browser, article: Article, staff: int
) -> None:
    (held, *_) = texts(article.id, Comment.status == Status.PENDING)
    held_id, thread_id, path = held.id, held.thread_id, article.href
    client.get(path)
    before = kept_pieces(app)
    decide(held_id, Verb.APPROVE, staff)
    assert "Held 0." in client.get(path).text
    after = kept_pieces(app)
    assert {one for one in before if before[one] != after[one]} == {thread_id}


def test_nine_queries_are_asked_however_many_threads_stand(
    app: Flask, client: Browser, article: Article, staff: int, count_queries: Counting
) -> None:
    path = article.href
    waiting = [one.id for one in texts(article.id, Comment.status == Status.PENDING)]

    def cost(held_id: int) -> int:
        client.get(path)
        kept = running.kept(app)[THREADS]
        decide(held_id, Verb.APPROVE, staff)
        with count_queries() as asked:  # type: ignore[attr-defined]
            running.kept(app)[THREADS] = kept  # they were forgotten at the start of counting
            client.get(path)
        assert any("page_mark.changes" in one for one in asked.statements)
        return int(asked.total)

    few = cost(waiting[1])
    for number in range(12):
        factories.make_comment(f"More {number}.", article=article)
    assert cost(waiting[3]) == few <= 9


@pytest.mark.parametrize("verb", [Verb.REJECT, Verb.SPAM, Verb.DELETE, Verb.HOLD])
def test_v07_what_is_hidden_is_gone_from_the_page_that_stands(
    app: Flask, client: Browser, article: Article, staff: int, verb: Verb
) -> None:
    path = article.href
    for number in (0, 3):
        reply = texts(article.id, Comment.source == f"Reply {number}.")[0].id
        assert f"Reply {number}." in client.get(path).text
        decide(reply, verb, staff)
        assert f"Reply {number}." not in client.get(path).text
        check(app, client, path)


def test_v04_a_hidden_parent_leaves_its_place_and_no_name(
    app: Flask, client: Browser, article: Article, staff: int
) -> None:
    path = article.href
    answer = texts(article.id, Comment.source == "Answer 2.")[0]
    answer_id = answer.id
    pages(client, path)
    decide(answer_id, Verb.REJECT, staff)
    found = check(app, client, path)
    assert "Answer 2." not in found[""]
    assert "Reply 2." in found[""]
    assert f'class="gone" id="comment-{answer_id}"' in found[""]


def rename_author(article_id: int) -> None:
    author = db.session.get_one(Article, article_id).author
    author.name, author.role = "Somebody Else", "reader"


def rename_writer_in_all_texts(article_id: int) -> None:
    db.session.execute(update(Comment).values(author_name="Renamed"))


def rename_tag(article_id: int) -> None:
    db.session.scalars(select(Tag)).first().name = "knee"  # type: ignore[union-attr]


def add_a_resource(article_id: int) -> None:
    factories.make_resource("Bridge", tags=list(db.session.scalars(select(Tag))))


def retitle(article_id: int) -> None:
    db.session.get_one(Article, article_id).title = "Why knees click"


def close(article_id: int) -> None:
    db.session.get_one(Article, article_id).comments_open = False


def answer_by_a_card(article_id: int) -> None:
    question = texts(article_id, Comment.kind == Kind.QUESTION)[4]
    factories.make_link(factories.make_card("Why it snaps"), question)


def untag(article_id: int) -> None:
    texts(article_id, Comment.kind == Kind.QUESTION)[3].tags = []


def make_chat(article_id: int) -> None:
    reply = texts(article_id, Comment.source == "Reply 1.")[0]
    mending.change_kind(reply, Kind.CHAT, by=db.session.get_one(Article, article_id).author)


@pytest.mark.parametrize(
    "act",
    [
        *(rename_author, rename_writer_in_all_texts, rename_tag, add_a_resource, retitle, close),
        *(answer_by_a_card, untag, make_chat),
    ],
)
def test_v07_nothing_stale_stands(
    app: Flask, client: Browser, article: Article, act: Callable[[int], None]
) -> None:
    article_id, path = article.id, article.href
    before = pages(client, path)
    with unit_of_work():
        act(article_id)
    assert check(app, client, path, act) != before


def test_times_in_words_go_on(
    app: Flask, client: Browser, article: Article, clock: time_machine.Traveller
) -> None:
    path = article.href
    pages(client, path)
    for seconds in (20, 59, 61, 300, 601, 3_500, 3_700, 90_000, 86_400 * 6, 86_400 * 40):
        clock.shift(seconds)
        check(app, client, path, seconds)


def test_an_article_whose_time_comes_is_named_in_threads_that_stood(
    app: Flask, client: Browser, article: Article, clock: time_machine.Traveller, staff: int
) -> None:
    soon = program_clock.now() + timedelta(seconds=200)
    tags = list(db.session.scalars(select(Tag)))
    factories.make_article("A week of hips", published_at=soon, tags=tags)
    held, *_ = texts(article.id, Comment.status == Status.PENDING)
    held_id, path = held.id, article.href
    assert "A week of hips" not in client.get(path).text
    clock.shift(100)
    decide(held_id, Verb.APPROVE, staff)
    assert "A week of hips" not in client.get(path).text
    clock.shift(161)
    assert client.get(path).text.count("A week of hips") >= 3


def test_x07_whoever_wrote_a_text_finds_their_own_ways_in_a_thread_that_stands(
    app: Flask, client: Browser, article: Article, as_: As, staff: int
) -> None:
    writer = factories.make_account(name="Wilma")
    question = texts(article.id, Comment.kind == Kind.QUESTION)[1]
    own = factories.make_comment("Mine.", parent=question, account=writer).id
    held, *_ = texts(article.id, Comment.status == Status.PENDING)
    held_id, path = held.id, article.href
    browser, report = as_(writer), f'href="/comments/{own}/report"'
    guest = client.get(path).text
    assert report in guest
    assert report not in browser.get(path).text
    decide(held_id, Verb.APPROVE, staff)
    assert report not in browser.get(path).text
    assert report in client.get(path).text
    check(app, client, path)


class Happening:
    """Something that may happen to some text."""

    def __init__(self, article_id: int, staff: int, chance: random.Random) -> None:
        self.article_id = article_id
        self.elsewhere = factories.make_article("Elsewhere").id
        self._staff = staff
        self._chance = chance

    @property
    def by(self) -> Account:
        return db.session.get_one(Account, self._staff)

    def some(self, *where: object) -> Comment:
        return self._chance.choice(texts(self.article_id, *where))

    def anything(self) -> Callable[[], object]:
        happens = [self.decide, self.decide, self.mend, self.reply, self.ask, self.move]
        return self._chance.choice([*happens, self.change_kind, self.link])

    def decide(self) -> None:
        one = self.some()
        verb = self._chance.choice([Verb.APPROVE, Verb.APPROVE, Verb.REJECT, Verb.SPAM])
        desk.decide(one, Decision(verb, self.by, reason="So"), version=one.version)

    def mend(self) -> None:
        one = self.some()
        words = f"Mended {self._chance.randrange(1000)}."
        mending.edit(one, words, title="Another?", by=self.by, version=one.version)

    def reply(self) -> None:
        factories.make_comment(f"New {self._chance.randrange(1000)}.", parent=self.some())

    def ask(self) -> None:
        home = db.session.get_one(Article, self.article_id)
        factories.make_question(f"New {self._chance.randrange(1000)}?", article=home)

    def move(self) -> None:
        one, below = self.some(), self.some(Comment.status == Status.APPROVED)
        if self._chance.random() < 0.2:
            home = db.session.get_one(Article, self.elsewhere)
            moving.move_branch(one, below=None, article=home, by=self.by, version=one.version)
        else:
            home = below.article
            moving.move_branch(one, below=below, article=home, by=self.by, version=one.version)

    def change_kind(self) -> None:
        kind = self._chance.choice(list(Kind))
        mending.change_kind(self.some(), kind, by=self.by)

    def link(self) -> None:
        helped = self._chance.choice([None, False])
        factories.make_link(factories.make_card(), self.some(), helped=helped)


@pytest.mark.parametrize("seed", range(3))
def test_v06_v07_whatever_happens_the_page_is_the_one_of_who_has_kept_nothing(
    app: Flask,
    client: Browser,
    article: Article,
    staff: int,
    clock: time_machine.Traveller,
    seed: int,
) -> None:
    chance = random.Random(seed)  # noqa: S311  (the same acts at every run)
    path = article.href
    happening = Happening(article.id, staff, chance)
    for number in range(25):
        act = happening.anything()
        with suppress(Refusal), unit_of_work():
            act()
        if number % 3 == 0:
            clock.shift(chance.choice([1, 30, 70, 400]))
        check(app, client, path, (seed, number, act))
