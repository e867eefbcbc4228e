"""All that somebody follows: for whoever sits here, and for whoever comes from a mail."""

from __future__ import annotations

from collections.abc import Collection

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Address
from app.infra.db import db
from app.infra.http.limits import limiter
from app.infra.language import _
from app.notifications.following import keys, queries, services, things
from app.web.accounts.session import proven_addresses
from app.web.following import blueprint
from app.web.following.forms import OFTEN
from app.web.following.views import CLICKS

FROM_MAIL = "/following/<int(max=2147483647):address_id>/<key>"
ALL = "all"


@blueprint.get("/following/")
def mine() -> ResponseReturnValue:
    """What the addresses that are proven here follow."""
    here = proven_addresses()
    return render_template(
        "following/all.html", following=queries.all_of(here), words=OFTEN, is_known=bool(here)
    )


@blueprint.post("/following/")
@limiter.limit(CLICKS)
def end_mine() -> ResponseReturnValue:
    _end(proven_addresses())
    return redirect(url_for("following.mine"), 303)


@blueprint.get(FROM_MAIL)
def from_mail(address_id: int, key: str) -> ResponseReturnValue:
    """What an address follows, for whoever got a mail there. The key says who it is."""
    address = _recipient(address_id, key)
    return render_template(
        "following/all.html",
        following=queries.all_of([address.id]),
        words=OFTEN,
        is_known=True,
        address=address,
    )


@blueprint.post(FROM_MAIL)
@limiter.limit(CLICKS)
def end_from_mail(address_id: int, key: str) -> ResponseReturnValue:
    _end([_recipient(address_id, key).id])
    return redirect(url_for("following.from_mail", address_id=address_id, key=key), 303)


def _end(address_ids: Collection[int]) -> None:
    """End what the pressed button names; 404 for what names nothing."""
    pressed = request.form.get("end", "")
    named = things.find_named(pressed)
    if pressed == ALL:
        services.end_all(address_ids)
        flash(_("You do not follow anything any more."))
    elif named is not None:
        services.end(address_ids, *named)
        flash(_("You do not follow it any more."))
    else:
        abort(404)


def _recipient(address_id: int, key: str) -> Address:
    """Whose page this is; 404 for any other, existing or not."""
    address = db.session.get(Address, address_id)
    if address is None or not accounts.may_unsubscribe(address, keys.PAGE, key):
        abort(404)
    return address
