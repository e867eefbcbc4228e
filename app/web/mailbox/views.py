"""A text from a moderator's mail: reading it decides nothing, its two buttons do, once."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domains.moderation import links, reasons
from app.domains.moderation.links import Opened
from app.infra.refusal import Refusal
from app.web.mailbox import blueprint
from app.web.moderation.forms import chosen_reason


@blueprint.get("/<secret>")
def show(secret: str) -> ResponseReturnValue:
    """`act` in the address says which of the two was clicked in the mail, and does no more."""
    return _draw(secret, links.open_link(secret), wants=request.args.get("act", ""))


@blueprint.post("/<secret>")
def decide(secret: str) -> ResponseReturnValue:
    form = request.form
    try:
        reason = chosen_reason(form.get("own_reason", ""), form.get("reason", ""))
    except Refusal as unfit:
        return _draw(secret, links.open_link(secret), wants="reject", problem=unfit)
    opened, entry = links.decide(
        secret, form.get("verb", ""), reason=reason, tell=form.get("tell") == "1"
    )
    return render_template("mailbox/done.html", opened=opened, done=entry.act)


def _draw(
    secret: str, opened: Opened, *, wants: str, problem: Refusal | None = None
) -> ResponseReturnValue:
    page = render_template(
        "mailbox/show.html",
        secret=secret,
        item=opened.comment,
        account=opened.account,
        wants=wants,
        problem=problem,
        reasons=reasons.listed(),
    )
    return page, 200 if problem is None else problem.status
