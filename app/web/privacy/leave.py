"""Having everything of one's own erased, and changing one's mind within a day."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts.models import Address
from app.domains.privacy import choices, leaving, persons
from app.domains.privacy.persons import Person
from app.infra.db import db
from app.infra.http.limits import MAILS, SIGN_IN, by_network_alone
from app.infra.language import sentence
from app.infra.refusal import Refusal
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.pages import page
from app.web.accounts.session import member, needs_account
from app.web.privacy import blueprint
from app.web.privacy.yours import GUESTS, guest

BY_MAIL = "/stay/<int(max=2147483647):erasure_id>/<secret>"
STAYS = sentence("Nothing is erased. All is as it was.")


@blueprint.get("/account/erase")
@needs_account
def leave() -> ResponseReturnValue:
    return _draw(persons.of_account(member()))


@blueprint.post("/account/erase")
@needs_account
@needs_fresh_proof
@by_network_alone(MAILS)
def ask_to_leave() -> ResponseReturnValue:
    person = persons.of_account(member())
    try:
        leaving.ask(person)
    except Refusal as refusal:
        return _draw(person, refusal)
    return redirect(url_for("privacy.leave"), 303)


@blueprint.post("/account/erase/stay")
@needs_account
def stay() -> ResponseReturnValue:
    waiting = leaving.find(persons.of_account(member()))
    if waiting is not None:
        leaving.take_back(waiting)
    flash(str(STAYS))
    return redirect(url_for("accounts.profile"), 303)


@blueprint.get(f"{GUESTS}/erase")
def guest_leaves(address_id: int) -> ResponseReturnValue:
    return _draw(guest(address_id))


@blueprint.post(f"{GUESTS}/erase")
@by_network_alone(MAILS)
def ask_to_leave_as_guest(address_id: int) -> ResponseReturnValue:
    leaving.ask(guest(address_id))
    return redirect(url_for("privacy.guest_leaves", address_id=address_id), 303)


@blueprint.get(BY_MAIL)
def change_mind(erasure_id: int, secret: str) -> ResponseReturnValue:
    """Opening the link changes nothing, since mail scanners open them all."""
    erasure = leaving.opened(erasure_id, secret)
    return page("privacy/stay.html", erasure=erasure, secret=secret)


@blueprint.post(BY_MAIL)
@by_network_alone(SIGN_IN)
def change_mind_now(erasure_id: int, secret: str) -> ResponseReturnValue:
    leaving.take_back(leaving.opened(erasure_id, secret))
    flash(str(STAYS))
    return redirect(url_for("articles.home"), 303)


def _draw(person: Person, refusal: Refusal | None = None) -> ResponseReturnValue:
    return page(
        "privacy/leave.html",
        200 if refusal is None else refusal.status,
        erasure=leaving.find(person),
        address=db.session.get(Address, person.address_id) if person.is_guest else None,
        later=leaving.later_than_a_day(person),
        texts_go=choices.current().texts_go,
        problem=refusal.public if refusal is not None else None,
    )
