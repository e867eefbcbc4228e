"""Another address for one's account: asked for, confirmed by its link, taken back by the old.

Opening a link changes nothing, since mail scanners open them all; a button on the page does.
"""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import new_address
from app.domains.accounts.errors import EmailChangedLately, HeldByMeasure, SameEmail
from app.domains.accounts.models import Account
from app.domains.measures import queries as measures
from app.infra.http.limits import SIGN_IN, by_network_alone, count_mail
from app.infra.language import _
from app.web.accounts import blueprint
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.browsers import stranger_is_out
from app.web.accounts.forms import AddressForm
from app.web.accounts.pages import page, refused
from app.web.accounts.session import current_secret, member, needs_account, viewer

NEW = "/account/address/<secret>"
OLD = "/account/address/<secret>/back"


@blueprint.get("/account/address")
@needs_account
def change_address() -> ResponseReturnValue:
    return page("accounts/address.html", account=member(), form=AddressForm())


@blueprint.post("/account/address")
@needs_account
@needs_fresh_proof
def send_address_link() -> ResponseReturnValue:
    """Answers the same whether the address is somebody's or not."""
    form = AddressForm()
    account = member()
    if not form.validate():
        return page("accounts/address.html", 422, account=account, form=form)
    try:
        _refuse_measured(account)
        new_address.ask(account, form.email.data)
        count_mail()
    except (SameEmail, EmailChangedLately, HeldByMeasure) as refusal:
        return refused("accounts/address.html", form, refusal, account=account)
    return redirect(url_for("accounts.address_link_sent"), 303)


@blueprint.get("/account/address/sent")
@needs_account
def address_link_sent() -> ResponseReturnValue:
    return page("accounts/address_sent.html", account=member())


@blueprint.get(NEW)
def confirm_address(secret: str) -> ResponseReturnValue:
    account, address = new_address.wanted_by(secret)
    return page("accounts/address_new.html", account=account, address=address, secret=secret)


@blueprint.post(NEW)
@by_network_alone(SIGN_IN)
def confirm_address_now(secret: str) -> ResponseReturnValue:
    account, _address = new_address.wanted_by(secret)
    _refuse_measured(account)
    new_address.change(secret, keep=current_secret())
    flash(_("Your address is changed. Other browsers were signed out."))
    return redirect(url_for("accounts.profile" if viewer() else "accounts.sign_in"), 303)


@blueprint.get(OLD)
def take_address_back(secret: str) -> ResponseReturnValue:
    account, address = new_address.taken_back_by(secret)
    return page("accounts/address_back.html", account=account, address=address, secret=secret)


@blueprint.post(OLD)
@by_network_alone(SIGN_IN)
def take_address_back_now(secret: str) -> ResponseReturnValue:
    return stranger_is_out(lost_step=new_address.take_back(secret))


def _refuse_measured(account: Account) -> None:
    """What binds an address would not bind the next one. Raises HeldByMeasure."""
    if measures.told_to(account, None):
        raise HeldByMeasure
