"""Tags and the words in which readers say them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domains.tags import queries, services
from app.domains.tags.models import Tag
from app.infra.db import db
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.author.forms import TagForm


@blueprint.get("/tags")
def tags() -> ResponseReturnValue:
    return render_template("author/tags.html", tags=queries.all_tags())


@blueprint.get("/tags/new")
def new_tag() -> ResponseReturnValue:
    return _draw(TagForm(), None)


@blueprint.post("/tags/new")
def create_tag() -> ResponseReturnValue:
    form = TagForm()
    if not form.validate_on_submit():
        return _draw(form, None, 422)
    try:
        tag = services.create_tag(**form.facts(), by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, None, 422)
    flash(f"The tag “{tag.name}” is new.")
    return redirect(url_for("author.tags"), 303)


@blueprint.get("/tags/<int(max=2147483647):tag_id>")
def edit_tag(tag_id: int) -> ResponseReturnValue:
    tag = _wanted(tag_id)
    return _draw(TagForm.of(tag), tag)


@blueprint.post("/tags/<int(max=2147483647):tag_id>")
def save_tag(tag_id: int) -> ResponseReturnValue:
    tag = _wanted(tag_id)
    form = TagForm()
    if not form.validate_on_submit():
        return _draw(form, tag, 422)
    try:
        services.edit_tag(tag, **form.facts(), by=member())
    except Refusal as refusal:
        db.session.refresh(tag)
        form.refuse(refusal)
        return _draw(form, tag, 422)
    flash(f"The tag “{tag.name}” is saved. Questions to come are matched by its new words.")
    return redirect(url_for("author.tags"), 303)


def _wanted(tag_id: int) -> Tag:
    tag = queries.find_tag_by_id(tag_id)
    if tag is None:
        abort(404)
    return tag


def _draw(form: TagForm, tag: Tag | None, status: int = 200) -> ResponseReturnValue:
    return render_template("author/tag.html", form=form, tag=tag), status
