"""The note that a reader sees whose text speaks of what a professional must see."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField

from app.domains.screening import red_flags
from app.infra.language import _, of_site, sentence, speaking
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.forms import Form
from app.web.numbers import whole_number
from app.web.settings import DOORS, Door, blueprint

DOORS.append(
    Door(
        "settings.red_flag",
        sentence("The note beside a red flag"),
        sentence("What readers see at once who write of numbness, chest pain and the like."),
    )
)


class NoteForm(Form):
    """`version` is the one that was seen."""

    note = TextAreaField(sentence("The note"))
    version = HiddenField()


@blueprint.get("/red-flag")
def red_flag() -> ResponseReturnValue:
    with speaking(of_site()):  # what is saved here is read by everybody
        note, version = red_flags.site_note()
    return _draw(NoteForm(note=note, version=str(version)))


@blueprint.post("/red-flag")
def save_red_flag() -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        return _draw(form, 422)
    seen = whole_number(form.version.data or "") or 0
    try:
        red_flags.change_note(form.note.data or "", seen=seen, by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, refusal.status)
    flash(_("The note is saved."))
    return redirect(url_for("settings.red_flag"), 303)


def _draw(form: NoteForm, status: int = 200) -> ResponseReturnValue:
    return render_template("settings/red_flag.html", form=form), status
