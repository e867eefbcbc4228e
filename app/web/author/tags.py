"""Tags and the words in which readers say them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.tags import merging, proposals, queries, services
from app.domains.tags.errors import TagGone
from app.domains.tags.models import Tag
from app.infra.db import db
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.author.forms import MergeForm, TagForm
from app.web.moderation import bar
from app.web.numbers import whole_number

HANGING = {
    "article_tag": "article",
    "resource_tag": "resource",
    "card_tag": "answer card",
    "comment_tag": "question",
    "follow": "follower",
    "desk_section": "desk section",
    "screening_rule": "rule",
}
"""What carries a tag, by its table, in words."""


@blueprint.get("/tags")
def tags() -> ResponseReturnValue:
    found = queries.all_tags()
    return render_template(
        "author/tags.html",
        tags=found,
        alike=queries.near_identical(found),
        proposed=proposals.count_open(),
        most_counted=proposals.COUNTED,
    )


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


@blueprint.get("/tags/<int(max=2147483647):tag_id>/merge")
def look_at_merge(tag_id: int) -> ResponseReturnValue:
    """What would move, before it does; without a tag to merge into, the choice of one."""
    tag = _wanted(tag_id)
    into = _named(request.args.get("into", ""))
    form = MergeForm(into=into.id if into else None)
    return _draw_merge(form, tag, into)


@blueprint.post("/tags/<int(max=2147483647):tag_id>/merge")
def merge_tag(tag_id: int) -> ResponseReturnValue:
    tag = _wanted(tag_id)
    into = _named(request.form.get("into", ""))
    form = MergeForm()
    if into is None:
        form.refuse(TagGone())
        return _draw_merge(form, tag, None, TagGone.status)
    gone = tag.name
    try:
        entry = merging.merge(tag, into, member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw_merge(form, tag, None, refusal.status)
    bar.remember([entry], f"“{gone}” is “{into.name}” now. Links to its old address lead there.")
    return redirect(url_for("author.edit_tag", tag_id=into.id), 303)


def _named(typed: str) -> Tag | None:
    number = whole_number(typed)
    return None if number is None else queries.find_tag_by_id(number)


def _draw_merge(
    form: MergeForm, tag: Tag, into: Tag | None, status: int = 200
) -> ResponseReturnValue:
    form.offer(tag)
    chosen = into if into is not None and into.id != tag.id else None
    page = render_template(
        "author/tag_merge.html",
        form=form,
        tag=tag,
        into=chosen,
        hanging=merging.look(tag, chosen) if chosen else [],
        words=HANGING,
        phrases=services.tidy_synonyms(chosen.name, tag.phrases) if chosen else [],
    )
    return page, status


def _wanted(tag_id: int) -> Tag:
    tag = queries.find_tag_by_id(tag_id)
    if tag is None:
        abort(404)
    return tag


def _draw(form: TagForm, tag: Tag | None, status: int = 200) -> ResponseReturnValue:
    return render_template("author/tag.html", form=form, tag=tag, undoable=bar.shown()), status
