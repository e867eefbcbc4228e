"""Whether everybody may see the desk in numbers."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField

from app.domains.moderation.figures import openness as services
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.forms import Form
from app.web.numbers import whole_number
from app.web.settings import DOORS, Door, blueprint

DOORS.append(
    Door(
        "settings.openness",
        sentence("Openness"),
        sentence(
            "Whether everybody may see, in numbers and without names, how the site is moderated."
        ),
    )
)


class OpennessForm(Form):
    """`version` is the one that was seen."""

    is_on = BooleanField(sentence("Show the page to everybody"))
    version = HiddenField()


@blueprint.get("/openness")
def openness() -> ResponseReturnValue:
    is_on, version = services.with_version()
    return _draw(OpennessForm(is_on=is_on, version=str(version)))


@blueprint.post("/openness")
def save_openness() -> ResponseReturnValue:
    form = OpennessForm()
    if not form.validate_on_submit():
        return _draw(form, 422)
    try:
        seen = whole_number(form.version.data or "") or 0
        services.switch(form.is_on.data, seen=seen, by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, refusal.status)
    flash(_("Saved."))
    return redirect(url_for("settings.openness"), 303)


def _draw(form: OpennessForm, status: int = 200) -> ResponseReturnValue:
    return render_template("settings/openness.html", form=form, is_on=services.is_on()), status
