"""What raises marks, and what moves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.domains.comments import me_too, services
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Status
from app.domains.moderation import services as desk
from app.domains.moderation.services import Decision, Verb
from app.domains.tags.models import Tag
from app.infra import audit, stored_settings
from app.infra.db import db
from app.infra.kept.models import PageMark
from app.infra.unit_of_work import unit_of_work
from app.web.shown_on import SHOWN_ON
from tests import factories

Marks = dict[str, int]


def marks() -> Marks:
    db.session.rollback()
    rows = db.session.execute(select(PageMark.name, PageMark.version))
    return {row.name: row.version for row in rows}


def raised(act: Callable[[], object]) -> set[str]:
    """The marks that this act raised in a unit of work of its own."""
    before = marks()
    with unit_of_work():
        act()
    return {name for name, version in marks().items() if version != before.get(name)}


def decide(comment_id: int, verb: Verb, moderator_id: int) -> None:
    comment = db.session.get_one(Comment, comment_id, populate_existing=True)
    by = db.session.get_one(factories.Account, moderator_id)
    desk.decide(comment, Decision(verb, by, reason="Not here"), version=comment.version)


@pytest.mark.one_database
def test_every_table_says_where_it_shows(app: Flask) -> None:
    assert set(SHOWN_ON) == set(db.metadata.tables)


@pytest.mark.one_database
def test_the_columns_that_no_page_draws_are_there(app: Flask) -> None:
    for mapper in db.Model.registry.mappers:
        unseen = SHOWN_ON[mapper.local_table.name].unseen
        assert unseen <= set(mapper.attrs.keys()), mapper


def test_v07_nothing_that_happens_to_a_held_text_raises_a_mark(app: Flask) -> None:
    article_id = factories.make_article(tags=[factories.make_tag("hip", synonyms=["hips"])]).id
    moderator_id = factories.make_account("moderator").id
    made: list[int] = []

    def post() -> None:
        draft = Draft(source="Do hips click like a canary?", name="Anna", email="a@b.example")
        article = db.session.get_one(factories.Article, article_id)
        made.append(services.submit(article, None, draft, Writer()).id)

    def edit() -> None:
        comment = db.session.get_one(Comment, made[0])
        services.edit_own(comment, "Why do hips click?", None, Writer())

    assert raised(post) == set()
    assert db.session.get_one(Comment, made[0]).status == Status.PENDING
    assert raised(edit) == set()
    assert raised(lambda: decide(made[0], Verb.SPAM, moderator_id)) == set()
    assert raised(lambda: decide(made[0], Verb.REJECT, moderator_id)) == set()
    assert raised(lambda: decide(made[0], Verb.DELETE, moderator_id)) == set()


def test_a_text_that_is_published_at_once_raises_its_article_and_the_lists(app: Flask) -> None:
    article_id = factories.make_article().id
    moderator_id = factories.make_account("moderator").id

    def post() -> None:
        by = db.session.get_one(factories.Account, moderator_id)
        article = db.session.get_one(factories.Article, article_id)
        comment = services.submit(article, None, Draft(source="Walk more."), Writer(by))
        assert comment.status == Status.APPROVED

    assert raised(post) == {f"article:{article_id}", "threads"}


def test_publishing_raises_the_article_and_the_lists_and_hiding_a_question_all(app: Flask) -> None:
    question = factories.make_question(status=Status.PENDING)
    reply = factories.make_comment(status=Status.PENDING, parent=question)
    moderator_id = factories.make_account("moderator").id
    article = f"article:{question.article_id}"
    ids = question.id, reply.id
    lists = {article, "threads", "questions"}

    assert raised(lambda: decide(ids[0], Verb.APPROVE, moderator_id)) == lists
    assert raised(lambda: decide(ids[1], Verb.APPROVE, moderator_id)) == {article, "threads"}
    assert raised(lambda: decide(ids[1], Verb.REJECT, moderator_id)) == {article, "threads"}
    assert raised(lambda: decide(ids[0], Verb.REJECT, moderator_id)) == {*lists, "site"}


def test_an_answer_of_the_author_raises_the_lists_of_questions(app: Flask) -> None:
    question = factories.make_question()
    answer = factories.make_answer(question)
    moderator_id = factories.make_account("moderator").id
    answer_id, lists = answer.id, {f"article:{question.article_id}", "threads", "questions"}

    def disown() -> None:
        db.session.get_one(Comment, answer_id).by_author = False

    def own() -> None:
        db.session.get_one(Comment, answer_id).by_author = True

    assert raised(disown) == lists
    assert raised(own) == lists
    assert raised(lambda: decide(answer_id, Verb.REJECT, moderator_id)) == lists
    assert raised(lambda: decide(answer_id, Verb.APPROVE, moderator_id)) == lists


def test_a_column_that_no_page_draws_raises_nothing(app: Flask) -> None:
    comment_id = factories.make_comment().id

    def note_reports() -> None:
        db.session.get_one(Comment, comment_id).report_weight = 3

    assert raised(note_reports) == set()
    quiet = update(Comment).where(Comment.id == comment_id).values(report_weight=4)
    assert raised(lambda: db.session.execute(quiet)) == set()
    loud = update(Comment).where(Comment.id == comment_id).values(author_name="Bo")
    assert raised(lambda: db.session.execute(loud)) == {"site"}


def test_i_have_this_too_raises_the_questions_article(app: Flask) -> None:
    question = factories.make_question()
    account = factories.make_account()
    question_id, article_id, account_id = question.id, question.article_id, account.id

    def person() -> Person:
        one = db.session.get_one(factories.Account, account_id)
        return Person(one, frozenset({one.address_id}))

    def say() -> None:
        assert me_too.say(db.session.get_one(Comment, question_id), person())

    def take_back() -> None:
        assert me_too.take_back(db.session.get_one(Comment, question_id), person())

    expected = {f"article:{article_id}", "threads", "questions"}
    assert raised(say) == expected
    assert raised(take_back) == expected


def test_a_tag_on_a_published_question_shows_and_on_a_held_one_does_not(app: Flask) -> None:
    tag_id = factories.make_tag().id
    shown = factories.make_question()
    held = factories.make_question(status=Status.PENDING)
    shown_id, held_id, article_id = shown.id, held.id, shown.article_id

    def put(comment_id: int) -> None:
        db.session.add(CommentTag(comment_id=comment_id, tag_id=tag_id))

    assert raised(lambda: put(held_id)) == set()
    assert raised(lambda: put(shown_id)) == {f"article:{article_id}", "threads", "questions"}
    assert raised(lambda: db.session.execute(delete(CommentTag))) == {"site"}


def test_settings_tags_names_and_resources_raise_every_page(app: Flask) -> None:
    admin_id = factories.make_account("admin").id
    account_id = factories.make_account().id
    tag_id = factories.make_tag().id

    def settings() -> None:
        by = db.session.get_one(factories.Account, admin_id)
        stored_settings.write("anything", {"on": True}, seen=0, by=by)

    def rename() -> None:
        db.session.get_one(factories.Account, account_id).name = "Somebody else"

    def describe() -> None:
        db.session.get_one(factories.Tag, tag_id).description = "More"

    for act in (settings, rename, describe):
        assert raised(act) - {"intake"} == {"site"}


def test_what_texts_are_measured_by_raises_what_is_known_of_it_and_no_page(app: Flask) -> None:
    assert raised(lambda: factories.make_rule("Gambling", live=True)) == {"intake"}
    assert raised(lambda: factories.make_account("moderator")) == {"intake"}
    assert raised(lambda: factories.make_account("reader")) == set()


def test_a_draft_and_what_only_staff_read_raise_nothing(app: Flask) -> None:
    draft_id = factories.make_article(status="draft").id
    author_id = factories.make_account("author").id

    def write() -> None:
        db.session.get_one(factories.Article, draft_id).title = "A canary"

    def note() -> None:
        by = db.session.get_one(factories.Account, author_id)
        audit.write("look", "article", draft_id, by=by)

    assert raised(write) == set()
    assert raised(note) == set()


def test_what_is_rolled_back_raises_nothing(app: Flask) -> None:
    comment_id = factories.make_comment().id
    before = marks()
    with pytest.raises(ZeroDivisionError), unit_of_work():
        db.session.get_one(Comment, comment_id).status = Status.REJECTED
        db.session.flush()
        raise ZeroDivisionError
    with unit_of_work():
        pass
    assert marks() == before


def test_v07_a_savepoint_that_is_taken_back_keeps_what_was_raised_before_it(app: Flask) -> None:
    """Such as of a second row with a name that is taken: the text is hidden all the same."""
    comment = factories.make_comment()
    comment_id, article_id = comment.id, comment.article_id
    factories.make_tag("hip")

    def hide_beside_a_taken_name() -> None:
        db.session.get_one(Comment, comment_id).status = Status.REJECTED
        db.session.flush()
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.add(Tag(slug="hip", name="hip"))
            db.session.flush()

    assert f"article:{article_id}" in raised(hide_beside_a_taken_name)
