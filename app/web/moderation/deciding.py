"""Acting: verdicts one by one and in bulk, mending a text, its kind and tags, and undoing."""

from __future__ import annotations

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from app.domains.comments import mending
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.moderation import errors, queries, record, services
from app.domains.moderation.services import Decision, Verb
from app.domains.tags import queries as tags
from app.infra.http.bodies import body_limit
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.moderation import blueprint
from app.web.moderation.forms import EditForm, chosen_reason, entry_numbers, seen_versions
from app.web.moderation.views import LANES, draw_item
from app.web.questions.writing import BODY_KIBIBYTES

PAST = {
    Verb.APPROVE: "approved",
    Verb.REJECT: "rejected",
    Verb.SPAM: "marked as spam",
    Verb.HOLD: "put back to wait",
    Verb.DELETE: "deleted",
}


@blueprint.post("/decide")
def decide() -> ResponseReturnValue:
    versions = seen_versions(request.form.getlist("item"))
    decision = _decision()
    if not versions:
        flash("Nothing was chosen, so nothing was done.")
        return _back()
    if len(versions) == 1:
        ((comment_id, version),) = versions.items()
        comment = _any(comment_id)
        done = [services.decide(comment, decision, version=version)]
        refused = 0
    else:
        result = services.decide_all(versions, decision)
        done, refused = list(result.done), len(result.refused)
        if not done:
            raise errors.StaleDecision("all of them changed meanwhile.")
    session["undoable"] = {
        "entries": [entry.id for entry in done],
        "words": _words(len(done), decision.verb, refused),
    }
    if "answer" in request.form and decision.verb is Verb.APPROVE and len(done) == 1:
        return redirect(
            url_for(
                "questions.reply_page",
                comment_id=done[0].subject_id,
                insert=request.form["answer"],
                next=url_for("moderation.queue"),
            ),
            303,
        )
    return _back()


def _decision() -> Decision:
    try:
        verb = Verb(request.form.get("verb", ""))
    except ValueError:
        abort(400, "That is no decision this desk knows.")
    reason = chosen_reason(request.form.get("own_reason", ""), request.form.get("reason", ""))
    return Decision(verb, member(), reason=reason, tell="tell" in request.form)


def _words(count: int, verb: Verb, refused: int) -> str:
    words = f"{'One text' if count == 1 else f'{count} texts'} {PAST[verb]}."
    if refused:
        words += f" {refused} had changed meanwhile and were left as they are."
    return words


@blueprint.post("/undo")
def undo() -> ResponseReturnValue:
    """Undo the entries named, newest first; all of them or none."""
    numbers = entry_numbers(request.form.getlist("entry"))
    entries = record.entries(numbers)
    if not entries or len(entries) != len(numbers):
        abort(404)
    queries.with_ids([entry.subject_id for entry in entries])  # all locked, in the desk's order
    for entry in entries:
        services.undo(entry, by=member())
    session.pop("undoable", None)
    flash("Undone." if len(entries) == 1 else f"{len(entries)} decisions undone.")
    return _back()


@blueprint.post("/<int(max=2147483647):comment_id>/edit")
@body_limit(BODY_KIBIBYTES)
def edit(comment_id: int) -> ResponseReturnValue:
    """Save a mended text and its tags, and approve it in the same act when asked to."""
    comment = _any(comment_id)
    form = EditForm()
    form.tags.choices = [SelectChoice(*choice) for choice in tags.tag_choices()]
    if not form.validate_on_submit():
        return draw_item(comment, form, status=422)
    by = member()
    try:
        mending.edit(
            comment,
            form.body.data or "",
            title=form.title.data or "",
            by=by,
            version=form.seen_version,
        )
        mending.tag_by_hand(comment, set(form.tags.data or []), by)
        if request.form.get("then") == Verb.APPROVE:
            entry = services.decide(comment, Decision(Verb.APPROVE, by), version=comment.version)
            session["undoable"] = {
                "entries": [entry.id],
                "words": _words(1, Verb.APPROVE, 0),
            }
            return redirect(url_for("moderation.queue"), 303)
    except Refusal as refusal:
        return draw_item(comment, form, problem=refusal.public, status=refusal.status)
    flash("Saved. The text as it was is kept below.")
    return redirect(url_for("moderation.item", comment_id=comment.id), 303)


@blueprint.post("/<int(max=2147483647):comment_id>/kind")
def change_kind(comment_id: int) -> ResponseReturnValue:
    try:
        kind = Kind(request.form.get("kind", ""))
    except ValueError:
        abort(400, "A text is a question or a comment.")
    mending.change_kind(_any(comment_id), kind, by=member())
    flash("It is a question now." if kind == Kind.QUESTION else "It is a comment now.")
    return redirect(url_for("moderation.item", comment_id=comment_id), 303)


def _any(comment_id: int) -> Comment:
    comment = comments.find_to_change(comment_id)
    if comment is None:
        abort(404)
    return comment


def _back() -> ResponseReturnValue:
    """To the lane that the moderator came from, at the item that follows."""
    lane = request.form.get("lane", "waiting")
    following = request.form.get("following", "")
    return redirect(
        url_for(
            "moderation.queue",
            lane=None if lane not in LANES or lane == "waiting" else lane,
            _anchor=f"item-{following}" if following.isdigit() else None,
        ),
        303,
    )
