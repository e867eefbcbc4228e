"""`POST /mail/received`: an answer by mail as it is, RFC 5322."""

from __future__ import annotations

from flask import Response, abort, request

from app.infra.http import bodies
from app.infra.http.csrf import protect
from app.infra.http.limits import limiter
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit
from app.notifications.replies import receiving
from app.notifications.replies.receiving import MOST_BYTES
from app.web.returned import blueprint
from app.web.returned.hook import answer, is_known


@blueprint.post("/mail/received")
@limiter.exempt
@own_unit  # a mail is taken apart while nothing is locked, and refused in writing
@bodies.takes_beginning(MOST_BYTES + 1)  # of what is larger the writer is told
def take_answer() -> Response:
    """By the token of the settings alone. What is refused is answered like what is placed: the mail
    is dealt with, and bringing it again would change nothing. `to` is whom it came for, where its
    header does not say so."""
    if not is_known():
        abort(404)
    try:
        taken = receiving.take(bodies.beginning(), recipient=request.args.get("to", ""))
    except Refusal as refusal:
        return answer(refusal.status, problem=refusal.public)
    return answer(200, outcome=taken.outcome, why=taken.why)


protect.exempt(take_answer)  # a program calls, which has no form of ours; the token protects it
