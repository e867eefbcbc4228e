"""The page between the two steps: a code of the app or from paper."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts.errors import TooManyTries
from app.domains.accounts.factors import ceremonies
from app.domains.accounts.factors import queries as factors
from app.domains.accounts.factors.errors import WrongCode
from app.domains.accounts.models import Account
from app.infra.http.limits import SIGN_IN, by_network_alone
from app.infra.language import sentence
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit
from app.web.accounts import blueprint, halfway
from app.web.accounts.arriving import arrive
from app.web.accounts.codes import admit_code
from app.web.accounts.factor_forms import CodeForm
from app.web.accounts.pages import page, refused
from app.web.accounts.session import viewer

PAGE = "accounts/second_step.html"
LATE = sentence(
    "That took longer than ten minutes, or your password changed meanwhile. Sign in once more."
)


@blueprint.get("/sign-in/second")
def second_step() -> ResponseReturnValue:
    account = halfway.waiting()
    if account is None:
        return once_more()
    return page(PAGE, form=CodeForm(), **_ways(account))


@blueprint.post("/sign-in/second")
@by_network_alone(SIGN_IN)
@own_unit
def second_step_now() -> ResponseReturnValue:
    account = halfway.waiting()
    if account is None:
        return once_more()
    form = CodeForm()
    ways = _ways(account)
    if not form.validate():
        return page(PAGE, 422, form=form, **ways)
    try:
        return admit_code(account.id, form.code.data, let_in)
    except (WrongCode, TooManyTries) as refusal:
        return refused(PAGE, form, refusal, **ways)


def let_in(account: Account) -> ResponseReturnValue:
    """Both steps are passed, inside a unit of work. What the first one stands on is looked at once
    more: a new password since then has signed out everybody who was in, and must keep out whoever
    was about to be."""
    if halfway.waiting() is None:
        return once_more()
    return arrive(account, halfway.wanted())


def refused_step(refusal: Refusal) -> ResponseReturnValue:
    """The page again, after something else than a code did not pass."""
    account = halfway.waiting()
    if account is None:
        return once_more()
    return refused(PAGE, CodeForm(formdata=None), refusal, **_ways(account))


def _ways(account: Account) -> dict[str, bool]:
    has_passkeys = ceremonies.are_possible() and bool(factors.passkeys_of(account))
    return {"has_app": factors.app_of(account) is not None, "has_passkeys": has_passkeys}


def once_more() -> ResponseReturnValue:
    """To the first step, where there is no half-way state that holds."""
    if viewer() is not None:
        return redirect(url_for("accounts.profile"), 303)
    flash(str(LATE))
    return redirect(url_for("accounts.sign_in"), 303)
