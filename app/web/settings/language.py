"""In which language and time zone the site speaks to whoever chose none."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, SelectChoice, SelectField

from app.domains.accounts import preferences
from app.infra import site_language
from app.infra.language import LANGUAGES, _, sentence
from app.infra.refusal import Refusal
from app.notifications.following import gathering
from app.web.accounts.session import member
from app.web.forms import Form
from app.web.numbers import whole_number
from app.web.settings import DOORS, Door, blueprint

DOORS.append(
    Door(
        "settings.language",
        sentence("Language and time zone"),
        sentence("In which language the site speaks to whoever chose none, and by which clock."),
    )
)


class LanguageForm(Form):
    """`version` is the one that was seen."""

    language = RadioField(
        sentence("Language"),
        choices=[SelectChoice(one.tag, one.name) for one in LANGUAGES.values()],
    )
    time_zone = SelectField(sentence("Time zone"))
    version = HiddenField()

    @classmethod
    def fresh(cls) -> LanguageForm:
        form = cls()
        form.time_zone.choices = [
            SelectChoice(one, one.replace("_", " ")) for one in preferences.zones()
        ]
        return form


@blueprint.get("/language")
def language() -> ResponseReturnValue:
    now = site_language.with_version()
    form = LanguageForm.fresh()
    form.language.data, form.time_zone.data = now.tag, now.zone
    form.version.data = str(now.version)
    return _draw(form)


@blueprint.post("/language")
def save_language() -> ResponseReturnValue:
    form = LanguageForm.fresh()
    if not form.validate_on_submit():
        return _draw(form, 422)
    try:
        preferences.refuse_unknown(tag=form.language.data, zone=form.time_zone.data)
        site_language.change(
            tag=form.language.data,
            zone=form.time_zone.data,
            seen=whole_number(form.version.data or "") or 0,
            by=member(),
        )
        gathering.ask_to_retime()
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, refusal.status)
    flash(_("Saved."))
    return redirect(url_for("settings.language"), 303)


def _draw(form: LanguageForm, status: int = 200) -> ResponseReturnValue:
    return render_template("settings/language.html", form=form), status
