"""One's own second step: looked over, set up, and turned off."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.config import Settings
from app.domains.accounts import sessions
from app.domains.accounts.factors import authenticator, policy, recovery_codes, services
from app.domains.accounts.factors import queries as factors
from app.domains.accounts.factors.authenticator import Offer
from app.domains.accounts.factors.errors import OfferOver, StaffNeedOne
from app.domains.accounts.factors.states import News
from app.domains.accounts.models import Account
from app.engines import one_time_codes
from app.infra.language import _
from app.infra.refusal import Refusal
from app.web.accounts import blueprint
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.factor_forms import AppForm, PasskeyForm
from app.web.accounts.pages import page
from app.web.accounts.session import current_secret, member, needs_account, refuse_ended


@blueprint.get("/account/second-step")
@needs_account
def second_step_overview() -> ResponseReturnValue:
    """What there is, and what can be set up."""
    return draw_overview(member())


def draw_overview(
    account: Account, status: int = 200, *, passkey_form: PasskeyForm | None = None
) -> Response:
    return page(
        "accounts/second_step_overview.html",
        status,
        account=account,
        app=factors.app_of(account),
        codes_left=factors.codes_left(account),
        passkeys=factors.passkeys_of(account),
        passkey_form_data=passkey_form or PasskeyForm(formdata=None),
        must=policy.must_set_up(account, staff_must=staff_must()),
        only_one=None if _may_take_away(account) else StaffNeedOne.public,
    )


@blueprint.get("/account/second-step/app")
@needs_account
def app_page() -> ResponseReturnValue:
    return _app_page(AppForm(formdata=None), authenticator.offer(member()))


@blueprint.post("/account/second-step/app")
@needs_account
@needs_fresh_proof
def set_app_up() -> ResponseReturnValue:
    """The key counts from its first code on; other browsers, which gave none, are signed out."""
    account, form = member(), AppForm()
    try:
        one = authenticator.offered(account, form.offer.data or "")
    except OfferOver as over:
        form = AppForm(formdata=None)
        form.form_errors.append(over.public)
        return _app_page(form, authenticator.offer(account), over.status)
    if not form.validate():
        return _app_page(form, one, 422)
    try:
        codes = authenticator.set_up(account, one, form.code.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _app_page(form, one, refusal.status)
    refuse_ended()
    sessions.end_other_sessions(account, keep=current_secret())
    return show_codes(codes, _("Your app is set up. Other browsers were signed out."))


@blueprint.post("/account/second-step/app/off")
@needs_account
@needs_fresh_proof
def turn_app_off() -> ResponseReturnValue:
    account = member()
    refuse_the_last(account)
    if factors.app_of(account) is not None:
        authenticator.turn_off(account)
    flash(_("Codes of your app are no longer asked for."))
    return redirect(url_for("accounts.second_step_overview"), 303)


@blueprint.post("/account/second-step/codes")
@needs_account
@needs_fresh_proof
def make_codes() -> ResponseReturnValue:
    """New codes on paper; those from before are good for nothing any more."""
    account = member()
    if not account.has_second_step:
        return redirect(url_for("accounts.second_step_overview"), 303)
    services.tell(account, News.CODES_MADE)
    return show_codes(recovery_codes.replace(account), _("The codes that you had before are gone."))


def show_codes(codes: Sequence[str], words: str) -> ResponseReturnValue:
    """The only page that ever shows them; straight to the overview where there are none to show."""
    if not codes:
        flash(words)
        return redirect(url_for("accounts.second_step_overview"), 303)
    return page("accounts/recovery_codes.html", codes=codes, words=words)


def refuse_the_last(account: Account) -> None:
    """Raises StaffNeedOne where one way of the second step may not go."""
    if not _may_take_away(account):
        raise StaffNeedOne


def _may_take_away(account: Account) -> bool:
    ways = len(factors.passkeys_of(account)) + (factors.app_of(account) is not None)
    return policy.may_take_away(account, ways, staff_must=staff_must())


def staff_must() -> bool:
    """Whether the site asks its staff for a second step."""
    return _settings().staff_must_have_second_step


def _app_page(form: AppForm, one: Offer, status: int = 200) -> Response:
    account = member()
    address = one_time_codes.address_for_apps(
        one.key, person=account.address.email, site=_settings().site_name
    )
    form.offer.data = one.sealed
    return page(
        "accounts/app.html",
        status,
        account=account,
        form=form,
        key=one_time_codes.in_groups(one.key),
        address=address,
        picture=_picture(address),
    )


def _picture(text: str) -> Markup:
    """The text as a square that a phone reads: SVG of our own making, with nothing typed in it but
    dots, so that no style or script stands in the page."""
    import segno  # noqa: PLC0415  (few processes ever draw one)

    drawn = segno.make(text, error="m").svg_inline(
        svgclass="square-code", lineclass=None, omitsize=True, border=4
    )
    return Markup(drawn)  # noqa: S704  (rows of dots, made here)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
