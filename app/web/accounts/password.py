"""One's own password: changed, removed where a link by mail is enough, or set at last."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from app.domains.accounts import recovery
from app.domains.accounts.errors import TooManyTries, WrongCredentials
from app.infra.http.limits import MAILS, SIGN_IN, by_network_alone
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts import blueprint
from app.web.accounts.credentials import check_own_password, hash_password
from app.web.accounts.forms import ChangePasswordForm, RemovePasswordForm
from app.web.accounts.pages import page
from app.web.accounts.session import enter, member, needs_account
from app.web.forms import Form

NOT_YOURS = sentence("That is not your password.")


@blueprint.get("/account/password")
@needs_account
def change_password() -> ResponseReturnValue:
    return _page()


@blueprint.post("/account/password")
@needs_account
@by_network_alone(SIGN_IN)
@own_unit
def change_password_now() -> ResponseReturnValue:
    form = ChangePasswordForm().for_account(member())
    if not form.validate():
        return _page(422, form=form)
    refusal = _refusal(form.current.data)
    if refusal is not None:
        return _refused(refusal, form.current, form=form)
    _replace(hash_password(form.password.data, is_known=True))
    flash(_("Your password is changed. Other browsers were signed out."))
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/account/password/remove")
@needs_account
@by_network_alone(SIGN_IN)
@own_unit
def remove_password() -> ResponseReturnValue:
    """Only where the address is proven: the link to it is the only way in from then on."""
    form = RemovePasswordForm()
    if not form.validate():
        return _page(422, removing=form)
    if not member().is_proven:
        form.form_errors.append(_("Confirm your address first: a link to it will be your way in."))
        return _page(422, removing=form)
    refusal = _refusal(form.remove.data)
    if refusal is not None:
        return _refused(refusal, form.remove, removing=form)
    _replace(None)
    flash(_("Your account has no password any more. You sign in with a link by mail."))
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/account/password/link")
@needs_account
@by_network_alone(MAILS)
def mail_password_link() -> ResponseReturnValue:
    """Mail a link to set a password, to an account that has none."""
    recovery.request_reset(member().address.email)
    flash(_("A link to set a password is on its way. It works for an hour."))
    return redirect(url_for("accounts.profile"), 303)


def _page(status: int = 200, **forms: Form) -> Response:
    """The page with these forms as they were sent, and the others empty."""
    empty = {
        "form": ChangePasswordForm(formdata=None),
        "removing": RemovePasswordForm(formdata=None),
    }
    return page("accounts/password.html", status, account=member(), **(empty | forms))


def _refusal(password: str) -> Refusal | None:
    """Why whoever sits here may not go on; None where they know the password."""
    try:
        check_own_password(member(), password)
    except (WrongCredentials, TooManyTries) as refusal:
        return refusal
    return None


def _refused(refusal: Refusal, field: Field, **forms: Form) -> Response:
    """The page again, with the refusal at the field where the password was typed."""
    if not isinstance(refusal, TooManyTries):
        field.errors = [str(NOT_YOURS)]
        return _page(422, **forms)
    field.errors = [refusal.public]
    answer = _page(refusal.status, **forms)
    answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _replace(password_hash: str | None) -> None:
    with unit_of_work():
        account = member()
        recovery.change_password(account, password_hash)
        enter(account, is_known=True)
