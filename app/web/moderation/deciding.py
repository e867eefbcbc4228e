"""Deciding: verdicts one by one and on those that were chosen, and undoing them."""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts.models import Account
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.moderation import errors, services
from app.domains.moderation.acts import elsewhere, record, undoing
from app.domains.moderation.queue import queries, sections
from app.domains.moderation.services import Decision, Verb
from app.infra.audit import AuditEntry
from app.infra.http.errors import asks_for_json
from app.infra.language import _, ngettext, sentence
from app.web.accounts.session import member
from app.web.moderation import answering, bar, blueprint
from app.web.moderation.forms import chosen_reason, entry_numbers, seen_versions
from app.web.numbers import whole_number
from app.web.safe_redirects import safe_next

NOTHING_CHOSEN = sentence("Nothing was chosen, so nothing was done.")


@blueprint.post("/decide")
def decide() -> ResponseReturnValue:
    versions = seen_versions(request.form.getlist("item"))
    decision = _decision()
    refused: dict[int, str] = {}
    if not versions:
        return _nothing_chosen()
    if len(versions) == 1:
        ((comment_id, version),) = versions.items()
        other = answering.hold(comment_id)
        comment = to_change(comment_id)
        done = [services.decide(comment, decision, version=version)]
        if decision.verb is Verb.APPROVE:
            done += answering.answered(comment, other, decision.by)
    else:
        result = services.decide_all(versions, decision)
        done, refused = list(result.done), result.refused
        if not done:
            raise errors.StaleDecision(_("All of them changed meanwhile."))
    return bar.acted(done, _words(done, decision.verb, len(refused)), _next_page(done), refused)


def _nothing_chosen() -> ResponseReturnValue:
    if asks_for_json():
        abort(400, str(NOTHING_CHOSEN))
    flash(str(NOTHING_CHOSEN))
    return back()


def _decision() -> Decision:
    reason = chosen_reason(request.form.get("own_reason", ""), request.form.get("reason", ""))
    return Decision(wanted_verb(), member(), reason=reason, tell="tell" in request.form)


def wanted_verb() -> Verb:
    try:
        return Verb(request.form.get("verb", ""))
    except ValueError:
        abort(400, _("That is no decision this desk knows."))


def _words(done: list[AuditEntry], verb: Verb, refused: int) -> str:
    linked = [entry for entry in done if entry.act == "link card"]
    decided = len(done) - len(linked)
    kept = all(entry.act == "keep" for entry in done)
    if linked:
        title = linked[0].detail["title"]
        words = _kept_and_answered(decided, title) if kept else _let_in_and_answered(decided, title)
    else:
        words = _kept(decided) if kept else _past(verb, decided)
    left = _("%(number)s had changed meanwhile and were left as they are.", number=refused)
    return f"{words} {left}" if refused else words


def _kept(decided: int) -> str:
    return ngettext("One text kept as it was.", "%(num)s texts kept.", decided)


def _kept_and_answered(decided: int, title: str) -> str:
    return ngettext(
        "One text kept as it was and answered with “%(title)s”.",
        "%(num)s texts kept and answered with “%(title)s”.",
        decided,
        title=title,
    )


def _let_in_and_answered(decided: int, title: str) -> str:
    return ngettext(
        "One text approved and answered with “%(title)s”.",
        "%(num)s texts approved and answered with “%(title)s”.",
        decided,
        title=title,
    )


def _past(verb: Verb, decided: int) -> str:
    return {
        Verb.APPROVE: ngettext("One text approved.", "%(num)s texts approved.", decided),
        Verb.REJECT: ngettext("One text rejected.", "%(num)s texts rejected.", decided),
        Verb.SPAM: ngettext("One text marked as spam.", "%(num)s texts marked as spam.", decided),
        Verb.HOLD: ngettext(
            "One text put back to wait.", "%(num)s texts put back to wait.", decided
        ),
        Verb.DELETE: ngettext("One text deleted.", "%(num)s texts deleted.", decided),
    }[verb]


def _next_page(done: list[AuditEntry]) -> ResponseReturnValue:
    """Back to the list; or to the reply box, where the text was approved to be answered with a
    link that the desk suggested."""
    approved = len(done) == 1 and done[0].to_state == services.OUTCOMES[Verb.APPROVE]
    if "answer" not in request.form or not approved:
        return back()
    return redirect(
        url_for(
            "questions.reply_page",
            comment_id=done[0].subject_id,
            insert=request.form["answer"],
            next=url_for("moderation.queue"),
        ),
        303,
    )


@blueprint.post("/undo")
def undo() -> ResponseReturnValue:
    """Undo the entries named, newest first; all of them or none."""
    numbers = entry_numbers(request.form.getlist("entry"))
    entries = record.entries(numbers)
    if not entries or len(entries) != len(numbers):
        abort(404)
    by = member()
    texts = [entry for entry in entries if entry.subject == "comment"]
    found = queries.with_ids([entry.subject_id for entry in texts])  # all locked, in one order
    if not all(sections.may_decide_on(by, comment) for comment in found):
        abort(404)
    words = [_undone(entry, by) for entry in entries]
    bar.forget()
    told = (
        words[0]
        if len(words) == 1
        else ngettext("%(num)s act undone.", "%(num)s acts undone.", len(words))
    )
    if asks_for_json():
        return jsonify(back=[comment.id for comment in found], words=told)
    flash(told)
    return back()


def _undone(entry: AuditEntry, by: Account) -> str:
    if entry.subject != "comment":
        return elsewhere.undo(entry, by=by)
    undoing.undo(entry, by=by)
    return _("Undone.")


def to_change(comment_id: int) -> Comment:
    """A text that this moderator may act on, held until the act is done; else the answer is 404."""
    comment = comments.find_to_change(comment_id)
    if comment is None or not sections.may_decide_on(member(), comment):
        abort(404)
    return comment


def seen_version() -> int:
    """The version that the form's page was drawn from; 0, which no text has, for anything else."""
    return whole_number(request.form.get("version", "")) or 0


def back() -> ResponseReturnValue:
    """To the page of the desk or of the author's room that the form names, else to the lane that
    the moderator came from, at the item that follows."""
    wanted = safe_next(request.form.get("next"))
    if wanted is not None and wanted.startswith(("/moderation/", "/author/")):
        return redirect(wanted, 303)
    lane = request.form.get("lane", "waiting")
    following = request.form.get("following", "")
    anchor = f"item-{following}" if whole_number(following) else None
    known = lane.replace("-", "").isalpha() and lane.isascii() and lane != "waiting"
    return redirect(url_for("moderation.queue", lane=lane if known else None, _anchor=anchor), 303)
