"""Pictures for articles: uploading them, and the Markdown that puts one into a text."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.domains.articles import authoring, services
from app.infra.http.bodies import body_limit
from app.infra.language import _
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.author.forms import PictureForm
from app.web.numbers import wanted_place

LARGEST_MEBIBYTES = 12


@blueprint.get("/images")
def images() -> ResponseReturnValue:
    return _draw(PictureForm(), 200)


@blueprint.post("/images")
@own_unit  # a picture is drawn before the write transaction begins
@body_limit(LARGEST_MEBIBYTES * 1024)
def upload_image() -> ResponseReturnValue:
    form = PictureForm()
    if not form.validate_on_submit():
        return _draw(form, 422)
    from app.domains.articles import pictures  # noqa: PLC0415  (few processes ever draw one)

    try:
        picture = pictures.redraw(form.picture.data.read())
    except Refusal as refusal:
        form.picture.errors = [refusal.public]
        return _draw(form, 422)
    settings: Settings = current_app.extensions["settings"]
    with unit_of_work():
        services.keep_picture(picture, settings.media_folder, by=member())
    flash(_("The picture is here. Copy its line into your text."))
    return redirect(url_for("author.images"), 303)


def _draw(form: PictureForm, status: int) -> ResponseReturnValue:
    found, ways = authoring.pictures(wanted_place())
    page = render_template(
        "author/images.html",
        form=form,
        pictures=found,
        ways=ways,
        largest=LARGEST_MEBIBYTES,
    )
    return page, status
