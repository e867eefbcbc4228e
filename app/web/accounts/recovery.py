"""A forgotten password: a link by mail, and the page that it opens."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import recovery
from app.domains.accounts.errors import Crowded
from app.infra.http.limits import SIGN_IN, by_network_alone, count_mail
from app.infra.language import _
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts import blueprint, known_browser
from app.web.accounts.credentials import hash_password
from app.web.accounts.forms import ForgotForm, NewPasswordForm
from app.web.accounts.pages import page, refused


@blueprint.get("/forgot-password")
def forgot() -> ResponseReturnValue:
    return page("accounts/forgot.html", form=ForgotForm())


@blueprint.post("/forgot-password")
def send_reset_link() -> ResponseReturnValue:
    """Answers the same, and does the same, whether the address is known or not."""
    form = ForgotForm()
    if not form.validate():
        return page("accounts/forgot.html", 422, form=form)
    count_mail()
    recovery.ask_for_reset(form.email.data)
    return redirect(url_for("accounts.forgot_sent"), 303)


@blueprint.get("/forgot-password/sent")
def forgot_sent() -> ResponseReturnValue:
    return page("accounts/forgot_sent.html")


@blueprint.get("/reset-password/<secret>")
def reset(secret: str) -> ResponseReturnValue:
    account = recovery.account_of_link(secret)
    return page("accounts/reset.html", form=NewPasswordForm(), account=account)


@blueprint.post("/reset-password/<secret>")
@by_network_alone(SIGN_IN)
@own_unit
def reset_now(secret: str) -> ResponseReturnValue:
    account = recovery.account_of_link(secret)
    form = NewPasswordForm().for_account(account)
    if not form.validate():
        return page("accounts/reset.html", 422, form=form, account=account)
    try:
        # Who bears a link is the owner: guessers at the door keep nobody waiting here.
        password_hash = hash_password(form.password.data, is_known=True)
    except Crowded as refusal:
        return refused("accounts/reset.html", form, refusal, account=account)
    with unit_of_work():
        account = recovery.reset_password(secret, password_hash)
    known_browser.remember(account)
    flash(_("Your new password is set. Sign in with it."))
    return redirect(url_for("accounts.sign_in"), 303)
