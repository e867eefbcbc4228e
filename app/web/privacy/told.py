"""The public page, written from the declaration."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domains.privacy import choices, declaration
from app.engines.text.render import render_reply
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE
from app.infra.outside import services
from app.web.privacy import blueprint


@blueprint.get("/privacy")
@kept(SITE)
def show() -> ResponseReturnValue:
    chosen = choices.current()
    return render_template(
        "privacy/show.html",
        parts=list(declaration.told()),
        chosen=chosen,
        words=Markup(render_reply(chosen.words)),  # noqa: S704  (the sanitiser's output)
        service=services.chosen(),
    )
