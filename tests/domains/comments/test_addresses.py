"""Where a comment is read: the domain's path is the one that the pages answer to."""

from __future__ import annotations

import pytest
from flask import Flask, url_for

from app.engines.text.slug import slugify
from tests.factories import make_answer, make_question


@pytest.mark.parametrize("title", ["Why does it click?", "Γιατί πονάει; 100% & more", "?!"])
def test_a_questions_path_is_that_of_its_page(app: Flask, title: str) -> None:
    question = make_question(title=title)
    with app.test_request_context():
        page = url_for("questions.show", comment_id=question.id, slug=slugify(title))
    assert question.href == page
    assert app.test_client().get(page).status_code == 200


def test_a_replys_path_leads_to_its_place_in_the_thread(app: Flask) -> None:
    answer = make_answer(make_question())
    with app.test_request_context():
        page = url_for("questions.permalink", comment_id=answer.id)
    assert answer.href == f"{page}#comment-{answer.id}"
    assert f'id="comment-{answer.id}"' in app.test_client().get(page).text
