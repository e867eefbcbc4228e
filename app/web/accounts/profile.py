"""One's own page: the name, and the address confirmed."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import mail_stops, policy, services
from app.domains.accounts.errors import MixedAlphabets, NamedTooOften, NameTaken
from app.domains.accounts.models import Account
from app.domains.measures import queries as measures
from app.infra.http.limits import MAILS, by_network_alone
from app.infra.language import _
from app.web.accounts import blueprint
from app.web.accounts.forms import ProfileForm
from app.web.accounts.pages import page
from app.web.accounts.session import member, needs_account


def _profile(account: Account, form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    return page(
        "accounts/profile.html",
        status,
        account=account,
        form=form,
        has_public_page=policy.has_public_page(account),
        told=measures.told_to(account, None),
        mail_stop=mail_stops.in_force(account.address_id),
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
    flash(_("Saved."))
    return redirect(url_for("accounts.profile"), 303)


@blueprint.post("/account/prove")
@needs_account
@by_network_alone(MAILS)
def send_proof() -> ResponseReturnValue:
    """Mail the link again that proves the account's address."""
    account = member()
    if not account.is_proven:
        services.ask_for_proof(account.address, "sign-up")
    elif mail_stops.in_force(account.address_id) is not None:
        services.ask_for_proof(account.address, "stopped")
    flash(_("A link is on its way. It works for an hour."))
    return redirect(url_for("accounts.profile"), 303)
