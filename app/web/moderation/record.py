"""The record of privileged acts, as the desk reads it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domains.moderation import record, services
from app.web.moderation import blueprint
from app.web.numbers import wanted_page


@blueprint.get("/log")
def log() -> ResponseReturnValue:
    entries, bounds = record.record_page(wanted_page())
    return render_template(
        "moderation/log.html", entries=entries, bounds=bounds, undoable=set(services.Verb)
    )
