"""Signing in with a link by mail: asked for, mailed, and a page whose button signs in, since mail
scanners follow links."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import link_entry
from app.domains.accounts.errors import LinkUsedUp
from app.infra.http.hosts import client_network
from app.infra.http.limits import SIGN_IN, count, count_mail
from app.infra.language import sentence
from app.web.accounts import blueprint
from app.web.accounts.arriving import come_in
from app.web.accounts.forms import LinkForm
from app.web.accounts.pages import page
from app.web.accounts.session import viewer
from app.web.safe_redirects import safe_next

LINK = "/sign-in/link/<secret>"
STRANGERS_WORD = sentence(
    "You are signed in. The password that was set before this address was confirmed opens "
    "nothing any more, since somebody else may have set it."
)
STRANGERS_IDENTITY = sentence(
    "You are signed in. Another way of signing in that was linked before this address was "
    "confirmed was unlinked, since somebody else may have linked it. You can link it again."
)


@blueprint.get("/sign-in/link")
def link_form() -> ResponseReturnValue:
    wanted = safe_next(request.args.get("next"))
    if viewer() is not None:
        return redirect(wanted or url_for("accounts.profile"))
    return page("accounts/link.html", form=LinkForm(next=wanted))


@blueprint.post("/sign-in/link")
def send_sign_in_link() -> ResponseReturnValue:
    """Answers the same, and does the same, whether the address is known or not."""
    form = LinkForm()
    if not form.validate():
        return page("accounts/link.html", 422, form=form)
    count_mail()
    link_entry.ask(form.email.data, safe_next(form.next.data) or "")
    return redirect(url_for("accounts.link_sent"), 303)


@blueprint.get("/sign-in/link/sent")
def link_sent() -> ResponseReturnValue:
    return page("accounts/link_sent.html")


@blueprint.get(LINK)
def enter_by_link(secret: str) -> ResponseReturnValue:
    account = link_entry.account_of_link(secret)
    wanted = safe_next(request.args.get("next"))
    return page("accounts/enter.html", account=account, secret=secret, next=wanted)


@blueprint.post(LINK)
def enter_by_link_now(secret: str) -> ResponseReturnValue:
    """Counted is who comes with a link that opens nothing, so that nobody in the same network keeps
    the owner of one that does from signing in."""
    try:
        entered = link_entry.enter(secret)
    except LinkUsedUp:
        count(SIGN_IN, key=client_network())
        raise
    led = come_in(entered.account, request.form.get("next"))
    if entered.lost_password:
        flash(str(STRANGERS_WORD))
    elif entered.lost_identity:
        flash(str(STRANGERS_IDENTITY))
    return led
