"""Acts on a whole list: begun from the queue, watched on a page of their own, stopped, undone."""

from __future__ import annotations

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.comments import first_reasons
from app.domains.moderation.bulk import batches
from app.domains.moderation.models import Batch
from app.domains.moderation.queue import wishes
from app.domains.moderation.services import Decision
from app.infra.http.errors import asks_for_json
from app.infra.language import _
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.session import member
from app.web.moderation import blueprint
from app.web.moderation.deciding import wanted_verb
from app.web.moderation.forms import chosen_reason

LONGEST_WISH = 1500


@blueprint.get("/batches")
def batch_list() -> ResponseReturnValue:
    found = [one for one in batches.newest() if batches.may_look_at(member(), one)]
    return render_template("moderation/batches.html", batches=found)


@blueprint.get("/batches/<int(max=2147483647):batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    """How far it has come; the same as JSON where the page's script asks."""
    found = _wanted(batches.find(batch_id))
    if asks_for_json():
        return jsonify(state=found.state, done=found.done, refused=found.refused, total=found.total)
    return render_template(
        "moderation/batch.html",
        batch=found,
        is_over=found.state in batches.OVER,
        reason=first_reasons.said(found.wish.get("reason", "")),
        why_stopped=_why_stopped(found),
        left_alone=batches.left_alone(found) if found.state in batches.OVER else [],
    )


@blueprint.post("/batches")
@needs_fresh_proof
def start_batch() -> ResponseReturnValue:
    reason = chosen_reason(request.form.get("own_reason", ""), request.form.get("reason", ""))
    decision = Decision(wanted_verb(), member(), reason=reason, tell="tell" in request.form)
    wish = wishes.from_query(request.form.get("wish", "")[:LONGEST_WISH])
    return _to_page(batches.start(wish, decision))


@blueprint.post("/batches/<int(max=2147483647):batch_id>/stop")
def stop_batch(batch_id: int) -> ResponseReturnValue:
    found = _wanted(batches.find_to_change(batch_id))
    batches.cancel(found, member())
    return _to_page(found)


@blueprint.post("/batches/<int(max=2147483647):batch_id>/undo")
@needs_fresh_proof
def undo_batch(batch_id: int) -> ResponseReturnValue:
    found = _wanted(batches.find_to_change(batch_id))
    return _to_page(batches.start_undoing(found, member()))


def _why_stopped(found: Batch) -> str:
    """Why it was stopped, as a sentence; empty where it was not."""
    why: str = found.wish.get("stopped", "")
    if why == batches.LOST_ROLE:
        return _("Whoever began it sits at the desk no more.")
    if why == batches.BY_HAND:
        return _("%(name)s stopped it.", name=batches.who_stopped(found) or _("Somebody"))
    return why  # a sentence from before the cause was stored


def _wanted(found: Batch | None) -> Batch:
    if found is None or not batches.may_look_at(member(), found):
        abort(404)
    return found


def _to_page(found: Batch) -> ResponseReturnValue:
    return redirect(url_for("moderation.batch", batch_id=found.id), 303)
