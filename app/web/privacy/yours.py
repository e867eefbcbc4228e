"""A copy of everything of one's own: of an account, and of a guest with a proven address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from flask import Flask, Response, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import queries as accounts
from app.domains.accounts.models import Address
from app.domains.privacy import copies, persons
from app.domains.privacy.errors import CopyGone
from app.domains.privacy.models import DataCopy
from app.domains.privacy.persons import Person
from app.infra.db import db
from app.infra.http.headers import keep_nowhere
from app.infra.http.limits import MAILS, by_network_alone
from app.infra.language import _
from app.infra.unit_of_work import own_unit
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.pages import page
from app.web.accounts.session import member, needs_account, proven_addresses, viewer
from app.web.privacy import blueprint

GUESTS = "/your-data/<int(max=2147483647):address_id>"
FILE = "your-data.zip"


@blueprint.get("/account/your-data")
@needs_account
def your_data() -> ResponseReturnValue:
    return _draw(persons.of_account(member()))


@blueprint.post("/account/your-data")
@needs_account
@needs_fresh_proof
@by_network_alone(MAILS)
def ask_for_copy() -> ResponseReturnValue:
    copies.ask(persons.of_account(member()))
    return redirect(url_for("privacy.your_data"), 303)


@blueprint.post("/account/your-data/take")
@needs_account
@needs_fresh_proof
@own_unit
def take_copy() -> ResponseReturnValue:
    return _sent(copies.ready(persons.of_account(member())))


@blueprint.get(GUESTS)
def guests_data(address_id: int) -> ResponseReturnValue:
    return _draw(guest(address_id))


@blueprint.post(GUESTS)
@by_network_alone(MAILS)
def ask_for_guests_copy(address_id: int) -> ResponseReturnValue:
    copies.ask(guest(address_id))
    return redirect(url_for("privacy.guests_data", address_id=address_id), 303)


@blueprint.get(f"{GUESTS}/<key>")
def guests_copy(address_id: int, key: str) -> ResponseReturnValue:
    """The page that the mail opens. Where the address is not proven in this browser, it says how
    that is done: a mail that somebody passes on gives nobody else the copy."""
    if address_id not in _proven_by_guest():
        return page("privacy/elsewhere.html", 404)
    person = guest(address_id)
    _opened(person, key)
    return _draw(person, key=key)


@blueprint.post(f"{GUESTS}/<key>")
@own_unit
def take_guests_copy(address_id: int, key: str) -> ResponseReturnValue:
    return _sent(_opened(guest(address_id), key))


def _proven_by_guest() -> frozenset[int]:
    return frozenset() if viewer() is not None else proven_addresses()


def guest(address_id: int) -> Person:
    """Whoever sits here and has proven this address, which no account has. 404 for anybody else."""
    if address_id not in _proven_by_guest():
        abort(404)
    address = db.session.get(Address, address_id)
    if address is None or not address.is_proven:  # it was erased since
        abort(404)
    if accounts.find_account_of(address) is not None:
        flash(_("There is an account with this address. Sign in to it for its data."))
        abort(redirect(url_for("accounts.sign_in", next=url_for("privacy.your_data"))))
    return persons.of_guest(address_id)


def _opened(person: Person, key: str) -> DataCopy:
    copy = copies.ready(person)
    if not copies.opens(copy, key):
        raise CopyGone
    return copy


def _draw(person: Person, key: str = "") -> ResponseReturnValue:
    copy = copies.find(person)
    address = db.session.get(Address, person.address_id) if person.is_guest else None
    return page(
        "privacy/your_data.html",
        copy=copy,
        ends_at=copies.ends_at(copy) if copy is not None else None,
        address=address,
        key=key,
    )


def _sent(copy: DataCopy) -> Response:
    """The file in pieces. A person who goes away in the middle leaves nothing open."""
    size = copy.size
    app = cast("Any", current_app)._get_current_object()  # noqa: SLF001  (the documented way)
    answer = Response(
        _pieces(app, copy.id, copy.made_at),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{FILE}"'},
    )
    answer.content_length = size
    return keep_nowhere(answer)


def _pieces(app: Flask, copy_id: int, made_at: datetime | None) -> Iterator[bytes]:
    number = 0
    while True:
        with app.app_context():
            piece = copies.piece(copy_id, number, made_at)
        if piece is None:
            return
        yield piece
        number += 1
