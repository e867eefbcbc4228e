"""The page between the two steps: a code of the app or from paper."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts.errors import TooManyTries
from app.domains.accounts.factors import queries as factors
from app.domains.accounts.factors.errors import WrongCode
from app.domains.accounts.models import Account
from app.infra.http.limits import SIGN_IN, by_network_alone
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit
from app.web.accounts import blueprint, halfway
from app.web.accounts.arriving import arrive
from app.web.accounts.codes import admit_code
from app.web.accounts.factor_forms import CodeForm
from app.web.accounts.pages import page, refused
from app.web.accounts.session import viewer

LATE = "That took longer than ten minutes, or your password changed meanwhile. Sign in once more."


@blueprint.get("/sign-in/second")
def second_step() -> ResponseReturnValue:
    account = halfway.waiting()
    if account is None:
        return _once_more()
    return page("accounts/second_step.html", form=CodeForm(), **_ways(account))


@blueprint.post("/sign-in/second")
@by_network_alone(SIGN_IN)
@own_unit
def second_step_now() -> ResponseReturnValue:
    account = halfway.waiting()
    if account is None:
        return _once_more()
    form = CodeForm()
    ways = _ways(account)
    if not form.validate():
        return page("accounts/second_step.html", 422, form=form, **ways)
    try:
        return admit_code(account.id, form.code.data, partial(arrive, wanted=halfway.wanted()))
    except (WrongCode, TooManyTries) as refusal:
        return _refused(form, refusal, ways)


def _refused(form: CodeForm, refusal: Refusal, ways: dict[str, bool]) -> ResponseReturnValue:
    return refused("accounts/second_step.html", form, refusal, **ways)


def _ways(account: Account) -> dict[str, bool]:
    return {"has_app": factors.app_of(account) is not None}


def _once_more() -> ResponseReturnValue:
    """To the first step, where there is no half-way state that holds."""
    if viewer() is not None:
        return redirect(url_for("accounts.profile"), 303)
    flash(LATE)
    return redirect(url_for("accounts.sign_in"), 303)
