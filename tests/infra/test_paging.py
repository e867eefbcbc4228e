"""Walking through a long list while others write and delete in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.moderation.queue import lanes, queries
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.states import Order
from app.infra import clock
from app.infra.db import db
from app.infra.paging import FIRST, Wanted, page_of, read_place, write_place
from tests.factories import make_article
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")

KEYS = (Comment.created_at, Comment.id)
MANY = 10_000
SIZE = 200


def put(numbers: range, article_id: int, status: Status = Status.PENDING) -> list[int]:
    """Texts of one after the other minute, three of which came in together."""
    began = clock.now() - timedelta(days=30)
    rows = [
        {
            "id": number,
            "article_id": article_id,
            "author_name": "A reader",
            "source": "It aches.",
            "html": "<p>It aches.</p>",
            "kind": str(Kind.QUESTION),
            "status": str(status),
            "created_at": began + timedelta(minutes=number // 3),
        }
        for number in numbers
    ]
    db.session.execute(Comment.__table__.insert(), rows)
    db.session.commit()
    return list(numbers)


def write_and_delete(chance: random.Random, seen: list[int], new: int, article_id: int) -> set[int]:
    """Twenty new texts, at both ends of the list and within it, and twenty deleted: of what was
    seen, of what was not, and what the next page would begin behind. The ids of the deleted."""
    put(range(new, new + 20), article_id)
    somewhere = [row for row in chance.sample(range(1, MANY + 1), 19) if row not in seen[-1:]]
    gone = {*somewhere, *seen[-1:]}
    db.session.execute(delete(Comment).where(Comment.id.in_(gone)))
    db.session.commit()
    return gone


@pytest.mark.parametrize("newest_first", [True, False])
def test_r25_each_row_that_stays_is_seen_once_while_others_write_and_delete(
    newest_first: bool,
) -> None:
    article, chance = make_article(), random.Random(7)  # noqa: S311
    stay, seen = set(put(range(1, MANY + 1), article.id)), []
    wanted, new = FIRST, MANY + 1
    while True:
        rows, ways = page_of(select(*KEYS), KEYS, wanted, size=SIZE, newest_first=newest_first)
        seen += [row.id for row in rows]
        if ways.after is None:
            break
        wanted = Wanted(after=ways.after)
        if new < MANY + 800:
            stay -= write_and_delete(chance, seen, new, article.id)
            new += 20

    assert len(seen) == len(set(seen))
    assert stay <= set(seen)
    assert len(stay) > MANY - 900


@pytest.mark.parametrize("order", [Order.OLDEST, Order.NEWEST, Order.PEOPLE, Order.CERTAIN])
def test_r25_the_desk_shows_each_text_once_while_others_write_and_delete(order: Order) -> None:
    article, chance, wish = make_article(), random.Random(7), Wish(order=order)  # noqa: S311
    stay, seen = set(put(range(1, 1001), article.id)), []
    after, new = None, MANY + 1
    while True:
        page = queries.queue(wish, after=after, size=50)
        seen += [item.id for item in page.items]
        if page.more is None:
            break
        after = lanes.place(str(page.more), lanes.runs(wish, 0))
        if new < MANY + 300:
            stay -= write_and_delete(chance, seen, new, article.id)
            new += 20

    assert len(seen) == len(set(seen))
    assert stay <= set(seen)


def test_walking_back_meets_the_same_pages() -> None:
    put(range(1, 48), make_article().id)
    there, back, wanted = [], [], FIRST
    while True:
        rows, ways = page_of(select(*KEYS), KEYS, wanted, size=10)
        there.append([row.id for row in rows])
        if ways.after is None:
            break
        wanted = Wanted(after=ways.after)
    while ways.before is not None:
        rows, ways = page_of(select(*KEYS), KEYS, Wanted(before=ways.before), size=10)
        back.append([row.id for row in rows])

    assert [len(page) for page in there] == [10, 10, 10, 10, 7]
    assert back == there[-2::-1]


def test_a_page_from_which_nothing_is_left_is_the_beginning() -> None:
    put(range(1, 31), make_article().id)
    _, ways = page_of(select(*KEYS), KEYS, FIRST, size=20)
    db.session.execute(delete(Comment).where(Comment.id <= 10))
    rows, ways = page_of(select(*KEYS), KEYS, Wanted(after=ways.after or ""), size=20)

    assert rows[0].id == 30
    assert ways.is_first


@pytest.mark.parametrize("text", ["", "x", "1", "1_2_3", "-1_2", "1_9999999999", "٣_1", "1e9_1"])
def test_s13_a_place_that_makes_no_sense_is_the_beginning(text: str) -> None:
    put(range(1, 4), make_article().id)
    for wanted in (Wanted(after=text), Wanted(before=text)):
        rows, ways = page_of(select(*KEYS), KEYS, wanted, size=2)
        assert [row.id for row in rows] == [3, 2]
        assert ways.is_first


def test_a_place_is_read_back_as_it_was_written() -> None:
    values = (clock.now(), 7)
    assert read_place(write_place(values), KEYS) == values


def test_s13_the_last_page_costs_one_statement_like_the_first(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    put(range(1, 3001), make_article().id)
    end = db.session.execute(select(func.min(Comment.created_at))).scalar_one()
    for wanted in (FIRST, Wanted(after=write_place((end + timedelta(minutes=5), 1)))):
        with count_queries() as counted:
            page_of(select(*KEYS), KEYS, wanted, size=20)
        assert counted.total == 1
        assert "OFFSET" not in counted.statements[0].replace("LIMIT ? OFFSET ?", "LIMIT ?")


def test_a_key_without_a_type_is_refused_since_no_place_of_it_can_be_read() -> None:
    key = func.somehow(Comment.title).label("somehow")
    with pytest.raises(TypeError, match="of what type is somehow"):
        read_place("a_1", (key, Comment.id))
