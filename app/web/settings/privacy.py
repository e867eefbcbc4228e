"""What is kept and how long, what becomes of erased texts, and the site's own words about it."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.domains.privacy import choices, declaration
from app.domains.privacy.choices import CONTACT_LENGTH, WORDS_LENGTH, Choices
from app.infra.language import _, sentence
from app.infra.periods import BOUNDS, Period
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.forms import Body, Form, Line
from app.web.numbers import whole_number
from app.web.settings import DOORS, Door, blueprint
from app.web.settings.bounds import Between

DOORS.append(
    Door(
        "settings.privacy",
        sentence("Privacy"),
        sentence("What is kept about people, why and how long, and what becomes of erased texts."),
    )
)
STAY, GO = "stay", "go"


def _days(label: str, period: Period) -> IntegerField:
    bounds = BOUNDS[period]
    return IntegerField(label, [Between(bounds.least, bounds.most)])


class PrivacyForm(Form):
    """`version` is the one that was seen."""

    networks = _days(sentence("Days until the networks of machines are forgotten"), Period.NETWORKS)
    refused = _days(sentence("Days until refused texts of guests are forgotten"), Period.REFUSED)
    texts = RadioField(
        sentence("When somebody is erased, what they wrote"),
        choices=[
            SelectChoice(STAY, sentence("stays, without their name")),
            SelectChoice(GO, sentence("goes, and leaves a gap where others replied to it")),
        ],
    )
    contact = StringField(sentence("Whom to ask"), [Line(CONTACT_LENGTH, may_be_empty=True)])
    words = TextAreaField(sentence("Your own words"), [Body(WORDS_LENGTH, may_be_empty=True)])
    version = HiddenField()


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    now = choices.current()
    return _draw(
        PrivacyForm(
            networks=now.days[Period.NETWORKS],
            refused=now.days[Period.REFUSED],
            texts=GO if now.texts_go else STAY,
            contact=now.contact,
            words=now.words,
            version=str(now.version),
        )
    )


@blueprint.post("/privacy")
def save_privacy() -> ResponseReturnValue:
    form = PrivacyForm()
    if not form.validate_on_submit():
        return _draw(form, 422)
    try:
        choices.change(_typed(form), by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, refusal.status)
    flash(_("Saved. What is older than that is forgotten within a day."))
    return redirect(url_for("settings.privacy"), 303)


def _typed(form: PrivacyForm) -> Choices:
    return Choices(
        days={Period.NETWORKS: form.networks.data, Period.REFUSED: form.refused.data},
        texts_go=form.texts.data == GO,
        words=form.words.data or "",
        contact=form.contact.data or "",
        version=whole_number(form.version.data or "") or 0,
    )


def _draw(form: PrivacyForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "settings/privacy.html", form=form, parts=list(declaration.told()), bounds=BOUNDS,
        Period=Period,
    )  # fmt: skip
    return page, status
