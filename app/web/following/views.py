"""Following one thing. Members and guests with a proven address begin at once; others by a mailed
link, so that nobody gets mail that somebody else asked for."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded

from app.domains.accounts import services as accounts
from app.domains.accounts.errors import LinkUsedUp
from app.domains.accounts.models import EMAIL_LENGTH, Address
from app.domains.comments.me_too import Person
from app.infra.db import db
from app.infra.http.limits import count_mail, limiter, when_again
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.notifications.following import keys, queries, services, things
from app.notifications.following.states import Often
from app.notifications.following.things import Followed
from app.web.accounts.session import proven_addresses, viewer
from app.web.following import blueprint
from app.web.following.forms import FollowForm, GuestFollowForm
from app.web.repeats import answers_once

CLICKS = "20 per minute; 120 per hour"
SLOWER = sentence("That was a lot of mail in a short time.")
PLACE = "/follow/<followed>"
CONFIRM = f"{PLACE}/<int(max=2147483647):address_id>/<often>/<key>"


@blueprint.get(PLACE)
def page(followed: str) -> ResponseReturnValue:
    thing, someone = _visible(followed), person()
    often = queries.how_often(someone.proven, thing.thing, thing.thing_id)
    form = _form(someone)
    if often is not None:
        form.often.data = str(often)
    return _draw(thing, someone, form)


@blueprint.post(PLACE)
@answers_once
@limiter.limit(CLICKS)
def begin(followed: str) -> ResponseReturnValue:
    thing, someone = _visible(followed), person()
    form = _form(someone)
    if not form.validate_on_submit():
        return _draw(thing, someone, form, 422)
    try:
        if someone.is_known:
            return _begin(thing, someone, Often(form.often.data))
        _ask(thing, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(thing, someone, form, refusal.status)
    except RateLimitExceeded:
        form.form_errors.append(f"{SLOWER} {when_again()}")
        return _draw(thing, someone, form, 429)
    return redirect(url_for("following.sent", followed=followed), 303)


@blueprint.get(f"{PLACE}/sent")
def sent(followed: str) -> ResponseReturnValue:
    return render_template("following/sent.html", thing=_visible(followed))


@blueprint.post(f"{PLACE}/stop")
@limiter.limit(CLICKS)
def stop(followed: str) -> ResponseReturnValue:
    """Also where the thing is hidden at this moment."""
    named = things.find_named(followed)
    if named is None:
        abort(404)
    services.end(person().proven, *named)
    flash(_("You do not follow it any more, and no more mail about it will come."))
    return redirect(url_for("following.mine"), 303)


@blueprint.get(CONFIRM)
def confirm(followed: str, address_id: int, often: str, key: str) -> ResponseReturnValue:
    """What the mailed link opens. Opening it changes nothing: mail scanners open them all."""
    thing = _visible(followed)
    address = _who_confirms(thing, address_id, often, key)
    return render_template(
        "following/confirm.html", thing=thing, address=address, often=often, key=key
    )


@blueprint.post(CONFIRM)
def confirm_now(followed: str, address_id: int, often: str, key: str) -> ResponseReturnValue:
    thing = _visible(followed)
    address = _who_confirms(thing, address_id, often, key)
    services.follow(address.id, thing.thing, thing.thing_id, Often(often))
    flash(_("You follow “%(title)s” now. Every mail has a link that ends it.", title=thing.title))
    return redirect(thing.href, 303)


def person() -> Person:
    """Whoever sits here."""
    return Person(viewer(), proven_addresses())


def _begin(thing: Followed, someone: Person, often: Often) -> ResponseReturnValue:
    others = someone.proven - {someone.address_id}
    services.end(others, thing.thing, thing.thing_id)
    services.follow(someone.address_id, thing.thing, thing.thing_id, often)
    flash(_("You follow “%(title)s” now. Every mail has a link that ends it.", title=thing.title))
    return redirect(thing.href, 303)


def _ask(thing: Followed, form: FollowForm) -> None:
    """Mail the link, within what one address may get a day; the answer is the same either way."""
    count_mail()
    account = viewer()
    address = account.address if account else accounts.claim_address(form.email.data)
    services.ask(address, thing.thing, thing.thing_id, Often(form.often.data))


def _form(someone: Person) -> FollowForm:
    """Who is known, or signed in, types no address."""
    needs_address = not someone.is_known and someone.account is None
    return GuestFollowForm() if needs_address else FollowForm()


def _who_confirms(thing: Followed, address_id: int, often: str, key: str) -> Address:
    """Raises LinkUsedUp for a key that is late or wrong."""
    address = db.session.get(Address, address_id)
    if address is None or often not in set(Often):
        raise LinkUsedUp
    if not keys.confirms(key, address, thing.name, Often(often)):
        raise LinkUsedUp
    return address


def _visible(followed: str) -> Followed:
    """What everyone may read under this name; 404 for anything else, existing or not."""
    named = things.find_named(followed)
    thing = things.find(*named) if named is not None else None
    if thing is None:
        abort(404)
    return thing


def _draw(
    thing: Followed, someone: Person, form: FollowForm, status: int = 200
) -> ResponseReturnValue:
    address = db.session.get(Address, someone.address_id) if someone.is_known else None
    drawn = render_template(
        "following/page.html",
        thing=thing,
        form=form,
        often=queries.how_often(someone.proven, thing.thing, thing.thing_id),
        address=address,
        member=someone.account,
        longest=EMAIL_LENGTH,
    )
    return drawn, status
