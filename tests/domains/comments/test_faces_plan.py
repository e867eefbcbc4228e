"""How the texts of a page are looked up: by their ids, however many are published."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import event

from app.domains.comments import threads
from app.domains.comments.queries import View
from app.infra.db import db
from tests.factories import make_question


@pytest.mark.one_database
@pytest.mark.parametrize("view", list(View))
def test_sqlite_goes_to_the_texts_of_a_page_and_not_through_all_that_is_published(
    app: Flask, view: View
) -> None:
    make_question()
    db.session.commit()
    seen: list[tuple[str, tuple[object, ...]]] = []

    def note(
        _conn: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        seen.append((statement, parameters))  # type: ignore[arg-type]

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        threads.questions(view=view)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    drawing = [one for one in seen if "comment.html" in one[0]]
    for statement, parameters in drawing:
        plan = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}",  # type: ignore[arg-type]
            parameters,
        )
        assert "SEARCH comment USING INTEGER PRIMARY KEY (rowid=?)" in [row[-1] for row in plan]
    assert drawing or view == View.ANSWERED
