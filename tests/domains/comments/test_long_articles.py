"""What a page of an article's threads costs where the article has very many of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.domains.comments import counting, threads
from app.domains.comments.counting import COUNTED
from app.domains.comments.models import Comment
from app.domains.comments.queries import View
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from app.infra.paging import FIRST, Wanted, write_place
from tests.factories import make_article, make_comment
from tests.support.work import SLACK, know_the_tables, work_of

pytestmark = pytest.mark.usefixtures("app")

BEGAN = datetime(2026, 1, 3, tzinfo=UTC)
FEW, MANY = COUNTED, COUNTED * 8
"""Threads. An article with fewer comments than are counted costs less, but not much."""


def fill(threads_: int, first_id: int, **values: object) -> int:
    """An article with this many questions, a minute apart; every tenth has a reply."""
    article_id = make_article().id
    rows = [
        {
            "id": first_id + number,
            "article_id": article_id,
            "author_name": "Ann",
            "source": "why",
            "html": "<p>why</p>" * 40,
            "kind": Kind.QUESTION,
            "status": Status.APPROVED,
            "root_id": None,
            "created_at": BEGAN + timedelta(minutes=number),
        }
        | values
        for number in range(threads_)
    ]
    replies = [
        row | {"id": row["id"] + threads_, "root_id": row["id"], "kind": Kind.COMMENT}
        for row in rows[::10]
    ]
    db.session.execute(Comment.__table__.insert(), rows + replies)
    db.session.commit()
    return article_id


PAGES = {
    "first": (View.NEWEST, FIRST),
    "deep": (View.NEWEST, Wanted(after=write_place((BEGAN + timedelta(minutes=900), 1)))),
    "oldest": (View.OLDEST, FIRST),
    "unanswered": (View.UNANSWERED, FIRST),
}


def test_a_page_of_threads_costs_the_same_however_many_there_are() -> None:
    short, long = fill(FEW, 1), fill(MANY, 1_000_000)
    know_the_tables()

    def cost(article_id: int, view: View, wanted: Wanted) -> int:
        return work_of(lambda: threads.published_thread(article_id, view=view, wanted=wanted))

    of_short = {name: cost(short, *page) for name, page in PAGES.items()}
    of_long = {name: cost(long, *page) for name, page in PAGES.items()}
    assert {name: cost for name, cost in of_long.items() if cost > of_short[name] * SLACK} == {}
    everything = work_of(lambda: db.session.execute(db.select(Comment.source)).all())
    assert max(of_long.values()) * 2 < everything, "looks through the whole table"


@pytest.mark.one_database
def test_an_article_is_read_on_a_database_without_the_newest_index() -> None:
    article_id = fill(30, 1)
    db.session.execute(text("DROP INDEX ix_comment_roots"))
    assert len(threads.published_thread(article_id, view=View.NEWEST).threads) == 25


def test_the_place_in_the_queue_is_counted_no_further_than_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(counting, "WAITING_COUNTED", 2)
    article = make_article()
    waiting = [make_comment(article=article, status=Status.PENDING) for _ in range(5)]
    assert [counting.waiting_before(one) for one in waiting] == [0, 1, 2, 3, 3]
