"""Answering at the desk with what is there already: a card, or what answers another question."""

from __future__ import annotations

from flask import abort, request

from app.domains.accounts.models import Account
from app.domains.answers import queries as answers
from app.domains.answers.states import How
from app.domains.comments import cards, same_as
from app.domains.comments.models import Comment
from app.domains.moderation.acts import record
from app.infra.audit import AuditEntry
from app.web.moderation.places import wanted_answer
from app.web.numbers import whole_number


def hold(comment_id: int) -> Comment | None:
    """The other question that the form names, if it does, held together with this one."""
    if "same" not in request.form:
        return None
    other = wanted_answer(request.form["same"])
    same_as.hold_both(comment_id, other)
    return other


def answered(comment: Comment, other: Comment | None, by: Account) -> list[AuditEntry]:
    """Answer a published question as the form says, by a card or as the `other` one is answered;
    the row about it in the record, so that one undo takes back what was done in one act. None where
    it says neither, or the question has that card already."""
    if other is not None:
        same_as.answer_as(comment, other, by=by, how=How.DESK)
    elif "card" in request.form:
        card = answers.find_by_id(whole_number(request.form["card"]) or 0)
        if card is None:
            abort(404)
        cards.answer_with(comment, card, by=by, how=How.DESK)
    else:
        return []
    last = record.history(comment.id)[-1]
    return [last] if last.act == "link card" else []
