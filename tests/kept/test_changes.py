"""What a mark tells of its last changes, and that nobody believes more than it tells."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.kept import changes, marking
from app.infra.kept.changes import MOST_PARTS, changed_since
from app.infra.kept.models import CHANGES_LENGTH, PageMark
from app.infra.unit_of_work import unit_of_work
from tests import factories

MARK = "article:7"

pytestmark = pytest.mark.usefixtures("app")


def change(*parts: int, whole: bool = False) -> int:
    """A change that shows in these parts; the version that it made."""
    with unit_of_work():
        raised = {changes.of_part(MARK, part) for part in parts} | ({MARK} if whole else set())
        marking.raise_marks(raised)
        db.session.connection()
    version = db.session.scalar(select(PageMark.version).where(PageMark.name == MARK))
    assert version is not None
    return version


def test_the_parts_of_all_changes_since_are_told() -> None:
    change(1)
    since = change(2)
    change(30, 4)
    now = change(5)
    assert changed_since(MARK, since, now) == {30, 4, 5}
    assert changed_since(MARK, now, now) == frozenset()


def test_v07_a_change_of_the_whole_page_is_never_told_as_one_of_a_part() -> None:
    since = change(1)
    change(2, whole=True)
    now = change(3)
    assert changed_since(MARK, since, now) is None
    assert changed_since(MARK, now - 1, now) == {3}


def test_a_change_of_very_many_parts_is_one_of_the_whole_page() -> None:
    since = change(1)
    now = change(*range(1, MOST_PARTS + 2))
    assert changed_since(MARK, since, now) is None


def test_v07_what_was_raised_without_telling_leaves_a_hole() -> None:
    """As by a program of the release before, while both serve."""
    since = change(1)
    with unit_of_work():
        db.session.execute(
            update(PageMark).where(PageMark.name == MARK).values(version=PageMark.version + 1)
        )
    assert changed_since(MARK, since, since + 1) is None
    now = change(3)
    assert changed_since(MARK, since, now) is None
    assert changed_since(MARK, now - 1, now) == {3}


def test_a_database_that_has_not_come_so_far_is_not_believed() -> None:
    change(1)
    now = change(2)
    assert changed_since(MARK, now - 1, now + 1) is None
    assert changed_since(MARK, now + 3, now) is None
    assert changed_since("article:8", 0, 1) is None


def test_what_is_told_of_many_changes_is_right_or_not_told_at_all() -> None:
    made = {change(number, number * 1_000_003): number for number in range(1, 61)}
    now = max(made)
    told = 0
    for since in [0, *made]:
        expected = {
            part for one in made if one > since for part in (made[one], made[one] * 1_000_003)
        }
        found = changed_since(MARK, since, now)
        assert found is None or found == expected
        told += found is not None
    assert told > 15
    length = db.session.scalar(select(PageMark.changes).where(PageMark.name == MARK))
    assert length is not None
    assert len(length) <= CHANGES_LENGTH


def test_a_published_text_tells_its_thread_and_one_that_moved_tells_both(app: Flask) -> None:
    first, second = factories.make_comment(), factories.make_comment()
    reply = factories.make_comment(parent=first, status=Status.PENDING)
    ids = first.id, second.id, reply.id
    mark = marking.article_mark(first.article_id)

    def after(act: dict[str, object]) -> frozenset[int] | None:
        with unit_of_work():
            db.session.execute(select(1))
            since = db.session.scalar(select(PageMark.version).where(PageMark.name == mark)) or 0
            for name, value in act.items():
                setattr(db.session.get_one(Comment, ids[2]), name, value)
        return changed_since(mark, since, since + 1)

    assert after({"status": Status.APPROVED}) == {ids[0]}
    assert after({"root_id": ids[1], "parent_id": ids[1]}) == {ids[0], ids[1]}
    assert after({"status": Status.REJECTED}) == {ids[1]}
