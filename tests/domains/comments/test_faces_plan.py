"""How the texts of a page are looked up: by their ids or question, however many are published."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from app.domains.comments import listed, queries
from app.domains.comments.models import BY_TAG
from app.domains.comments.queries import View
from app.infra.db import db
from app.infra.paging import FIRST, Wanted
from tests.factories import make_question, make_tag


def _plans(act: Callable[[], object]) -> list[list[str]]:
    """How SQLite goes about each statement of this act that reads more of texts than their ids."""
    seen: list[tuple[str, tuple[object, ...]]] = []

    def note(
        _conn: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        seen.append((statement, parameters))  # type: ignore[arg-type]

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return [
        [
            row[-1]
            for row in db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}",  # type: ignore[arg-type]
                parameters,
            )
        ]
        for statement, parameters in seen
        if "comment.author_name" in statement
    ]


BY_ID = "SEARCH comment USING INTEGER PRIMARY KEY (rowid=?)"


def _walk_and_telling(plan: list[str]) -> tuple[list[str], list[str]]:
    """What finds the ids of a page, and what finds the rest for those."""
    end = plan.index("SCAN few")
    assert not any("TEMP B-TREE" in step for step in plan), "put in order, where an index is"
    return plan[:end], plan[end + 1 :]


@pytest.mark.one_database
@pytest.mark.parametrize("view", list(View))
def test_sqlite_goes_to_the_texts_of_a_page_and_not_through_all_that_is_published(
    app: Flask, view: View
) -> None:
    make_question()
    db.session.commit()

    (plan,) = _plans(lambda: listed.questions(view=view))

    walk, telling = _walk_and_telling(plan)
    assert "SEARCH comment USING INDEX ix_comment_queue (status=?)" in walk
    assert telling[0] == BY_ID


@pytest.mark.one_database
@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("wanted", [FIRST, Wanted(after="1")])
def test_r25_sqlite_begins_a_tags_list_at_what_carries_the_tag(
    app: Flask, view: View, wanted: Wanted
) -> None:
    tag = make_tag()
    for _ in range(2):
        make_question(tags=[tag])
    db.session.commit()

    plan = _plans(lambda: listed.questions(view=view, tag_id=tag.id, wanted=wanted))[0]

    walk, telling = _walk_and_telling(plan)
    place = "tag_id=? AND comment_id<?" if wanted.after and view != View.OLDEST else "tag_id=?"
    place = "tag_id=? AND comment_id>?" if wanted.after and view == View.OLDEST else place
    assert f"SEARCH comment_tag USING COVERING INDEX {BY_TAG} ({place})" in walk
    assert BY_ID in walk
    assert telling[0] == BY_ID


@pytest.mark.one_database
def test_sqlite_goes_to_a_questions_answers_by_the_question(app: Flask) -> None:
    question_id = make_question().id
    db.session.commit()

    (plan,) = _plans(lambda: queries.answers_to(question_id))

    assert "SEARCH comment USING INDEX ix_comment_question_id (question_id=?)" in plan
