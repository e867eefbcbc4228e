"""One page for everybody, and made at most once an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import abort, current_app, render_template
from flask.typing import ResponseReturnValue

from app.domains.moderation.figures import openness
from app.domains.moderation.figures.openness import FEW, Month
from app.infra import clock
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE
from app.infra.language import _, grouped
from app.web.moderation.numbers import in_words
from app.web.openness import blueprint

KEPT = timedelta(hours=1)
MADE = "openness.summary"


@blueprint.get("/moderation-summary")
@kept(SITE)
def summary() -> ResponseReturnValue:
    if not openness.is_on():
        abort(404)
    return render_template("openness/summary.html", months=_months(), few=few, in_words=in_words)


def _months() -> Sequence[Month]:
    """Counted once an hour in each process, however often it is asked for."""
    known: tuple[datetime, Sequence[Month]] | None = current_app.extensions.get(MADE)
    now = clock.now()
    if known is None or abs(now - known[0]) >= KEPT:
        known = (now, openness.summary())
        current_app.extensions[MADE] = known
    return known[1]


def few(count: int) -> str:
    """A number that names nobody: "none", "fewer than 5", "1,204"."""
    if count == 0:
        return _("none")
    return _("fewer than %(number)s", number=FEW) if count < FEW else grouped(count)
