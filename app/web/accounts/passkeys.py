"""Passkeys: registered, removed, and used to sign in, alone or after a password.

A page asks for what the browser shall sign (`…/ask`, in JSON); what the browser signed comes back
in an ordinary form.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import sessions
from app.domains.accounts.factors import ceremonies, passkeys
from app.domains.accounts.factors.errors import PasskeyRefused
from app.domains.accounts.factors.states import Ceremony
from app.domains.accounts.models import Account
from app.infra.http.headers import keep_nowhere
from app.infra.http.limits import SIGN_IN, by_network_alone
from app.infra.language import _
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts import blueprint, device_answers, halfway, second_step
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.arriving import arrive
from app.web.accounts.device_answers import browser
from app.web.accounts.factor_forms import AnswerForm, PasskeyForm
from app.web.accounts.forms import SignInForm
from app.web.accounts.pages import refused
from app.web.accounts.second_step_pages import draw_overview, refuse_the_last, show_codes
from app.web.accounts.session import current_secret, member, needs_account, refuse_ended

blueprint.add_app_template_global(ceremonies.are_possible, "passkeys_are_possible")


@blueprint.post("/account/passkeys/ask")
@needs_account
@by_network_alone(SIGN_IN)
def ask_to_make() -> ResponseReturnValue:
    _refuse_where_impossible()
    return _asked(passkeys.ask_to_make(member(), browser()))


@blueprint.post("/account/passkeys")
@needs_account
@needs_fresh_proof
@own_unit
def register_passkey() -> ResponseReturnValue:
    """Other browsers, which showed no passkey, are signed out."""
    form = PasskeyForm()
    if not form.validate():
        return draw_overview(member(), 422, passkey_form=form)
    try:
        answer = device_answers.take(form.answer.data, Ceremony.REGISTER, member().id)
        made = ceremonies.made(answer, answer.challenge, ceremonies.site())
        with unit_of_work():
            account = member()
            codes = passkeys.register(account, form.name.data, made)
            refuse_ended()
            sessions.end_other_sessions(account, keep=current_secret())
    except Refusal as refusal:
        form.refuse(refusal)
        return draw_overview(member(), refusal.status, passkey_form=form)
    return show_codes(codes, _("Your passkey is registered. Other browsers were signed out."))


@blueprint.post("/account/passkeys/<int(max=2147483647):passkey_id>/remove")
@needs_account
@needs_fresh_proof
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    account = member()
    refuse_the_last(account)
    passkeys.remove(account, passkey_id)
    flash(_("That passkey is removed."))
    return redirect(url_for("accounts.second_step_overview"), 303)


@blueprint.post("/account/passkeys/again/ask")
@needs_account
@by_network_alone(SIGN_IN)
def ask_who_is_there() -> ResponseReturnValue:
    """For the page that asks again before an act that reaches far."""
    return _asked(passkeys.ask_to_sign(Ceremony.AGAIN, member(), browser()))


@blueprint.post("/sign-in/passkey/ask")
@by_network_alone(SIGN_IN)
def ask_to_enter() -> ResponseReturnValue:
    _refuse_where_impossible()
    return _asked(passkeys.ask_to_enter(browser()))


@blueprint.post("/sign-in/passkey")
@by_network_alone(SIGN_IN)
@own_unit
def enter_by_passkey() -> ResponseReturnValue:
    """In place of the password and of the second step: the device has asked for a PIN, a finger or
    a face besides."""
    form = AnswerForm()
    try:
        return _enter(form, Ceremony.ENTER, None, partial(arrive, wanted=form.next.data))
    except PasskeyRefused as refusal:
        again = SignInForm(formdata=None, next=form.next.data)
        return refused("accounts/sign_in.html", again, refusal)


@blueprint.post("/sign-in/second/passkey/ask")
@by_network_alone(SIGN_IN)
def ask_for_second_step() -> ResponseReturnValue:
    account = halfway.waiting()
    if account is None:
        abort(403, str(second_step.LATE))
    return _asked(passkeys.ask_to_sign(Ceremony.SECOND_STEP, account, browser()))


@blueprint.post("/sign-in/second/passkey")
@by_network_alone(SIGN_IN)
@own_unit
def second_step_by_passkey() -> ResponseReturnValue:
    account = halfway.waiting()
    if account is None:
        return second_step.once_more()
    form = AnswerForm()
    try:
        return _enter(form, Ceremony.SECOND_STEP, account.id, second_step.let_in)
    except PasskeyRefused as refusal:
        return second_step.refused_step(refusal)


def _enter(
    form: AnswerForm,
    purpose: Ceremony,
    account_id: int | None,
    let_in: Callable[[Account], ResponseReturnValue],
) -> ResponseReturnValue:
    """Whose passkey it is let in, where the answer is good. Raises PasskeyRefused."""
    text = form.answer.data if form.validate() else ""
    known, count = device_answers.signed(text, purpose, account_id)
    with unit_of_work():
        return let_in(passkeys.note_use(known, count))


def _asked(options: dict[str, Any]) -> Response:
    return keep_nowhere(jsonify(options))


def _refuse_where_impossible() -> None:
    if not ceremonies.are_possible():
        abort(404)
