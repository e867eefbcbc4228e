"""Chat: read in its thread, and in no list of what waits for an answer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domains.comments import counting, listed, queries, threads
from app.domains.comments.models import Comment
from app.domains.comments.queries import View, is_answered
from app.domains.comments.states import Kind
from app.infra.db import db
from app.search import queries as found_by
from app.search import services as index
from tests.factories import make_answer, make_article, make_comment, make_question

pytestmark = pytest.mark.usefixtures("app")


def make_chat(text: str = "Ha, same here!", **others: object) -> Comment:
    return make_comment(text, kind=Kind.CHAT, **others)  # type: ignore[arg-type]


def test_chat_is_read_in_its_thread() -> None:
    chat = make_chat()
    page = threads.published_thread(chat.article_id, view=View.NEWEST)
    (line,) = page.threads[0].lines
    assert line.row is not None
    assert line.row.is_chat
    assert page.comment_count == 1


@pytest.mark.parametrize("view", list(View))
def test_chat_is_in_no_list_of_questions(view: View) -> None:
    make_chat("Does anybody else dance in the kitchen?")
    assert listed.questions(view=view)[0] == []


@pytest.mark.parametrize("view", [View.ANSWERED, View.UNANSWERED])
def test_chat_is_in_no_view_of_a_thread_that_is_about_answers(view: View) -> None:
    chat = make_chat("Does anybody else dance in the kitchen?")
    assert threads.published_thread(chat.article_id, view=view).threads == []


def test_chat_waits_for_nobodys_answer() -> None:
    make_chat("Does anybody else dance in the kitchen?")
    assert queries.waiting_for_answer(None)[0] == []
    assert counting.question_counts() == {}


def test_the_authors_chat_answers_no_question() -> None:
    question = make_question()
    author = question.article.author
    make_chat("Greetings from the train!", parent=question, account=author, by_author=True)
    assert queries.answers_to(question.id) == []
    assert not db.session.scalar(select(is_answered()).where(Comment.id == question.id))
    assert queries.waiting_for_answer(None)[0] == [question]


def test_an_answer_below_the_authors_chat_counts() -> None:
    question = make_question()
    author = question.article.author
    chat = make_chat(parent=question, account=author, by_author=True)
    answer = make_comment("Let it rest.", parent=chat, account=author, by_author=True)
    assert queries.answers_to(question.id) == [answer]


def test_chat_below_a_question_does_not_lead_the_search_to_it() -> None:
    question = make_question("Why does my hip click?", article=make_article("Hips"))
    make_answer(question, "A tendon slides over the bone.")
    make_chat("My parrot disagrees.", parent=question)
    index.index_question(question.id)
    db.session.commit()
    assert found_by.search("tendon").total == 1
    assert found_by.search("parrot").total == 0


def test_long_chat_is_folded_and_short_chat_is_not() -> None:
    short, long = make_chat(), make_chat("Once upon a time. " * 60)
    rows = {
        line.row.id: line.row.is_long_chat
        for one in (short, long)
        for line in threads.published_branch(one, page=1)[0]
        if line.row
    }
    assert rows == {short.id: False, long.id: True}


def test_a_long_comment_that_is_no_chat_stands_unfolded() -> None:
    comment = make_comment("Once upon a time. " * 60)
    ((line,), _) = threads.published_branch(comment, page=1)
    assert line.row is not None
    assert not line.row.is_long_chat
