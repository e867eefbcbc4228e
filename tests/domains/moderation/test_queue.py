"""The lanes and orders of the desk: complete, without doubles, and at one price on every page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.models import DeskSection
from app.domains.moderation.queue import lanes, narrowing, queries
from app.domains.moderation.queue.queries import Seat
from app.domains.moderation.queue.wishes import ORDERS, STATES, Wish
from app.domains.moderation.states import Lane, Order
from app.infra import clock
from app.infra.db import db, is_postgresql
from tests.factories import make_account, make_article, make_comment, make_tag

pytestmark = pytest.mark.usefixtures("app")

LISTS = [
    *(Wish(lane, order) for lane, orders in ORDERS.items() for order in orders),
    *(Wish(Lane.DECIDED, state=state) for state in STATES),
]


def name_of(wish: Wish) -> str:
    return f"{wish.lane}-{wish.read_in}-{wish.state or ''}".rstrip("-")


def waiting(**columns: object) -> Comment:
    return make_comment(status=Status.PENDING, **columns)  # type: ignore[arg-type]


EVERYWHERE = Seat()


def ids(wish: Wish, *, seat: Seat = EVERYWHERE, size: int = 50) -> list[int]:
    """All ids of a list, page by page."""
    found: list[int] = []
    after = None
    while True:
        page = queries.queue(wish, seat=seat, after=after, size=size)
        assert len(page.items) <= size
        found += [item.id for item in page.items]
        if page.more is None:
            return found
        after = lanes.place(str(page.more), lanes.runs(wish, seat.account_id))
        assert after == page.more


def test_a_red_flag_comes_before_all_that_waited_longer() -> None:
    now = clock.now()
    article = make_article()
    late = waiting(article=article, created_at=now)
    early = waiting(article=article, created_at=now - timedelta(hours=3))
    red = waiting(article=article, created_at=now, red_flag=True)

    assert ids(Wish()) == [red.id, early.id, late.id]
    assert ids(Wish(Lane.RED_FLAG)) == [red.id]


def test_a_text_held_for_a_colleague_leaves_the_waiting_lane_for_theirs() -> None:
    ruth, tomasz = make_account(Role.MODERATOR), make_account(Role.MODERATOR)
    article = make_article()
    for_ruth = waiting(article=article, held_for_id=ruth.id)
    for_tomasz = waiting(article=article, held_for_id=tomasz.id)
    free = waiting(article=article)

    assert ids(Wish()) == [free.id]
    assert ids(Wish(Lane.HELD), seat=Seat(ruth.id)) == [for_ruth.id, for_tomasz.id]
    assert ids(Wish(Lane.HELD), seat=Seat(tomasz.id)) == [for_tomasz.id, for_ruth.id]


def test_most_people_come_first_and_then_the_longest_waiting() -> None:
    now = clock.now()
    article = make_article()
    made = [
        waiting(article=article, people_waiting=people, created_at=now - timedelta(hours=hours))
        for people, hours in ((1, 9), (4, 1), (4, 2), (7, 1), (1, 10))
    ]
    seventh, four_early, four_late, one_early, one_late = (made[n].id for n in (3, 2, 1, 4, 0))

    for size in range(1, 7):
        assert ids(Wish(order=Order.PEOPLE), size=size) == [
            *(seventh, four_early, four_late, one_early, one_late)
        ]


def test_the_lanes_hold_what_their_names_say() -> None:
    now, article = clock.now(), make_article()
    reported = make_comment(article=article, reported_at=now)
    recheck = make_comment(article=article, recheck_at=now)
    make_comment(article=article, status=Status.DELETED, reported_at=now, recheck_at=now)
    spam = make_comment(article=article, status=Status.SPAM, decided_at=now)
    rejected = make_comment(article=article, status=Status.REJECTED, decided_at=now)
    let_in = make_comment(article=article)

    assert ids(Wish(Lane.REPORTED)) == [reported.id]
    assert ids(Wish(Lane.RECHECK)) == [recheck.id]
    assert ids(Wish(Lane.SPAM)) == [spam.id]
    assert ids(Wish(Lane.DECIDED)) == [rejected.id]
    assert let_in.id in ids(Wish(Lane.DECIDED, state=Status.APPROVED))


def test_a_moderator_with_sections_sees_those_alone() -> None:
    hips, knees = make_tag("hips"), make_tag("knees")
    about_hips = waiting(article=make_article(tags=[hips]))
    about_knees = waiting(article=make_article(tags=[knees]))
    ruth = make_account(Role.MODERATOR)
    db.session.add(DeskSection(account_id=ruth.id, tag_id=hips.id))
    db.session.commit()
    seat = queries.seat_of(ruth)

    assert ids(Wish(), seat=seat) == [about_hips.id]
    both = queries.these([about_hips.id, about_knees.id], seat=seat)
    assert [item.id for item in both.items] == [about_hips.id]


def test_what_came_since_is_told_by_when_it_came_into_the_lane() -> None:
    now, article = clock.now(), make_article()
    old = make_comment(article=article, created_at=now - timedelta(days=9), reported_at=now)
    waiting(article=article, created_at=now - timedelta(days=1))
    new = waiting(article=article, created_at=now)
    since = now - timedelta(minutes=5)

    assert queries.arrived(Wish(), seat=Seat(), since=since) == [new.id]
    assert queries.arrived(Wish(Lane.REPORTED), seat=Seat(), since=since) == [old.id]
    assert queries.arrived(Wish(Lane.HELD), seat=Seat(), since=since) == []


columns = st.fixed_dictionaries(
    {
        "status": st.sampled_from(Status),
        "minutes": st.integers(0, 3),
        "people_waiting": st.integers(1, 4),
        "certainty": st.sampled_from([0.0, 0.25, 0.1, 1.0]),
        "red_flag": st.booleans(),
        "held": st.booleans(),
        "reported": st.booleans(),
        "recheck": st.booleans(),
        "decided": st.booleans(),
    }
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(made=st.lists(columns, max_size=25), size=st.integers(1, 9))
def test_every_list_is_complete_and_without_doubles_on_pages_of_any_size(
    made: list[dict[str, object]], size: int
) -> None:
    db.session.execute(text("DELETE FROM comment"))
    article, colleague = make_article(), make_account(Role.MODERATOR)
    address = colleague.address
    for one in made:
        when = clock.now() - timedelta(minutes=int(str(one["minutes"])))
        db.session.add(
            Comment(
                article=article,
                address=address,
                author_name="Reader",
                source="Text.",
                html="<p>Text.</p>",
                status=one["status"],
                people_waiting=one["people_waiting"],
                certainty=one["certainty"],
                red_flag=one["red_flag"],
                created_at=when,
                held_for_id=colleague.id if one["held"] else None,
                reported_at=when if one["reported"] else None,
                recheck_at=when if one["recheck"] else None,
                decided_at=when if one["decided"] else None,
            )
        )
    db.session.commit()

    for wish in LISTS:
        inside = db.session.query(Comment.id).filter(*lanes.is_in(wish))
        found = ids(wish, size=size)
        assert len(found) == len(set(found))
        assert set(found) == {row.id for row in inside}
        assert found == ids(wish, size=100)


def plans(act: Callable[[], object]) -> list[str]:
    """How the database means to carry out each statement of the act."""
    seen: list[tuple[str, object]] = []

    def note(
        _conn: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    explain = "EXPLAIN " if is_postgresql() else "EXPLAIN QUERY PLAN "
    connection = db.session.connection()
    found = []
    for statement, parameters in seen:
        if statement.startswith(("SELECT", "WITH")):
            rows = connection.exec_driver_sql(explain + statement, parameters)  # type: ignore[arg-type]
            found.append("\n".join(str(row[-1]) for row in rows))
    return found


@pytest.fixture
def crowd() -> None:
    """Enough texts of every kind that an index is worth its while, in one statement."""
    article, ruth = make_article(), make_account(Role.MODERATOR)
    base = {
        "article_id": article.id,
        "author_name": "Reader",
        "source": "Text. " * 40,
        "html": "Text. " * 40,
        "verdict": {},
    }
    states = list(Status)
    rows = [
        {
            **base,
            "status": states[number % 6],
            "created_at": clock.now() - timedelta(minutes=number),
            "people_waiting": 1 + number % 5,
            "certainty": number % 97 / 97,
            "red_flag": number % 90 == 0,
            "held_for_id": ruth.id if number % 150 == 0 else None,
            "reported_at": clock.now() if number % 100 == 2 else None,
            "recheck_at": clock.now() if number % 100 == 2 else None,
            "decided_at": clock.now() - timedelta(minutes=number) if number % 6 else None,
        }
        for number in range(12_000)
    ]
    db.session.execute(Comment.__table__.insert(), rows)
    db.session.commit()
    if is_postgresql():  # or it guesses how long the tables beside are, and may sort a page
        db.session.execute(text("ANALYZE comment, article, account"))
        db.session.commit()


def test_no_page_of_any_list_sorts_the_lane_or_reads_the_table(crowd: None) -> None:
    for wish in LISTS:
        first = queries.queue(wish, size=20)
        if first.more is None:
            continue
        for place in (None, first.more):
            plan = "\n".join(plans(partial(queries.queue, wish, after=place, size=20)))
            assert "OFFSET" not in plan
            if is_postgresql():
                assert not re.search(r"Seq Scan on comment\b|Sort Key", plan), f"{wish}\n{plan}"
                assert "Index" in plan
            else:
                assert not re.search(r"SCAN comment\b(?! USING)|TEMP B-TREE", plan), (
                    f"{name_of(wish)}\n{plan}"
                )


# Searching


def test_a_search_stops_at_the_newest_texts_only_where_it_would_have_to_read_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(narrowing, "HITS", 2)
    old, *newer = (waiting(text=f"The tendon {number}.") for number in range(3))
    rare = waiting(text="The canary.")
    everybody, of_one = Wish(q="tendon"), Wish(q="tendon", address=old.address_id)

    found = {comment.id for comment in queries.queue(everybody).items}
    assert narrowing.stops_at_hits(everybody) is not is_postgresql()
    assert found == {
        one.id for one in (newer if narrowing.stops_at_hits(everybody) else [old, *newer])
    }
    assert old.id in ids(of_one)
    assert not narrowing.stops_at_hits(of_one)
    assert ids(Wish(q="canary")) == [rare.id]
    assert not narrowing.stops_at_hits(Wish(q="canary"))
    everything = narrowing.conditions(everybody, None, all_of_them=True)
    assert len(db.session.scalars(select(Comment.id).where(*everything)).all()) == 3
