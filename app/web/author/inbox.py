"""What waits for the author: published questions without an answer, the longest waiting first."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.answers import queries as answers
from app.domains.answers.states import How
from app.domains.comments import cards, policy, queries
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.numbers import wanted_page, whole_number
from app.web.questions.thread import fresh_form
from app.web.suggested import suggested


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
        suggestions=suggested(
            questions, {one.id: [link.tag_id for link in one.tags] for one in questions}
        ),
        tickets={question.id: fresh_form().ticket.data for question in questions},
    )


@blueprint.post("/questions/<int(max=2147483647):comment_id>/card")
def answer_with_card(comment_id: int) -> ResponseReturnValue:
    """Answer a question with a card, in one act."""
    question = queries.find_to_change(comment_id)
    card = answers.find_by_id(whole_number(request.form.get("card", "")) or 0)
    account = member()
    if question is None or card is None:
        abort(404)
    if not (account.is_admin or policy.writes_as_author(account, question.article)):
        abort(404)
    cards.answer_with(question, card, by=account, how=How.AUTHOR)
    flash(f"Answered with “{card.title}”.")
    return redirect(url_for("author.inbox"), 303)
