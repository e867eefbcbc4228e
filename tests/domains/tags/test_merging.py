"""Two tags become one: nothing that hung on either is lost, and the old addresses lead on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment, CommentTag
from app.domains.moderation.models import SavedView
from app.domains.tags import merging, queries, services
from app.domains.tags.errors import TagGone, TagIntoItself
from app.domains.tags.models import PhraseProposal, Tag
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.domains.tags.hanging import THINGS, carried, do, hang, hangings, house, take_down
from tests.factories import make_account, make_article, make_comment, make_question, make_tag
from tests.support.queries import count_queries

__all__ = ["house"]
pytestmark = pytest.mark.usefixtures("app")


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=hangings, by_hand=st.sets(st.tuples(st.integers(0, THINGS - 1), st.integers(0, 2))))
def test_whatever_hung_on_either_tag_hangs_on_the_one_that_stays(
    house: dict[str, list[int]],
    drawn: set[tuple[str, int, int]],
    by_hand: set[tuple[int, int]],
) -> None:
    take_down()
    admin = make_account("admin")
    gone, into, other = (make_tag(name) for name in ("popping hip", "hip clicking", "knee"))
    ids = [gone.id, into.id, other.id]
    for kind, which, tag in sorted(drawn):
        hang(house, kind, which, ids[tag], (which, tag) in by_hand)
    db.session.commit()
    before = carried()
    hands = {
        (row.comment_id, row.tag_id)
        for row in db.session.scalars(select(CommentTag).where(CommentTag.by_hand))
    }

    do(gone, into, admin)

    def now(pairs: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
        return {(ref, ids[1] if tag == ids[0] else tag) for ref, tag in pairs}

    assert carried() == {kind: now(pairs) for kind, pairs in before.items()}
    assert {
        (row.comment_id, row.tag_id)
        for row in db.session.scalars(select(CommentTag).where(CommentTag.by_hand))
    } == now(hands)


def test_the_name_and_the_synonyms_that_go_are_synonyms_of_the_tag_that_stays() -> None:
    gone = make_tag("Popping hip", synonyms=["hip pops", "Hip clicks"])
    into = make_tag("Hip clicking", synonyms=["hip clicks"])
    do(gone, into, make_account("admin"))
    kept = queries.find_tag("hip-clicking")
    assert kept is not None
    assert [one.phrase for one in kept.synonyms] == ["Popping hip", "hip clicks", "hip pops"]


def test_every_address_that_either_had_leads_to_the_tag_that_stays() -> None:
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    with unit_of_work():
        services.edit_tag(gone, name="Popping hips", slug="popping-hips")
    do(gone, into, make_account("admin"))
    for slug in ("popping-hip", "popping-hips"):
        found = queries.find_former(slug)
        assert found is not None
        assert found.slug == "hip-clicking"


def test_merging_on_and_on_still_leads_to_the_last() -> None:
    first, second, third = (make_tag(name) for name in ("one", "two", "three"))
    admin = make_account("admin")
    do(first, second, admin)
    do(second, third, admin)
    found = queries.find_former("one")
    assert found is not None
    assert found.slug == "three"


def test_a_new_tag_takes_the_address_of_one_that_was_merged() -> None:
    do(make_tag("one"), make_tag("two"), make_account("admin"))
    with unit_of_work():
        services.create_tag("Another one", slug="one")
    assert queries.find_former("one") is None
    assert queries.find_tag("one") is not None


def test_a_tag_is_not_merged_into_itself() -> None:
    tag, admin = make_tag("hip"), make_account("admin")
    with pytest.raises(TagIntoItself), unit_of_work():
        merging.merge(tag, tag, admin)
    assert queries.find_tag("hip") is not None


def merged_at_once(app: Flask, pairs: list[tuple[int, int]], admin_id: int) -> list[str]:
    """What came of two merges that begin together, in real threads on connections of their own."""
    db.session.commit()
    barrier = Barrier(2, timeout=20)

    def run(pair: tuple[int, int]) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work():
                    gone, into = (db.session.get(Tag, tag_id) for tag_id in pair)
                    if gone is None or into is None:
                        return "gone"
                    merging.merge(gone, into, db.session.get_one(Account, admin_id))
            except TagGone:
                return "gone"
            return "merged"

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(run, pairs))


def test_two_tags_merged_into_each_other_at_once_leave_one(app: Flask) -> None:
    one, two, admin = make_tag("one"), make_tag("two"), make_account("admin")
    pairs = [(one.id, two.id), (two.id, one.id)]
    assert merged_at_once(app, pairs, admin.id) == ["gone", "merged"]
    assert db.session.scalar(select(func.count(Tag.id))) == 1


def test_one_tag_merged_into_two_others_at_once_goes_into_one_of_them(app: Flask) -> None:
    gone, one, two = (make_tag(name) for name in ("gone", "one", "two"))
    question, admin = make_question(tags=[gone]), make_account("admin")
    pairs = [(gone.id, one.id), (gone.id, two.id)]
    assert merged_at_once(app, pairs, admin.id) == ["gone", "merged"]
    carriers = db.session.scalars(select(CommentTag.tag_id)).all()
    found = queries.find_former("gone")
    assert found is not None
    assert list(carriers) == [found.id]
    assert question.id is not None


def test_merging_back_and_forth_ends_with_every_address_at_the_one_that_is_there() -> None:
    admin = make_account("admin")
    one, two = make_tag("one"), make_tag("two")
    do(one, two, admin)
    with unit_of_work():
        third = services.create_tag("Another one", slug="one")
    do(db.session.get_one(Tag, two.id), third, admin)
    assert queries.find_former("one") is None
    found = queries.find_former("two")
    assert found is not None
    assert found.slug == "one"


def test_what_was_decided_about_a_phrase_holds_for_the_tag_that_stays() -> None:
    gone, into = make_tag("popping hip"), make_tag("hip clicking")
    rows = [
        PhraseProposal(tag_id=gone.id, phrase="creaky hip", seen=4, state="declined"),
        PhraseProposal(tag_id=into.id, phrase="creaky hip", seen=3),
        PhraseProposal(tag_id=gone.id, phrase="hip thud", seen=3),
    ]
    db.session.add_all(rows)
    db.session.commit()
    do(gone, into, make_account("admin"))
    left = db.session.execute(
        select(PhraseProposal.phrase, PhraseProposal.tag_id, PhraseProposal.state).order_by(
            PhraseProposal.phrase
        )
    ).all()
    assert [tuple(row) for row in left] == [
        ("creaky hip", into.id, "declined"),
        ("hip thud", into.id, "open"),
    ]


def test_lists_that_moderators_keep_look_for_the_tag_that_stays() -> None:
    gone, into, admin = make_tag("popping hip"), make_tag("hip clicking"), make_account("admin")
    view = SavedView(account_id=admin.id, name="Hips", wish={"tag": str(gone.id), "lane": "spam"})
    db.session.add(view)
    db.session.commit()
    do(gone, into, admin)
    assert view.wish == {"tag": str(into.id), "lane": "spam"}


def test_the_record_tells_all_that_moved() -> None:
    gone, into, admin = make_tag("popping hip"), make_tag("hip clicking"), make_account("admin")
    article = make_article(tags=[gone])
    question = make_question(article=article, tags=[gone, into])
    do(gone, into, admin)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "merge")).one()
    assert (entry.actor_id, entry.subject, entry.subject_id) == (admin.id, "tag", into.id)
    assert entry.detail["merged"]["slug"] == "popping-hip"
    assert entry.detail["moved"] == {
        "article_tag": {"moved": [article.id], "both": []},
        "comment_tag": {"moved": [], "both": [question.id]},
    }


def test_a_look_before_says_how_many_would_move_and_how_many_carry_both() -> None:
    gone, into = make_tag("popping hip"), make_tag("hip clicking")
    article = make_article()
    make_question(article=article, tags=[gone])
    make_question(article=article, tags=[gone, into])
    assert merging.look(gone, into) == [merging.Hanging("comment_tag", 2, 1)]
    assert queries.find_tag("popping-hip") is not None


def test_ten_thousand_questions_move_by_less_than_a_hundred_statements() -> None:
    gone, into, admin = make_tag("popping hip"), make_tag("hip clicking"), make_account("admin")
    article = make_article()
    pattern = make_comment(article=article)
    copied = {
        column.name: getattr(pattern, column.name)
        for column in Comment.__table__.columns
        if column.name not in ("id", "nonce", "submit_key")
    }
    rows = [{**copied, "nonce": f"n{number}"} for number in range(10_000)]
    db.session.execute(insert(Comment), rows)
    ids = list(db.session.scalars(select(Comment.id).where(Comment.id != pattern.id)))
    db.session.execute(
        insert(CommentTag),
        [
            {"comment_id": one, "tag_id": tag, "by_hand": False, "words": ""}
            for number, one in enumerate(ids)
            for tag in ([gone.id, into.id] if number % 10 == 0 else [gone.id])
        ],
    )
    db.session.commit()
    with count_queries() as asked:
        do(gone, into, admin)
    assert asked.total < 100
    carriers = select(func.count()).where(CommentTag.tag_id == into.id)
    assert db.session.scalar(carriers) == 10_000


def test_tags_that_differ_in_endings_and_order_alone_are_pointed_out() -> None:
    make_tag("Hip clicking", synonyms=["clicks of the hip"])
    make_tag("Clicking hips")
    make_tag("Knee")
    tags = queries.all_tags()
    pairs = [(one.name, other.name) for one, other in queries.near_identical(tags)]
    assert pairs == [("Clicking hips", "Hip clicking")]


def test_a_renamed_tag_keeps_its_former_address_and_gets_it_back() -> None:
    tag = make_tag("Hip")
    with unit_of_work():
        services.edit_tag(tag, name="Hips", slug="hips")
    found = queries.find_former("hip")
    assert found is not None
    assert found.slug == "hips"
    with unit_of_work():
        services.edit_tag(tag, name="Hip", slug="hip")
    assert queries.find_former("hip") is None
    assert queries.find_former("hips") is not None
