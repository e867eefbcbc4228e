"""What waits for the author: published questions without an answer, the longest waiting first."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts.models import Account
from app.domains.answers import queries as answers
from app.domains.answers.states import How
from app.domains.comments import cards, policy, queries, same_as
from app.domains.comments.errors import StaleText
from app.domains.comments.models import Comment
from app.infra.language import _
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.moderation.places import wanted_answer
from app.web.numbers import wanted_place, whole_number
from app.web.questions.thread import fresh_form
from app.web.suggested import suggested


@blueprint.get("/")
def inbox() -> ResponseReturnValue:
    """Under the author's own articles; an admin sees what waits for anyone."""
    account = member()
    questions, ways = queries.waiting_for_answer(
        None if account.is_admin else account, wanted=wanted_place(), size=20
    )
    return render_template(
        "author/inbox.html",
        questions=questions,
        ways=ways,
        suggestions=suggested(
            questions, {one.id: [link.tag_id for link in one.tags] for one in questions}
        ),
        tickets={question.id: fresh_form().ticket.data for question in questions},
    )


@blueprint.post("/questions/<int(max=2147483647):comment_id>/card")
def answer_with_card(comment_id: int) -> ResponseReturnValue:
    """Answer a question with a card, or with what answers another question, in one act."""
    typed = request.form.get("same")
    other = wanted_answer(typed) if typed is not None else None
    if other is not None:
        same_as.hold_both(comment_id, other)
    question = queries.find_to_change(comment_id)
    account = member()
    if question is None or not _may_answer(account, question):
        abort(404)
    if question.version != whole_number(request.form.get("version", "")):
        raise StaleText
    if other is not None:
        link = same_as.answer_as(question, other, by=account, how=How.AUTHOR)
    else:
        card = answers.find_by_id(whole_number(request.form.get("card", "")) or 0)
        if card is None:
            abort(404)
        link = cards.answer_with(question, card, by=account, how=How.AUTHOR)
    flash(_("Answered with “%(title)s”.", title=link.card.title))
    return redirect(url_for("author.inbox"), 303)


def _may_answer(account: Account, question: Comment) -> bool:
    return account.is_admin or policy.writes_as_author(account, question.article)
