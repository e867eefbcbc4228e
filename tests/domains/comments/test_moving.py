"""Where a comment stands: branches go whole, and to no place where they cannot be read."""

from __future__ import annotations

import pytest

from app.domains.articles.models import Article
from app.domains.comments import errors, moving
from app.domains.comments.events import CommentChanged
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import events
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_question

pytestmark = pytest.mark.usefixtures("app")
Stand = tuple[int, int | None, int | None, int | None]


def stand(comment: Comment) -> Stand:
    db.session.flush()
    db.session.refresh(comment)
    return comment.article_id, comment.parent_id, comment.root_id, comment.question_id


def move(comment: Comment, below: Comment | None, article: Article | None = None) -> AuditEntry:
    home = below.article if below else article
    assert home is not None
    by = make_account("moderator")
    return moving.move_branch(comment, below=below, article=home, by=by, version=comment.version)


def test_a_branch_goes_below_a_text_of_another_article_with_all_that_hangs_on_it() -> None:
    question, other = make_question(), make_question()
    reply = make_comment(parent=question)
    below = make_comment(parent=reply)
    deep = make_comment(parent=below, status=Status.PENDING)
    stays = make_comment(parent=question)

    move(reply, other)

    assert stand(reply) == (other.article_id, other.id, other.id, other.id)
    assert stand(below) == (other.article_id, reply.id, other.id, other.id)
    assert stand(deep) == (other.article_id, below.id, other.id, other.id)
    assert stand(stays) == (question.article_id, question.id, question.id, question.id)


def test_a_whole_thread_goes_under_another_article() -> None:
    question, article = make_question(), make_article()
    reply = make_comment(parent=question)
    move(question, None, article)
    assert stand(question) == (article.id, None, None, None)
    assert stand(reply) == (article.id, question.id, question.id, question.id)


def test_a_thread_goes_below_a_text_of_another_one() -> None:
    question, target = make_question(), make_comment()
    reply = make_comment(parent=question)
    move(question, target)
    assert stand(question) == (target.article_id, target.id, target.id, None)
    assert stand(reply) == (target.article_id, question.id, target.id, question.id)


def test_a_thread_goes_below_a_question_and_stands_under_it() -> None:
    thread, question = make_comment(), make_question()
    reply = make_comment(parent=thread)
    move(thread, question)
    assert stand(thread) == (question.article_id, question.id, question.id, question.id)
    assert stand(reply) == (question.article_id, thread.id, question.id, question.id)


def test_p08_nothing_goes_below_itself_or_what_hangs_on_it() -> None:
    question = make_question()
    deep = make_comment(parent=make_comment(parent=question))
    for below in (question, deep):
        with pytest.raises(errors.NoPlace, match="below itself"):
            move(question, below)


def test_where_it_stands_already_is_no_place_to_move_to() -> None:
    question = make_question()
    reply = make_comment(parent=question)
    with pytest.raises(errors.NoPlace, match="already"):
        move(reply, question)


def test_what_was_taken_back_stays_where_it_is() -> None:
    with pytest.raises(errors.NoPlace):
        move(make_comment(status=Status.WITHDRAWN), None, make_article())


def test_a_stale_page_moves_nothing() -> None:
    comment, article = make_comment(), make_article()
    with pytest.raises(errors.StaleText):
        moving.move_branch(
            comment, below=None, article=article, by=make_account("moderator"), version=7
        )


def test_a_reply_becomes_a_question_of_its_own_with_what_hangs_on_it() -> None:
    question = make_question()
    reply = make_comment("And why does my knee click?", parent=question)
    answer = make_comment(parent=reply, by_author=True)

    moving.split_off(reply, by=make_account("moderator"), version=reply.version)

    assert stand(reply) == (question.article_id, None, None, None)
    assert (reply.kind, reply.title) == (Kind.QUESTION, "And why does my knee click?")
    assert stand(answer) == (question.article_id, reply.id, reply.id, reply.id)


def test_what_is_no_reply_is_not_split_off() -> None:
    with pytest.raises(errors.NoPlace, match="no reply"):
        moving.split_off(make_comment(), by=make_account("moderator"), version=1)


def test_the_record_says_where_it_stood_and_where_it_stands() -> None:
    question, article = make_question(), make_article()
    reply = make_comment(parent=question)
    detail = move(reply, None, article).detail
    assert detail["before"] == {"article_id": question.article_id, "parent_id": question.id}
    assert detail["after"] == {"article_id": article.id, "parent_id": None}


def test_the_search_hears_of_every_published_text_that_went_along_and_of_the_old_question() -> None:
    question, article = make_question(), make_article()
    reply = make_comment(parent=question)
    shown = make_comment(parent=reply)
    make_comment(parent=reply, status=Status.PENDING)
    move(reply, None, article)
    told = {one.comment_id for one in events.recorded() if isinstance(one, CommentChanged)}
    assert told == {question.id, reply.id, shown.id}
