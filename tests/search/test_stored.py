"""What answers a question is found when it comes in, and shown as it stands now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments.events import CommentChanged, CommentHeld, CommentPublished
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.resources.events import ResourceChanged
from app.infra import clock as time
from app.infra import events, jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.search import reading, services, stored
from app.search.models import SearchDocument, Suggestion
from app.search.wires import LATER, REACTIONS
from tests.factories import make_article, make_comment, make_question, make_resource
from tests.support.queries import count_queries
from tests.support.reactions import together

ASKED = "My hip clicks on the stairs"


@pytest.fixture(autouse=True)
def _only_the_index_reacts(app: Flask) -> None:
    app.extensions["reactions"] = together(REACTIONS, LATER)


@pytest.fixture
def resource() -> int:
    made = make_resource("When the hip clicks", text="Walk the stairs slowly.")
    index(made.id)
    return made.id


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    return lambda: jobs.run_due(app.extensions["jobs"])


def index(*resource_ids: int) -> None:
    with unit_of_work():
        for ref in resource_ids:
            services.index_resource(ref)
    reading.read_waiting()


def happen(event: object) -> None:
    with unit_of_work():
        events.record(event)


def kept() -> dict[int, list[int]]:
    db.session.rollback()
    rows = db.session.execute(select(Suggestion.comment_id, Suggestion.found))
    return {row.comment_id: [entry["ref"] for entry in row.found] for row in rows}


def shown(*comments: Comment) -> dict[int, list[tuple[str, str]]]:
    found = stored.for_comments(comments)
    return {one: [(alike.title, alike.href) for alike in found[one]] for one in found}


def jobs_of(kind: str) -> int:
    return db.session.scalar(select(func.count()).where(Job.kind == kind)) or 0


@pytest.mark.parametrize("event", [CommentHeld, CommentChanged])
def test_what_answers_a_new_question_is_found_by_a_worker(
    resource: int, work: Callable[[], int], event: type
) -> None:
    question = make_question(text=ASKED, status=Status.PENDING)
    happen(event(question.id))
    work()
    assert kept() == {question.id: [resource]}


def test_a_question_that_is_published_at_once_has_its_suggestions_too(
    resource: int, work: Callable[[], int]
) -> None:
    question = make_question(text=ASKED)
    happen(CommentPublished(question.id, waited=False))
    work()
    assert kept() == {question.id: [resource]}  # and not itself


def test_nothing_is_looked_for_where_nothing_is_asked(resource: int) -> None:
    happen(CommentHeld(make_comment(text=ASKED, kind=Kind.CHAT, status=Status.PENDING).id))
    assert jobs_of(stored.SUGGEST) == 0


def test_a_question_that_is_gone_leaves_its_job_nothing_to_do(
    resource: int, work: Callable[[], int]
) -> None:
    question = make_question(text=ASKED, status=Status.PENDING)
    happen(CommentHeld(question.id))
    db.session.delete(db.session.get_one(Comment, question.id))
    db.session.commit()
    work()
    assert kept() == {}


def test_a_changed_question_is_looked_at_again(resource: int, work: Callable[[], int]) -> None:
    shoes = make_resource("Shoes that bend", text="Soft soles.")
    index(shoes.id)
    question = make_question(text=ASKED, status=Status.PENDING)
    happen(CommentHeld(question.id))
    work()
    question = db.session.get_one(Comment, question.id)
    question.title, question.html = "Which shoes bend?", "<p>Which shoes bend?</p>"
    db.session.commit()
    happen(CommentChanged(question.id))
    work()
    assert kept() == {question.id: [shoes.id]}


def test_the_page_shows_the_titles_of_now(resource: int, work: Callable[[], int]) -> None:
    question = make_question(text=ASKED, status=Status.PENDING)
    happen(CommentHeld(question.id))
    work()
    found = db.session.get_one(services.Resource, resource)
    found.title = "Clicks of the hip"
    db.session.commit()
    index(resource)
    path = f"/resources/{found.slug}"
    assert shown(question) == {question.id: [("Clicks of the hip", path)]}


def test_what_nobody_may_read_any_more_is_left_out(work: Callable[[], int]) -> None:
    article = make_article("When the hip clicks on stairs")
    with unit_of_work():
        services.index_article(article.id)
    reading.read_waiting()
    question = make_question(text=ASKED, status=Status.PENDING)
    happen(CommentHeld(question.id))
    work()
    assert shown(question)[question.id] != []
    db.session.get_one(Article, article.id).status = ArticleStatus.DRAFT
    db.session.commit()
    with unit_of_work():
        services.index_article(article.id)
    assert shown(question) == {question.id: []}


def test_the_article_that_it_is_asked_below_is_no_answer(work: Callable[[], int]) -> None:
    article = make_article("When the hip clicks on stairs")
    with unit_of_work():
        services.index_article(article.id)
    reading.read_waiting()
    question = make_question(text=ASKED, article=article, status=Status.PENDING)
    happen(CommentHeld(question.id))
    work()
    assert kept() == {question.id: []}


def test_a_few_are_looked_at_on_the_spot_and_the_rest_wait(resource: int) -> None:
    asked = [make_question(text=ASKED, status=Status.PENDING) for _ in range(5)]
    found = stored.for_comments(asked)
    assert [len(found[one.id]) for one in asked] == [1, 1, 1, 0, 0]
    assert kept() == {}


def test_a_page_of_questions_asks_the_database_a_few_times_only(
    resource: int, work: Callable[[], int]
) -> None:
    asked = [make_question(text=ASKED, status=Status.PENDING) for _ in range(8)]
    for question in asked:
        happen(CommentHeld(question.id))
    work()
    assert len(kept()) == 8
    asked = list(db.session.scalars(select(Comment)))
    with count_queries() as counted:
        stored.for_comments(asked)
    assert counted.total <= 3


def test_no_comments_ask_nothing() -> None:
    with count_queries() as counted:
        assert stored.for_comments([]) == {}
    assert counted.total == 0


def test_what_is_new_on_the_site_reaches_questions_that_wait(app: Flask) -> None:
    waiting = make_question(text=ASKED, status=Status.PENDING)
    unanswered = make_question(text="Why do hip clicks come on stairs?")
    made = make_resource("When the hip clicks", text="Walk the stairs slowly.")
    happen(ResourceChanged(made.id))
    happen(ResourceChanged(made.id))
    assert jobs_of(stored.AGAIN) == 1
    reading.read_waiting()
    assert stored.look_again() == 2
    assert kept() == {waiting.id: [made.id], unanswered.id: [made.id]}


def test_a_scheduled_article_is_not_shown_before_its_time(
    resource: int, work: Callable[[], int]
) -> None:
    question = make_question(text=ASKED, status=Status.PENDING)
    happen(CommentHeld(question.id))
    work()
    db.session.execute(update(SearchDocument).values(visible_from=time.now() + timedelta(days=1)))
    db.session.commit()
    assert shown(question) == {question.id: []}


def test_a_scheduled_article_whose_time_came_has_open_questions_looked_at_again_once(
    app: Flask, work: Callable[[], int], clock: time_machine.Traveller
) -> None:
    """V03: it is offered from its time on, and nobody has to touch it for that."""
    later = time.now() + timedelta(hours=1)
    article = make_article("When the hip clicks", text="On the stairs.", published_at=later)
    question = make_question(ASKED)
    with unit_of_work():
        services.index_article(article.id)
    reading.read_waiting()

    def look() -> int:
        """The periodic job, and whatever it finds to do a minute later."""
        with unit_of_work():
            jobs.enqueue(stored.DUE, {})
        ran = work()
        clock.shift(stored.SETTLING + timedelta(seconds=1))
        return ran + work() - 1

    stored.look_again()
    work()
    assert [look(), kept()] == [0, {question.id: []}]
    clock.shift(timedelta(hours=1))
    assert [look(), kept()] == [1, {question.id: [article.id]}]
    assert look() == 0
