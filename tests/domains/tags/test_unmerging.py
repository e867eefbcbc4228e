"""A merge undone: what hung on the tag that went hangs on it again, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from app.domains.accounts.models import Account
from app.domains.comments.models import CommentTag
from app.domains.moderation.models import SavedView
from app.domains.tags import queries, services, unmerging
from app.domains.tags.errors import MergeStands
from app.domains.tags.models import FormerTagSlug, PhraseProposal, Tag
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.domains.tags.hanging import THINGS, carried, do, hang, hangings, house, take_down
from tests.factories import make_account, make_article, make_question, make_tag

__all__ = ["house"]
pytestmark = pytest.mark.usefixtures("app")


def undo(entry: AuditEntry, by: Account | None = None) -> int:
    """How many things are left with the other tag."""
    number, who = entry.id, (by or make_account("admin")).id
    with unit_of_work():
        done = unmerging.undo(
            db.session.get_one(AuditEntry, number), by=db.session.get_one(Account, who)
        )
    db.session.expire_all()
    return done.left


def tags() -> list[tuple[Any, ...]]:
    """All that every tag is, and every address that leads to one."""
    former = db.session.execute(select(FormerTagSlug.slug, FormerTagSlug.tag_id)).all()
    return [
        (tag.id, tag.name, tag.slug, tag.description, tag.phrases) for tag in queries.all_tags()
    ] + sorted(tuple(row) for row in former)


def links() -> set[tuple[Any, ...]]:
    return {
        (row.comment_id, row.tag_id, row.by_hand, row.words)
        for row in db.session.scalars(select(CommentTag))
    }


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=hangings, by_hand=st.sets(st.tuples(st.integers(0, THINGS - 1), st.integers(0, 2))))
def test_a_merge_that_is_undone_at_once_leaves_everything_as_it_was(
    house: dict[str, list[int]],
    drawn: set[tuple[str, int, int]],
    by_hand: set[tuple[int, int]],
) -> None:
    take_down()
    admin = make_account("admin")
    gone = make_tag("popping hip", synonyms=["hip pops", "Hip clicks"])
    into, other = make_tag("hip clicking", synonyms=["hip clicks"]), make_tag("knee")
    ids = [gone.id, into.id, other.id]
    for kind, which, tag in sorted(drawn):
        hang(house, kind, which, ids[tag], (which, tag) in by_hand)
    db.session.commit()
    before = (carried(), links(), tags())

    assert undo(do(gone, into, admin), admin) == 0

    assert (carried(), links(), tags()) == before


def test_addresses_that_the_tag_had_before_lead_to_it_again() -> None:
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    with unit_of_work():
        services.edit_tag(gone, name="Popping hips", slug="popping-hips")
    before = tags()
    undo(do(gone, into, make_account("admin")))
    assert tags() == before


def test_what_was_tagged_anew_since_stays_and_is_counted() -> None:
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    article = make_article()
    taken, by_hand, untouched = (make_question(article=article, tags=[gone]) for _ in range(3))
    db.session.execute(update(CommentTag).values(by_hand=False))
    db.session.commit()
    entry = do(gone, into, make_account("admin"))
    one, two = CommentTag.comment_id == taken.id, CommentTag.comment_id == by_hand.id
    db.session.execute(delete(CommentTag).where(one))
    db.session.execute(update(CommentTag).where(two).values(by_hand=True))
    db.session.commit()

    assert undo(entry) == 2

    again = queries.find_tag("popping-hip")
    assert again is not None
    assert links() == {
        (by_hand.id, into.id, True, ""),
        (untouched.id, again.id, False, ""),
    }


def test_what_got_the_other_tag_after_the_merge_keeps_it() -> None:
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    entry = do(gone, into, make_account("admin"))
    question = make_question(tags=[into])
    assert undo(entry) == 0
    assert {(row[0], row[1]) for row in links()} == {(question.id, into.id)}


def test_words_that_were_given_since_stay_with_the_other_tag() -> None:
    gone, into = make_tag("Popping hip", synonyms=["hip pops"]), make_tag("Hip clicking")
    entry = do(gone, into, make_account("admin"))
    with unit_of_work():
        services.edit_tag(
            db.session.get_one(Tag, into.id),
            name="Hip clicking",
            synonyms=["Popping hip", "hip thud"],
        )
    undo(entry)
    again = queries.find_tag("popping-hip")
    assert again is not None
    assert again.phrases == ("Popping hip", "hip pops")
    assert db.session.get_one(Tag, into.id).phrases == ("Hip clicking", "hip thud")


def test_proposed_words_are_as_open_as_they_were() -> None:
    gone, into = make_tag("popping hip"), make_tag("hip clicking")
    db.session.add_all(
        [
            PhraseProposal(tag_id=gone.id, phrase="creaky hip", seen=4, state="declined"),
            PhraseProposal(tag_id=into.id, phrase="creaky hip", seen=3),
            PhraseProposal(tag_id=gone.id, phrase="hip thud", seen=3),
        ]
    )
    db.session.commit()
    rows = select(
        PhraseProposal.tag_id, PhraseProposal.phrase, PhraseProposal.seen, PhraseProposal.state
    ).order_by(PhraseProposal.tag_id, PhraseProposal.phrase)
    before = db.session.execute(rows).all()
    undo(do(gone, into, make_account("admin")))
    assert db.session.execute(rows).all() == before


def test_lists_that_moderators_keep_look_for_the_tag_again() -> None:
    gone, into, admin = make_tag("popping hip"), make_tag("hip clicking"), make_account("admin")
    views = [
        SavedView(account_id=admin.id, name="Popping", wish={"tag": str(gone.id)}),
        SavedView(account_id=admin.id, name="Clicking", wish={"tag": str(into.id)}),
    ]
    db.session.add_all(views)
    db.session.commit()
    undo(do(gone, into, admin))
    again = queries.find_tag("popping-hip")
    assert again is not None
    assert [view.wish for view in views] == [{"tag": str(again.id)}, {"tag": str(into.id)}]


def test_a_merge_is_undone_once() -> None:
    entry = do(make_tag("one"), make_tag("two"), make_account("admin"))
    undo(entry, make_account("admin", name="Ruth"))
    with pytest.raises(MergeStands, match="Ruth undid it already"):
        undo(entry)


def test_merges_on_and_on_are_undone_from_the_last_to_the_first() -> None:
    admin = make_account("admin")
    first, second, third = (make_tag(name) for name in ("one", "two", "three"))
    question = make_question(tags=[first, second])
    before = (carried(), links(), tags())
    one = do(first, third, admin)
    two = do(second, third, admin)
    with pytest.raises(MergeStands, match=r"“two” into “three”\. Undo that one first"):
        undo(one)
    assert undo(two) == 0
    assert undo(one) == 0
    assert (carried(), links(), tags()) == before
    assert question.id in {row[0] for row in links()}


def test_a_merge_into_a_tag_that_was_merged_on_waits_for_that_to_be_undone() -> None:
    admin = make_account("admin")
    first, second, third = (make_tag(name) for name in ("one", "two", "three"))
    before = tags()
    one = do(first, second, admin)
    two = do(second, third, admin)
    assert unmerging.undoable([one, two]) == {two.id}
    undo(two)
    assert unmerging.undoable([one, two]) == {one.id}
    undo(one)
    assert tags() == before


def test_where_another_tag_has_the_address_by_now_nothing_is_done() -> None:
    entry = do(make_tag("one"), make_tag("two"), make_account("admin"))
    with unit_of_work():
        services.edit_tag(db.session.get_one(Tag, entry.subject_id), name="two", synonyms=[])
        services.create_tag("One")
    before = tags()
    with pytest.raises(MergeStands, match="The tag “One” has its name or its address by now"):
        undo(entry)
    assert tags() == before


def test_a_merge_of_the_time_before_the_record_kept_enough_is_not_offered() -> None:
    entry = do(make_tag("one"), make_tag("two"), make_account("admin"))
    entry.detail = {name: value for name, value in entry.detail.items() if name != "kept"}
    db.session.commit()
    assert unmerging.undoable([entry]) == frozenset()
    with pytest.raises(MergeStands, match="before the record kept"):
        undo(entry)


def test_the_record_says_what_was_undone_and_what_was_left() -> None:
    admin = make_account("admin")
    gone, into = make_tag("Popping hip"), make_tag("Hip clicking")
    make_question(tags=[gone])
    entry = do(gone, into, admin)
    db.session.execute(delete(CommentTag))
    db.session.commit()
    undo(entry, admin)
    row = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "undo")).one()
    assert (row.subject, row.subject_id, row.actor_id) == ("tag", into.id, admin.id)
    assert row.detail["undoes"] == entry.id
    assert row.detail["left as it is"] == 1
    assert row.reason == "undoes merge: “Popping hip” into “Hip clicking”"
