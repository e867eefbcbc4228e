"""Tags and the words in which readers say them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.tags import merging, proposals, queries, services
from app.domains.tags.errors import TagGone
from app.domains.tags.models import Tag
from app.infra.db import db
from app.infra.language import _, ngettext
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.author.forms import MergeForm, TagForm
from app.web.moderation import bar
from app.web.numbers import whole_number


def hanging_on(table: str, number: int) -> str:
    """How many rows of this table carry a tag, in words."""
    words = {
        "article_tag": ngettext("%(num)s article", "%(num)s articles", number),
        "resource_tag": ngettext("%(num)s resource", "%(num)s resources", number),
        "card_tag": ngettext("%(num)s answer card", "%(num)s answer cards", number),
        "comment_tag": ngettext("%(num)s question", "%(num)s questions", number),
        "follow": ngettext("%(num)s follower", "%(num)s followers", number),
        "desk_section": ngettext("%(num)s desk section", "%(num)s desk sections", number),
        "screening_rule": ngettext("%(num)s rule", "%(num)s rules", number),
    }
    return words.get(table, f"{number} {table}")


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
    flash(_("The tag “%(name)s” is new.", name=tag.name))
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
    flash(
        _(
            "The tag “%(name)s” is saved. Questions to come are matched by its new words.",
            name=tag.name,
        )
    )
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
    bar.remember(
        [entry],
        _(
            "“%(name)s” is “%(other)s” now. Links to its old address lead there.",
            name=gone,
            other=into.name,
        ),
    )
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
        hanging_on=hanging_on,
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
