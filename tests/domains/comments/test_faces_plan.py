"""How the texts of a page are looked up: by their ids or question, however many are published."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from app.domains.comments import listed, queries
from app.domains.comments.queries import View
from app.infra.db import db
from tests.factories import make_question


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


@pytest.mark.one_database
@pytest.mark.parametrize("view", list(View))
def test_sqlite_goes_to_the_texts_of_a_page_and_not_through_all_that_is_published(
    app: Flask, view: View
) -> None:
    make_question()
    db.session.commit()

    drawing = _plans(lambda: listed.questions(view=view))

    assert all("SEARCH comment USING INTEGER PRIMARY KEY (rowid=?)" in plan for plan in drawing)
    assert drawing or view == View.ANSWERED


@pytest.mark.one_database
def test_sqlite_goes_to_a_questions_answers_by_the_question(app: Flask) -> None:
    question_id = make_question().id
    db.session.commit()

    (plan,) = _plans(lambda: queries.answers_to(question_id))

    assert "SEARCH comment USING INDEX ix_comment_question_id (question_id=?)" in plan
