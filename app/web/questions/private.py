"""The writer's private page: what became of a text, changing it while it waits, taking it back."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import mail_stops
from app.domains.accounts import services as accounts
from app.domains.accounts.mail_stops import MailStop
from app.domains.answers import queries as answers
from app.domains.answers.errors import UnfitCard
from app.domains.comments import cards, counting, policy, private_links, queries, services
from app.domains.comments.drafts import Writer
from app.domains.comments.errors import NotPendingAnyMore
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.measures import queries as measures
from app.infra.http.bodies import body_limit
from app.infra.http.headers import keep_nowhere
from app.infra.language import _
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit
from app.notifications.recipients import writer_of
from app.web.accounts.session import proven_addresses, viewer
from app.web.origins import origin
from app.web.questions import blueprint, suggesting
from app.web.questions.forms import WriteForm
from app.web.questions.thread import red_flag_note
from app.web.questions.writing import BODY_KIBIBYTES
from app.web.repeats import answers_once, new_ticket

PRIVATE = "/asked/<int(max=2147483647):comment_id>/<key>"


@blueprint.get(PRIVATE)
def status(comment_id: int, key: str) -> ResponseReturnValue:
    comment = _own(comment_id, key)
    visible = queries.find_visible(comment.id)
    may_edit = policy.may_edit_own(comment)
    answered = suggesting.answered_by() if may_edit else None
    found = suggesting.for_waiting(comment) if may_edit and not answered else []
    writer = writer_of(comment)
    return _private(
        "questions/status.html",
        comment=comment,
        key=key,
        is_proven=comment.address_id in proven_addresses(),
        mail_stop=_mail_stop(comment),
        answers=queries.answers_to(comment.id) if visible and comment.is_question else [],
        cards=answers.card_of([comment.id]).get(comment.id, []) if visible else [],
        follows=writer is not None and writer.proven,
        href=comment.href if visible else None,
        may_edit=may_edit,
        may_withdraw=policy.may_withdraw(comment),
        told=measures.told_to(comment.account, None if comment.account else comment.address_id),
        rank=counting.waiting_before(comment) if may_edit else None,
        most_before=counting.WAITING_COUNTED,
        red_flag_note=red_flag_note(comment),
        answered=answered,
        offers=found,
        seen=suggesting.remembered(suggesting.PRIVATE, found),
    )


@blueprint.get(f"{PRIVATE}/edit")
def edit(comment_id: int, key: str) -> ResponseReturnValue:
    comment = _own(comment_id, key)
    if not policy.may_edit_own(comment):
        raise NotPendingAnyMore
    return _private(
        "questions/edit.html",
        comment=comment,
        key=key,
        form=WriteForm(body=comment.source, kind=comment.kind, ticket=new_ticket()),
        problem=None,
    )


@blueprint.post(f"{PRIVATE}/edit")
@answers_once
@body_limit(BODY_KIBIBYTES)
def save(comment_id: int, key: str) -> ResponseReturnValue:
    comment = _own_to_change(comment_id, key)
    form = WriteForm()
    problem = None
    answer_status = 422
    if form.validate_on_submit():
        try:
            services.edit_own(
                comment,
                form.body.data or "",
                Kind(form.kind.data) if form.kind.data else None,
                Writer(viewer(), proven_addresses(), origin()),
            )
        except Refusal as refusal:
            problem, answer_status = refusal.public, refusal.status
        else:
            flash(_("Your text was changed. It still waits for a moderator."))
            return redirect(url_for("questions.status", comment_id=comment.id, key=key), 303)
    answer = _private("questions/edit.html", comment=comment, key=key, form=form, problem=problem)
    answer.status_code = answer_status
    return answer


@blueprint.post(f"{PRIVATE}/withdraw")
def withdraw(comment_id: int, key: str) -> ResponseReturnValue:
    comment = _own_to_change(comment_id, key)
    services.withdraw(comment)
    flash(_("Your text was taken back. Nobody else sees it."))
    return redirect(url_for("questions.status", comment_id=comment.id, key=key), 303)


@blueprint.post(f"{PRIVATE}/answered")
@own_unit
def answered_it(comment_id: int, key: str) -> ResponseReturnValue:
    """Something answered a question that still waits. It goes on waiting until it is taken back."""
    return suggesting.thank_for_waiting(_own(comment_id, key), key)


@blueprint.post(f"{PRIVATE}/cards/<int(max=2147483647):link_id>")
def judge_card(comment_id: int, key: str, link_id: int) -> ResponseReturnValue:
    """The asker says whether a card helped; where it did not, the question is open again."""
    comment = _own_to_change(comment_id, key)
    link = answers.find_link(link_id)
    if link is None or link.comment_id != comment.id or not comment.is_published:
        abort(404)
    helped = request.form.get("helped") == "yes"
    try:
        cards.say_helped(link, helped=helped, reason=request.form.get("reason", ""))
    except UnfitCard as unfit:
        abort(422, unfit.public)
    flash(
        _("Thank you. That helps others who ask the same.")
        if helped
        else _("Thank you for saying so. Your question is open again.")
    )
    return redirect(url_for("questions.status", comment_id=comment.id, key=key), 303)


@blueprint.post(f"{PRIVATE}/prove")
def mail_proof(comment_id: int, key: str) -> ResponseReturnValue:
    """Mail the link that proves the address once more."""
    comment = _own(comment_id, key)
    why = "stopped" if _mail_stop(comment) else "question"
    if comment.address is None or not accounts.ask_for_proof(comment.address, why):
        flash(_("That address had enough mail from us today. Try again tomorrow."))
    else:
        flash(_("A new link is on its way. It works for an hour."))
    return redirect(url_for("questions.status", comment_id=comment.id, key=key), 303)


def _mail_stop(comment: Comment) -> MailStop | None:
    """What keeps mail from the writer; told only where the address was proven in this browser."""
    address_id = comment.address_id
    if address_id is None or address_id not in proven_addresses():
        return None
    return mail_stops.in_force(address_id)


def _own(comment_id: int, key: str) -> Comment:
    """The comment that this private link opens; 404 for any other, existing or not."""
    return _opened(queries.find(comment_id), key)


def _own_to_change(comment_id: int, key: str) -> Comment:
    """The same, held until the act on it is done: a moderator may be deciding at this moment."""
    return _opened(queries.find_to_change(comment_id), key)


def _opened(comment: Comment | None, key: str) -> Comment:
    if comment is None or not private_links.opens(comment, key):
        abort(404)
    return comment


def _private(template: str, **names: object) -> Response:
    return keep_nowhere(make_response(render_template(template, **names, request=request)))
