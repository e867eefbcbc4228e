"""Acting on one text otherwise than by a verdict: its words, tags and kind, its place, its reason,
and the colleague it waits for."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from app.domains.accounts.models import Account
from app.domains.comments import mending, moving
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.moderation import errors, reasons, services
from app.domains.moderation.queue import holding, meanwhile
from app.domains.moderation.services import Decision, Verb
from app.domains.tags import queries as tags
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.http.bodies import body_limit
from app.infra.language import _, ngettext, sentence
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.moderation import answering, bar, blueprint
from app.web.moderation.deciding import back, seen_version, to_change
from app.web.moderation.forms import EditForm, chosen_reason, short_note
from app.web.moderation.places import wanted_place
from app.web.moderation.views import draw_item
from app.web.numbers import whole_number
from app.web.questions.writing import BODY_KIBIBYTES

KINDS = {
    Kind.QUESTION: sentence("It is a question now."),
    Kind.COMMENT: sentence("It is a comment now."),
    Kind.CHAT: sentence("It is marked as chat now."),
}


@blueprint.post("/<int(max=2147483647):comment_id>/edit")
@body_limit(BODY_KIBIBYTES)
def edit(comment_id: int) -> ResponseReturnValue:
    """Save a mended text and its tags, and approve it in the same act when asked to."""
    comment = to_change(comment_id)
    form = EditForm()
    form.tags.choices = [SelectChoice(*choice) for choice in tags.tag_choices()]
    if not form.validate_on_submit():
        return draw_item(comment, form, status=422)
    by = member()
    try:
        done = [
            mending.edit(
                comment,
                form.body.data or "",
                title=form.title.data or "",
                by=by,
                version=form.seen_version,
            ),
            mending.tag_by_hand(comment, set(form.tags.data or []), by),
        ]
        if request.form.get("then") == Verb.APPROVE:
            entry = services.decide(comment, Decision(Verb.APPROVE, by), version=comment.version)
            return bar.acted(
                [entry], ngettext("One text approved.", "%(num)s texts approved.", 1), back(), {}
            )
    except Refusal as refusal:
        return draw_item(comment, form, problem=refusal.public, status=refusal.status)
    return _done(comment, done, _("Saved. The text as it was is kept below."))


@blueprint.post("/<int(max=2147483647):comment_id>/answer")
def answer(comment_id: int) -> ResponseReturnValue:
    """Answer a published question with a card, or with what answers another question."""
    other = answering.hold(comment_id)
    comment = to_change(comment_id)
    if comment.version != seen_version():
        raise errors.StaleDecision(meanwhile.happened_to(comment))
    done = answering.answered(comment, other, member())
    if not done:
        return _done(comment, done, _("It has this answer already."))
    return _done(comment, done, _("Answered with “%(title)s”.", title=done[0].detail["title"]))


@blueprint.post("/<int(max=2147483647):comment_id>/kind")
def change_kind(comment_id: int) -> ResponseReturnValue:
    try:
        kind = Kind(request.form.get("kind", ""))
    except ValueError:
        abort(400, _("A text is a question, a comment or chat."))
    comment = to_change(comment_id)
    return _done(comment, [mending.change_kind(comment, kind, by=member())], str(KINDS[kind]))


@blueprint.post("/<int(max=2147483647):comment_id>/reason")
def give_reason(comment_id: int) -> ResponseReturnValue:
    """Give a rejected text its reason after the act, with or without a word to the writer."""
    comment = to_change(comment_id)
    tell = "tell" in request.form
    reason = chosen_reason(request.form.get("own_reason", ""), request.form.get("reason", ""))
    entry = reasons.give(comment, reason, tell=tell, by=member(), version=seen_version())
    words = (
        _("The reason is kept, and the writer will read it.") if tell else _("The reason is kept.")
    )
    return _done(comment, [entry], words)


@blueprint.post("/<int(max=2147483647):comment_id>/hold-for")
def hold_for(comment_id: int) -> ResponseReturnValue:
    comment = to_change(comment_id)
    number = whole_number(request.form.get("colleague", ""))
    colleague = db.session.get(Account, number) if number is not None else None
    note = short_note(request.form.get("note", ""))
    entry = holding.hold_for(comment, colleague, note, by=member(), version=seen_version())
    name = colleague.name if colleague else ""
    return _done(comment, [entry], _("It is held for %(name)s, who gets a mail.", name=name))


@blueprint.post("/<int(max=2147483647):comment_id>/release")
def release(comment_id: int) -> ResponseReturnValue:
    comment = to_change(comment_id)
    entry = holding.release(comment, by=member(), version=seen_version())
    return _done(comment, [entry], _("It is back with everybody."))


@blueprint.post("/<int(max=2147483647):comment_id>/move")
def move(comment_id: int) -> ResponseReturnValue:
    comment = to_change(comment_id)
    place = wanted_place(request.form.get("to", ""))
    entry = moving.move_branch(
        comment, below=place.below, article=place.article, by=member(), version=seen_version()
    )
    return _done(comment, [entry], _("Moved to “%(title)s”.", title=place.article.title))


@blueprint.post("/<int(max=2147483647):comment_id>/split")
def split_off(comment_id: int) -> ResponseReturnValue:
    comment = to_change(comment_id)
    entry = moving.split_off(comment, by=member(), version=seen_version())
    return _done(comment, [entry], _("It is a question of its own now."))


def _done(
    comment: Comment, entries: Sequence[AuditEntry | None], words: str
) -> ResponseReturnValue:
    """Back to the page the form names, else to the text's own, with the bar that undoes this."""
    done = [entry for entry in entries if entry is not None]
    page = (
        back()
        if request.form.get("next")
        else redirect(url_for("moderation.item", comment_id=comment.id), 303)
    )
    if not done:
        flash(words)
        return page
    return bar.acted(done[::-1], words, page, {})
