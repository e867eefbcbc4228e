"""What waits for the author: published questions without an answer, the longest waiting first."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domains.accounts.states import Role
from app.domains.comments import queries
from app.web.accounts.session import viewer
from app.web.author import blueprint
from app.web.questions.thread import fresh_form, wanted_page


@blueprint.get("/")
def inbox() -> ResponseReturnValue:
    """The author's own articles; an admin, who writes none, sees everyone's."""
    account = viewer()
    everyone = account is None or account.role == Role.ADMIN or "everyone" in request.args
    questions, bounds = queries.waiting_for_answer(
        None if everyone else account, page=wanted_page(), size=20
    )
    return render_template(
        "author/inbox.html",
        questions=questions,
        bounds=bounds,
        everyone=everyone,
        suggestions=queries.pointers_for_all(questions, limit=5),
        tickets={question.id: fresh_form().ticket.data for question in questions},
    )
