"""“I have this too”: whoever has a question that stands there already says so instead of asking it
again. Members and guests with a proven address are counted at once; others by a mailed link."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from wtforms import EmailField

from app.domains.accounts import services as accounts
from app.domains.accounts import tries
from app.domains.accounts.errors import LinkUsedUp
from app.domains.accounts.models import EMAIL_LENGTH, Address
from app.domains.accounts.services import Proof
from app.domains.comments import me_too as me_toos
from app.domains.comments import queries
from app.domains.comments.events import MeTooClaimed
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.events import record
from app.infra.http.headers import keep_nowhere
from app.infra.http.limits import count_mail, limiter, when_again
from app.infra.language import _, sentence
from app.web.accounts.session import proven_addresses, remember_proof, viewer
from app.web.forms import Form, readable_email
from app.web.questions import blueprint
from app.web.repeats import Ticket, answers_once

CLICKS = "20 per minute; 120 per hour"
"""What one network may say and take back."""
SLOWER = sentence("That was a lot of mail in a short time.")
PLACE = "/questions/<int(max=2147483647):comment_id>"
PROVEN = "/me-too/<int(max=2147483647):comment_id>/<int(max=2147483647):address_id>/<key>"


class MeTooForm(Form):
    """A guest's address, and nothing else: the number is all that anybody sees."""

    ticket = Ticket()
    email = EmailField(sentence("Your e-mail address"), [readable_email])


def person() -> Person:
    """Whoever sits here."""
    return Person(viewer(), proven_addresses())


@blueprint.get(f"{PLACE}/me-too")
def me_too_page(comment_id: int) -> ResponseReturnValue:
    return _draw(_visible(comment_id), MeTooForm())


@blueprint.post(f"{PLACE}/me-too")
@answers_once
@limiter.limit(CLICKS)
def me_too(comment_id: int) -> ResponseReturnValue:
    question = _to_change(comment_id)
    someone = person()
    if someone.is_known:
        _say(question, someone)
        return redirect(question.href, 303)
    account = viewer()
    form = MeTooForm()
    if account is None and not form.validate_on_submit():
        return _draw(question, form, 422)
    try:
        count_mail()
        _mail_link(
            question, account.address if account else accounts.claim_address(form.email.data)
        )
    except RateLimitExceeded:
        form.form_errors.append(f"{SLOWER} {when_again()}")
        return _draw(question, form, 429)
    return redirect(url_for("questions.me_too_sent", comment_id=question.id), 303)


@blueprint.get(f"{PLACE}/me-too/sent")
def me_too_sent(comment_id: int) -> ResponseReturnValue:
    return _private(render_template("questions/me_too_sent.html", question=_visible(comment_id)))


@blueprint.post(f"{PLACE}/not-me-too")
@limiter.limit(CLICKS)
def not_me_too(comment_id: int) -> ResponseReturnValue:
    question = _to_change(comment_id)
    if me_toos.take_back(question, person()):
        flash(_("You are not counted any more, and no mail about this question will come."))
    return redirect(question.href, 303)


@blueprint.get(PROVEN)
def me_too_proof(comment_id: int, address_id: int, key: str) -> ResponseReturnValue:
    """What the mailed link opens. Opening it changes nothing: mail scanners open them all."""
    question = _visible(comment_id)
    address = _proven(address_id, key)
    return _private(
        render_template("questions/me_too_proof.html", question=question, address=address, key=key)
    )


@blueprint.post(PROVEN)
def me_too_confirm(comment_id: int, address_id: int, key: str) -> ResponseReturnValue:
    question = _to_change(comment_id)
    address = _proven(address_id, key)
    accounts.prove_address(address)
    remember_proof(address)
    _say(question, Person(viewer(), proven_addresses(), writes_to=address.id))
    return redirect(question.href, 303)


def _say(question: Comment, someone: Person) -> None:
    if me_toos.is_asker(question, someone):
        flash(_("This is your own question: you are counted already."))
    elif me_toos.say(question, someone):
        flash(_("Thank you. You are counted, and we write to you when it is answered."))
    else:
        flash(_("You said so already, and you are counted."))


def _mail_link(question: Comment, address: Address) -> None:
    """Mail the link, within what one address may get a day; the answer is the same either way."""
    if tries.may_mail(address):
        record(MeTooClaimed(question.id, address.id))


def _proven(address_id: int, key: str) -> Address:
    """The address that this key proves. Raises LinkUsedUp for a key that is used, late or wrong."""
    address = db.session.get(Address, address_id)
    if address is None or accounts.check_proof(address, key) is not Proof.FITS:
        raise LinkUsedUp
    return address


def _visible(comment_id: int) -> Comment:
    """A question that everyone may read; 404 for any other, existing or not."""
    comment = queries.find_visible(comment_id)
    if comment is None or not comment.is_question:
        abort(404)
    return comment


def _to_change(comment_id: int) -> Comment:
    """The same, held until the act is done: of one person's clicks at once, one counts."""
    _visible(comment_id)
    held = queries.find_to_change(comment_id)
    if held is None or not held.is_published:
        abort(404)
    return held


def _draw(question: Comment, form: MeTooForm, status: int = 200) -> Response:
    page = render_template(
        "questions/me_too.html",
        question=question,
        form=form,
        standing=me_toos.standing(question, person()),
        member=viewer(),
        longest=EMAIL_LENGTH,
    )
    answer = _private(page)
    answer.status_code = status
    return answer


def _private(page: str) -> Response:
    return keep_nowhere(make_response(page))
