"""Answers that lean on something that changed: saying that one still holds."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.domains.moderation import rechecking
from app.infra.language import _
from app.web.accounts.session import member
from app.web.moderation import bar, blueprint
from app.web.moderation.deciding import back, to_change


@blueprint.post("/<int(max=2147483647):comment_id>/still-right")
def still_right(comment_id: int) -> ResponseReturnValue:
    entry = rechecking.still_right(to_change(comment_id), by=member())
    return bar.acted([entry], _("The answer is still right."), back(), {})
