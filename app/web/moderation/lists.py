"""A moderator's own lists: saving one under a name, renaming and removing it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.moderation.models import SavedView
from app.domains.moderation.queue import saved_views, wishes
from app.infra.language import _
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.moderation import blueprint
from app.web.moderation.listing import address_of


@blueprint.get("/lists")
def saved_lists() -> ResponseReturnValue:
    return _drawn()


@blueprint.post("/lists")
def save_list() -> ResponseReturnValue:
    """Keep the list that the field `wish` says, in the words of an address, under a name."""
    wish = wishes.from_query(request.form.get("wish", ""))
    try:
        saved_views.save(request.form.get("name", ""), wish, member())
    except Refusal as refusal:
        return _drawn(refusal, wish=wish.query)
    flash(_("Saved. It stands beside every list now."))
    return redirect(address_of(wish), 303)


@blueprint.post("/lists/<int(max=2147483647):list_id>")
def rename_list(list_id: int) -> ResponseReturnValue:
    try:
        saved_views.rename(_own(list_id), request.form.get("name", ""), member())
    except Refusal as refusal:
        return _drawn(refusal)
    flash(_("Renamed."))
    return redirect(url_for("moderation.saved_lists"), 303)


@blueprint.post("/lists/<int(max=2147483647):list_id>/remove")
def remove_list(list_id: int) -> ResponseReturnValue:
    saved_views.remove(_own(list_id))
    flash(_("Removed."))
    return redirect(url_for("moderation.saved_lists"), 303)


def _own(list_id: int) -> SavedView:
    view = saved_views.find(list_id, member())
    if view is None:
        abort(404)
    return view


def _drawn(refusal: Refusal | None = None, *, wish: str = "") -> ResponseReturnValue:
    """The page of a moderator's lists; with a form to try again where saving was refused."""
    page = render_template(
        "moderation/lists.html",
        views=saved_views.of(member()),
        problem=refusal.public if refusal else None,
        wish=wish,
        typed=request.form.get("name", "") if refusal else "",
    )
    return page, refusal.status if refusal else 200
