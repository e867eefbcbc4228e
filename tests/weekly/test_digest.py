"""What a digest tells: subjects of several questions, the rest one by one, and nothing hidden."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.states import ArticleStatus
from app.domains.comments.states import Status
from app.infra import clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import reading, services, stored
from app.weekly import digest
from app.weekly.digest import ALONE, SUBJECTS, Digest
from tests.factories import make_account, make_answer, make_article, make_card, make_link
from tests.support.queries import Counted
from tests.weekly.asking import CLICKS, OTHERS, ask, long_there, make_author

Counting = Callable[[], AbstractContextManager[Counted]]
pytestmark = pytest.mark.usefixtures("app")


def week_of(author: Account) -> Digest | None:
    now = clock.now()
    return digest.read(author, now - timedelta(days=7), now)


def told(author: Account) -> Digest:
    found = week_of(author)
    assert found is not None
    return found


def test_questions_that_ask_the_same_are_one_subject_named_by_what_they_share() -> None:
    article = long_there(make_author())
    ask(article, *CLICKS, *OTHERS)
    found = told(article.author)
    (subject,) = found.subjects
    assert {"hip", "clicking"} <= set(subject.title.split(", "))
    assert (subject.count, subject.open, len(subject.first)) == (4, 4, 3)
    assert {one.title for one in subject.first} < set(CLICKS)
    assert subject.heading in CLICKS
    assert {one.title for one in found.alone} == set(OTHERS)


def test_what_is_answered_in_words_or_by_a_card_is_told_as_answered() -> None:
    article = long_there(make_author())
    first, second, *_ = ask(article, *CLICKS)
    (alone,) = ask(article, OTHERS[0])
    make_answer(first)
    make_answer(alone)
    card = make_card("Why a hip clicks")
    make_link(card, second)
    found = told(article.author)
    (subject,) = found.subjects
    assert (found.asked, found.answered, found.open, subject.open) == (5, 3, 2, 2)
    assert subject.answer == digest.Answer("Why a hip clicks", card.href, is_given=True)
    assert [one.is_answered for one in found.alone] == [True]


def test_a_card_that_is_like_what_is_open_may_answer_it_already() -> None:
    article = long_there(make_author())
    questions = ask(article, *CLICKS)
    card = make_card("Why does a hip click?", text="A clicking hip is a tendon that moves.")
    with unit_of_work():
        services.index_card(card.id)
        for question in questions:
            services.index_question(question.id)
    reading.read_waiting()
    stored.look_again()
    (subject,) = told(article.author).subjects
    assert subject.answer == digest.Answer(card.title, card.href, is_given=False)


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.REJECTED, Status.DELETED])
def test_v08_hidden_questions_are_neither_told_nor_counted(status: Status) -> None:
    article = long_there(make_author())
    ask(article, CLICKS[0])
    ask(article, *CLICKS[1:], status=status)
    found = told(article.author)
    assert (found.asked, found.subjects) == (1, ())


def test_only_what_others_asked_in_these_days_under_the_authors_own_articles_is_told() -> None:
    article = long_there(make_author())
    draft = make_article(author=article.author, status=ArticleStatus.DRAFT)
    ask(article, CLICKS[0], account=article.author, by_author=True)
    ask(article, CLICKS[1], days_ago=8)
    ask(draft, CLICKS[2])
    ask(long_there(make_account(Role.AUTHOR)), CLICKS[3])
    assert week_of(article.author) is None


def test_what_waits_is_told_to_those_who_sit_at_the_desk_alone() -> None:
    for author, waiting in ((make_author(), 1), (make_account(Role.READER), None)):
        article = long_there(author)
        ask(article, OTHERS[0])
        if waiting:
            ask(article, OTHERS[1], status=Status.PENDING)
        assert told(author).waiting == waiting


def test_a_long_week_is_cut_short_and_says_by_how_much() -> None:
    article = long_there(make_author())
    letters = "abcdefghijklmnopqrst"
    for letter in letters[: SUBJECTS + 1]:
        ask(article, *[f"Why {letter * 5}ing {letter * 6}ed?"] * 2)
    asked = ask(article, *[f"Who {letter * 7}ing?" for letter in letters[: ALONE + 2]])
    make_answer(asked[0])
    found = told(article.author)
    assert (len(found.subjects), found.more_subjects) == (SUBJECTS, 1)
    assert (len(found.alone), found.more_alone) == (ALONE, 2)
    assert not any(one.is_answered for one in found.alone), "what is open comes first"


def test_many_questions_cost_no_more_statements_than_a_few(count_queries: Counting) -> None:
    article = long_there(make_author())
    ask(article, *CLICKS)

    def cost() -> int:
        db.session.expire_all()
        author = db.session.get_one(Account, article.author_id)
        with count_queries() as counted:
            told(author)
        return counted.total

    few = cost()
    ask(article, *[f"{one} And {at}?" for at in range(10) for one in CLICKS])
    assert cost() <= few + 1
