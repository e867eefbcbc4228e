"""Resources: videos, exercises and pages elsewhere that answer questions already."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.answers import rechecking
from app.domains.articles.authoring import image_sizes
from app.domains.resources import links, moving, queries, services
from app.domains.resources.models import Resource
from app.infra.db import db
from app.infra.http.bodies import body_limit
from app.infra.language import _
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.author import asked_for, blueprint
from app.web.author.forms import ResourceForm
from app.web.moderation import bar
from app.web.numbers import wanted_place

TEXT_KIBIBYTES = 640
"""50,000 characters of four bytes each, percent-encoded, come to 586 KiB; the rest is the form."""


@blueprint.get("/resources")
def resources() -> ResponseReturnValue:
    """All of them, or those whose address fails or is dead."""
    only_troubled = request.args.get("links") == "troubled"
    find = links.troubled if only_troubled else queries.all_resources
    found, ways = find(wanted=wanted_place())
    return render_template(
        "author/resources.html",
        resources=found,
        ways=ways,
        standing=links.standing_of(found),
        only_troubled=only_troubled,
        troubled_count=links.count_troubled(),
        most_counted=links.COUNTED,
    )


@blueprint.get("/resources/new")
def new_resource() -> ResponseReturnValue:
    return _draw(ResourceForm(), None)


@blueprint.post("/resources/new")
@body_limit(TEXT_KIBIBYTES)
def create_resource() -> ResponseReturnValue:
    form = ResourceForm()
    if not form.validate_on_submit():
        return _draw(form, None, 422)
    text = form.text()
    try:
        resource = services.add_resource(text, by=member(), sizes=image_sizes(text.source))
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, None, 422)
    flash(asked_for.in_library(resource))
    return redirect(url_for("author.resources"), 303)


@blueprint.get("/resources/<int(max=2147483647):resource_id>")
def edit_resource(resource_id: int) -> ResponseReturnValue:
    resource = _wanted(resource_id)
    return _draw(ResourceForm.of(resource), resource)


@blueprint.post("/resources/<int(max=2147483647):resource_id>")
@body_limit(TEXT_KIBIBYTES)
def save_resource(resource_id: int) -> ResponseReturnValue:
    resource = _wanted(resource_id)
    form = ResourceForm()
    if not form.validate_on_submit():
        return _draw(form, resource, 422)
    text = form.text()
    try:
        services.edit_resource(resource, text, by=member(), sizes=image_sizes(text.source))
    except Refusal as refusal:
        db.session.refresh(resource)
        form.refuse(refusal)
        return _draw(form, resource, 422)
    flash(_("“%(title)s” is saved.", title=resource.title))
    return redirect(url_for("author.resources"), 303)


@blueprint.post("/resources/<int(max=2147483647):resource_id>/remove")
def remove_resource(resource_id: int) -> ResponseReturnValue:
    resource = _wanted(resource_id)
    title = resource.title
    rechecking.remove_resource(resource, by=member())
    flash(_("“%(title)s” was removed from the library.", title=title))
    return redirect(url_for("author.resources"), 303)


@blueprint.post("/resources/<int(max=2147483647):resource_id>/new-address")
def use_new_address(resource_id: int) -> ResponseReturnValue:
    """Let it lead to where its server says that the page is now."""
    resource = _wanted(resource_id)
    entry = moving.take(resource, request.form.get("address", ""), by=member())
    bar.remember([entry], _("“%(title)s” leads to its new address.", title=resource.title))
    return redirect(url_for("author.edit_resource", resource_id=resource.id), 303)


def _wanted(resource_id: int) -> Resource:
    resource = queries.find_resource_by_id(resource_id)
    if resource is None:
        abort(404)
    return resource


def _draw(form: ResourceForm, resource: Resource | None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "author/resource.html",
        form=form,
        resource=resource,
        asked_for=asked_for.by_resource(resource),
        moved_to=moving.offered(resource) if resource else None,
        undoable=bar.shown(),
    )
    return page, status
