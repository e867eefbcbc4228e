"""What waits for the author: published questions without an answer, the longest waiting first."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domains.comments import queries
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.numbers import wanted_page
from app.web.questions.thread import fresh_form


@blueprint.get("/")
def inbox() -> ResponseReturnValue:
    """Under the author's own articles; an admin sees what waits for anyone."""
    account = member()
    questions, bounds = queries.waiting_for_answer(
        None if account.is_admin else account, page=wanted_page(), size=20
    )
    return render_template(
        "author/inbox.html",
        questions=questions,
        bounds=bounds,
        suggestions=queries.pointers_for_all(questions, limit=5),
        tickets={question.id: fresh_form().ticket.data for question in questions},
    )
