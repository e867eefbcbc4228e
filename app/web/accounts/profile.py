"""One's own page: name and password."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import policy, recovery, services
from app.domains.accounts.errors import (
    MixedAlphabets,
    NamedTooOften,
    NameTaken,
    TooManyTries,
    WrongCredentials,
)
from app.domains.accounts.models import Account
from app.domains.measures import queries as measures
from app.infra.http.limits import MAILS, SIGN_IN, by_network_alone
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts import blueprint
from app.web.accounts.credentials import check_own_password, hash_password
from app.web.accounts.forms import ChangePasswordForm, ProfileForm
from app.web.accounts.pages import page, refused
from app.web.accounts.session import enter, member, needs_account


def _profile(account: Account, form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "accounts/profile.html",
        status,
        account=account,
        form=form,
        has_public_page=policy.has_public_page(account),
        told=measures.told_to(account, None),
    )


@blueprint.get("/account/")
@needs_account
def profile() -> ResponseReturnValue:
    account = member()
    return _profile(account, ProfileForm(obj=account))


@blueprint.post("/account/")
@needs_account
def change_profile() -> ResponseReturnValue:
    account = member()
    form = ProfileForm()
    if not form.validate():
        return _profile(account, form, 422)
    bio = form.bio.data if policy.has_public_page(account) else account.bio
    try:
        services.change_profile(account, name=form.name.data, bio=bio)
    except (NameTaken, MixedAlphabets, NamedTooOften) as refusal:
        form.name.errors = [refusal.public]
        return _profile(account, form, refusal.status)
    flash("Saved.")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.get("/account/password")
@needs_account
def change_password() -> ResponseReturnValue:
    return page("accounts/password.html", form=ChangePasswordForm())


@blueprint.post("/account/password")
@needs_account
@by_network_alone(SIGN_IN)
@own_unit
def change_password_now() -> ResponseReturnValue:
    account = member()
    form = ChangePasswordForm().for_account(account)
    if not form.validate():
        return page("accounts/password.html", 422, form=form)
    try:
        check_own_password(account, form.current.data)
    except WrongCredentials:
        form.current.errors = ["That is not your password."]
        return page("accounts/password.html", 422, form=form)
    except TooManyTries as refusal:
        return refused("accounts/password.html", form, refusal)
    password_hash = hash_password(form.password.data)
    with unit_of_work():
        account = member()
        recovery.change_password(account, password_hash)
        enter(account, is_known=True)
    flash("Your password is changed. Other browsers were signed out.")
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/account/prove")
@needs_account
@by_network_alone(MAILS)
def send_proof() -> ResponseReturnValue:
    """Mail the link again that proves the account's address."""
    account = member()
    if not account.is_proven:
        services.ask_for_proof(account.address, "sign-up")
    flash("A link is on its way. It works for an hour.")
    return redirect(url_for("accounts.profile"), 303)
