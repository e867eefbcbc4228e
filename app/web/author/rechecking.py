"""Cards and answers whose ground gave way: looking at them again, and saying that one holds."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domains.answers import rechecking as cards
from app.domains.answers.queries import find_to_change
from app.domains.comments import queries as comments
from app.domains.moderation import rechecking as answers
from app.domains.moderation.queue import sections
from app.infra.language import _
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.moderation import bar

MOST_SHOWN = 25
"""Of each; the next ones come up as these are dealt with."""


@blueprint.get("/recheck")
def recheck() -> ResponseReturnValue:
    """All authors' cards, and the answers under one's own articles; an admin sees everybody's."""
    account = member()
    author = None if account.is_admin else account
    return render_template(
        "author/recheck.html",
        cards=cards.waiting(MOST_SHOWN),
        card_count=cards.count_waiting(),
        answers=answers.waiting(author, MOST_SHOWN),
        answer_count=answers.count_waiting(author),
        most_counted=answers.COUNTED,
        undoable=bar.shown(),
    )


@blueprint.post("/recheck/cards/<int(max=2147483647):card_id>")
def card_still_right(card_id: int) -> ResponseReturnValue:
    card = find_to_change(card_id)
    if card is None:
        abort(404)
    entry = cards.still_right(card, by=member())
    bar.remember([entry], _("“%(title)s” is still right.", title=card.title))
    return redirect(url_for("author.recheck"), 303)


@blueprint.post("/recheck/answers/<int(max=2147483647):comment_id>")
def answer_still_right(comment_id: int) -> ResponseReturnValue:
    comment = comments.find_to_change(comment_id)
    if comment is None or not sections.may_decide_on(member(), comment):
        abort(404)
    entry = answers.still_right(comment, by=member())
    bar.remember([entry], _("The answer is still right."))
    return redirect(url_for("author.recheck"), 303)
