"""A reply lands where its parent stands when it is placed, whoever moves or hides it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments import moving, queries, services
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.errors import ParentGone
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import services as desk
from app.domains.moderation.services import Decision, Verb
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_comment, make_question
from tests.support.eventually import eventually

pytestmark = pytest.mark.one_database("postgresql")  # SQLite's writers take turns anyway


def reply_to(comment_id: int) -> Comment:
    with unit_of_work():
        parent = db.session.get_one(Comment, comment_id)
        article = db.session.get_one(Article, parent.article_id)
        draft = Draft(source="And mine does too.", name="Bo", email="bo@example.com")
        return services.submit(article, parent, draft, Writer())


def somebody_waits() -> bool:
    with db.engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(connection.scalar(text(waiting)))


@contextmanager
def meanwhile(app: Flask, act: Callable[[], object]) -> Iterator[list[BaseException]]:
    """Another thread does this while the block runs, and is over when the block is."""
    wrong: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                act()
            except BaseException as error:  # noqa: BLE001  (the test looks at it)
                wrong.append(error)

    other = threading.Thread(target=run)
    other.start()
    yield wrong
    other.join(30)
    assert not other.is_alive()


def move(comment_id: int, below_id: int) -> None:
    comment = queries.find_to_change(comment_id)
    below = db.session.get_one(Comment, below_id)
    assert comment is not None
    version, by = comment.version, the_moderator()
    moving.move_branch(comment, below=below, article=below.article, by=by, version=version)


def the_moderator() -> Account:
    return db.session.scalars(select(Account).where(Account.role == Role.MODERATOR)).one()


@pytest.fixture
def thread() -> tuple[int, int, int, int]:
    """A question, a reply to it, one to that, and another question under another article."""
    make_account(Role.MODERATOR)
    article = make_article()
    top = make_question(article=article)
    middle = make_comment(parent=top)
    parent = make_comment(parent=middle)
    return top.id, middle.id, parent.id, make_question(article=make_article()).id


@pytest.mark.parametrize("moved", ["parent", "above the parent", "the thread"])
def test_r13_a_reply_sent_while_its_parent_is_moved_follows_it(
    app: Flask, thread: tuple[int, int, int, int], moved: str
) -> None:
    top, middle, parent, elsewhere = thread
    what = {"parent": parent, "above the parent": middle, "the thread": top}[moved]
    with ExitStack() as after, unit_of_work():
        move(what, elsewhere)
        db.session.flush()
        wrong = after.enter_context(meanwhile(app, lambda: reply_to(parent)))
        eventually(somebody_waits)

    assert [type(error) for error in wrong] in ([], [ParentGone])
    assert_of_one_piece(parent)


@pytest.mark.parametrize("moved", ["parent", "above the parent", "the thread"])
def test_r13_a_parent_moved_while_a_reply_is_sent_takes_it_along(
    app: Flask, thread: tuple[int, int, int, int], moved: str
) -> None:
    top, middle, parent, elsewhere = thread
    what = {"parent": parent, "above the parent": middle, "the thread": top}[moved]

    def mover() -> None:
        with unit_of_work():
            move(what, elsewhere)

    with ExitStack() as after, unit_of_work():
        row = db.session.get_one(Comment, parent)
        draft = Draft(source="And mine does too.", name="Bo", email="bo@example.com")
        services.submit(db.session.get_one(Article, row.article_id), row, draft, Writer())
        wrong = after.enter_context(meanwhile(app, mover))
        eventually(somebody_waits)

    assert wrong == []
    assert_of_one_piece(parent)
    reply = db.session.scalars(select(Comment).where(Comment.parent_id == parent)).one()
    assert reply.root_id == elsewhere


def assert_of_one_piece(parent_id: int) -> None:
    """Every reply is in the thread, under the article and below the question of its parent."""
    db.session.rollback()
    parent = db.session.get_one(Comment, parent_id)
    for reply in db.session.scalars(select(Comment).where(Comment.parent_id == parent_id)):
        assert reply.root_id == parent.thread_id
        assert reply.article_id == parent.article_id
        assert reply.question_id == (parent.id if parent.is_question else parent.question_id)


def test_r13_a_reply_sent_while_its_parent_is_hidden_is_refused(
    app: Flask, thread: tuple[int, int, int, int]
) -> None:
    parent = thread[2]
    with ExitStack() as after, unit_of_work():
        comment = queries.find_to_change(parent)
        assert comment is not None
        decision = Decision(Verb.DELETE, the_moderator())
        desk.decide(comment, decision, version=comment.version)
        wrong = after.enter_context(meanwhile(app, lambda: reply_to(parent)))
        eventually(somebody_waits)

    assert [type(error) for error in wrong] == [ParentGone]
    assert db.session.scalars(select(Comment).where(Comment.parent_id == parent)).all() == []
    assert db.session.get_one(Comment, parent).status == Status.DELETED
