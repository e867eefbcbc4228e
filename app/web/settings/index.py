"""The list of all settings pages."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.web.settings import DOORS, blueprint


@blueprint.get("/")
def index() -> ResponseReturnValue:
    return render_template("settings/index.html", doors=DOORS)
