"""One's account linked with somebody at the site's OpenID provider: shown, linked, unlinked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import identities
from app.domains.accounts.errors import LastWayIn, NoSuchIdentity
from app.infra.http.limits import SIGN_IN, by_network_alone
from app.infra.language import _
from app.infra.refusal import Refusal
from app.infra.running import settings
from app.infra.unit_of_work import own_unit, unit_of_work
from app.web.accounts import blueprint
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.pages import page
from app.web.accounts.provider import WayLost, set_out, the_provider
from app.web.accounts.session import member, needs_account, refuse_ended, viewer

if TYPE_CHECKING:
    from app.engines.id_tokens import Claims


@blueprint.get("/account/openid")
@needs_account
def list_identities() -> ResponseReturnValue:
    return show()


@blueprint.post("/account/openid")
@needs_account
@needs_fresh_proof
@by_network_alone(SIGN_IN)
@own_unit
def link_identity() -> ResponseReturnValue:
    """Go to the provider to show there who one is."""
    account = member()
    try:
        identities.refuse_to_link(account, the_provider().issuer)
        way = set_out("", links=account.id)
    except Refusal as refusal:
        return show(refusal)
    return page("accounts/openid_go.html", way=way)


@blueprint.post("/account/openid/<int(max=2147483647):identity_id>/unlink")
@needs_account
@needs_fresh_proof
def unlink_identity(identity_id: int) -> ResponseReturnValue:
    try:
        here = settings()
        called = {here.openid_issuer: here.openid_called}
        identities.unlink(member(), identity_id, called=called)
    except (LastWayIn, NoSuchIdentity) as refusal:
        return show(refusal)
    flash(_("Unlinked. Nobody signs in to your account that way any more."))
    return redirect(url_for("accounts.list_identities"), 303)


def finish(account_id: int, claims: Claims) -> ResponseReturnValue:
    """Back from the provider: link whom it knows with the account that set out, if that one is
    still signed in here. Raises WayLost and what `identities.link` raises."""
    called = settings().openid_called
    with unit_of_work():
        person = viewer()
        if person is None or person.id != account_id:
            raise WayLost(called)
        identities.link(person, claims.issuer, claims.subject, provider=called)
        refuse_ended()  # the provider may have taken seconds to answer
    flash(_("Linked. You can sign in with %(provider)s from now on.", provider=called))
    return redirect(url_for("accounts.list_identities"))


def show(refusal: Refusal | None = None) -> Response:
    """The page of what is linked, with why something was not done."""
    return page(
        "accounts/identities.html",
        refusal.status if refusal else 200,
        account=member(),
        linked=identities.identities_of(member()),
        problem=refusal.public if refusal else "",
    )
