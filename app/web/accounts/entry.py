"""Signing up, in and out."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import queries, services
from app.domains.accounts.errors import (
    Crowded,
    MixedAlphabets,
    NameTaken,
    TooManyTries,
    WrongCredentials,
)
from app.infra.http.limits import SIGN_IN, by_network_alone, count_mail
from app.infra.language import _
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts import blueprint
from app.web.accounts.arriving import come_in
from app.web.accounts.credentials import admit, hash_password
from app.web.accounts.forms import SignInForm, SignUpForm
from app.web.accounts.pages import page, refused
from app.web.accounts.session import leave, proven_addresses, viewer
from app.web.safe_redirects import safe_next


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    wanted = safe_next(request.args.get("next"))
    if viewer() is not None:
        return redirect(wanted or url_for("accounts.profile"))
    return page("accounts/sign_in.html", form=SignInForm(next=wanted))


@blueprint.post("/sign-in")
@by_network_alone(SIGN_IN)
@own_unit
def sign_in_now() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return page("accounts/sign_in.html", 422, form=form)
    try:
        led = partial(come_in, wanted=form.next.data, status=302)
        return admit(form.email.data, form.password.data, led)
    except (WrongCredentials, TooManyTries) as refusal:
        is_shut = isinstance(refusal, TooManyTries)
        return refused("accounts/sign_in.html", form, refusal, is_shut=is_shut)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    leave()
    flash(_("You are signed out."))
    return redirect("/", 303)


@blueprint.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    wanted = safe_next(request.args.get("next"))
    if viewer() is not None:
        return redirect(wanted or url_for("accounts.profile"))
    return page("accounts/sign_up.html", form=SignUpForm(next=wanted, email=_proven_here()))


def _proven_here() -> str:
    """The one address that was proven in this browser, which an account is likely made for; empty
    where there is none, or several."""
    ids = proven_addresses()
    found = queries.proven_among(ids) if ids else []
    return found[0].email if len(found) == 1 else ""


@blueprint.post("/sign-up")
@by_network_alone(SIGN_IN)
@own_unit
def sign_up_now() -> ResponseReturnValue:
    """Answers the same whether the address is known or not; only its owner learns which."""
    form = SignUpForm()
    if not form.validate():
        return page("accounts/sign_up.html", 422, form=form)
    wanted = safe_next(form.next.data)
    try:
        password_hash = hash_password(form.password.data) if form.password.data else None
        with unit_of_work():
            services.register(
                name=form.name.data,
                email=form.email.data,
                password_hash=password_hash,
                wanted=wanted or "",
            )
            count_mail()
    except Crowded as refusal:
        return refused("accounts/sign_up.html", form, refusal)
    except (NameTaken, MixedAlphabets) as refusal:
        form.name.errors = [refusal.public]
        return page("accounts/sign_up.html", 422, form=form)
    return redirect(url_for("accounts.sign_up_sent", next=wanted), 303)


@blueprint.get("/sign-up/sent")
def sign_up_sent() -> ResponseReturnValue:
    return page("accounts/sign_up_sent.html", next=safe_next(request.args.get("next")))
