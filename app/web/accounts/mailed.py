"""What links in mails open: proving an address, and wanting no more mails.

Opening a link changes nothing, since mail scanners open them all; a button on the page does.
"""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import queries, services
from app.domains.accounts.errors import LinkUsedUp
from app.domains.accounts.models import Address
from app.domains.accounts.services import Proof
from app.infra.db import db
from app.infra.http.csrf import protect
from app.infra.http.limits import MAILS, by_network_alone
from app.infra.language import _
from app.notifications import ending
from app.notifications.ending import Ending
from app.web.accounts import blueprint
from app.web.accounts.pages import page, used_up
from app.web.accounts.session import remember_proof, viewer
from app.web.safe_redirects import safe_next

PROVE = "/prove/<int(max=2147483647):address_id>/<key>"
UNSUBSCRIBE = "/unsubscribe/<int(max=2147483647):address_id>/<topic>/<key>"


@blueprint.get(PROVE)
def prove(address_id: int, key: str) -> ResponseReturnValue:
    address, proof = _proof(address_id, key)
    template = "accounts/prove.html" if proof is Proof.FITS else "accounts/prove_late.html"
    wanted = safe_next(request.args.get("next"))
    status = 200 if proof is Proof.FITS else LinkUsedUp.status
    return page(template, status, address=address, key=key, next=wanted)


@blueprint.post(PROVE)
def prove_now(address_id: int, key: str) -> ResponseReturnValue:
    address, proof = _proof(address_id, key)
    if proof is not Proof.FITS:
        raise LinkUsedUp
    services.prove_address(address)
    remember_proof(address)
    flash(_said_of(address))
    return redirect(safe_next(request.form.get("next")) or _after_proof(address), 303)


@blueprint.post(f"{PROVE}/again")
@by_network_alone(MAILS)
def prove_again(address_id: int, key: str) -> ResponseReturnValue:
    """Mail a fresh link to the address whose link came too late, and to no other."""
    address = _proof(address_id, key)[0]
    account = queries.find_account_of(address)
    waits_for_proof = account is not None and not account.is_proven
    services.ask_for_proof(address, "sign-up" if waits_for_proof else "question")
    flash(_("A new link is on its way. It works for an hour."))
    return redirect("/", 303)


def _proof(address_id: int, key: str) -> tuple[Address, Proof]:
    """The address and what this key is worth for it. Raises LinkUsedUp for a key that was used,
    and in the same words for one that never was."""
    address = db.session.get(Address, address_id)
    proof = services.check_proof(address, key) if address else Proof.WRONG
    if address is None or proof is Proof.WRONG:
        raise LinkUsedUp
    return address, proof


def _said_of(address: Address) -> str:
    """An account is its owner's once the one who is signed in to it has proven its address, so who
    opened the link in another browser is told what is left to do."""
    account = queries.find_account_of(address)
    if account is not None and not account.is_proven:
        return _("Thank you. Now sign in here, in this browser, and your account is confirmed.")
    return _("Thank you. Your address is confirmed.")


def _after_proof(address: Address) -> str:
    if viewer() is not None:
        return url_for("accounts.profile")
    account = queries.find_account_of(address)
    wanted = "accounts.sign_in" if account is not None else "questions.yours"
    return url_for(wanted)


@blueprint.get(UNSUBSCRIBE)
def unsubscribe(address_id: int, topic: str, key: str) -> ResponseReturnValue:
    address, about = _recipient(address_id, topic, key)
    return _mails_page(address, about, done=about.is_done)


@blueprint.post(UNSUBSCRIBE)
def unsubscribe_now(address_id: int, topic: str, key: str) -> ResponseReturnValue:
    """One click, from the page or from a mail program (RFC 8058): the key says who it is."""
    address, about = _recipient(address_id, topic, key)
    about.act()
    return _mails_page(address, about, done=True)


protect.exempt(unsubscribe_now)


blueprint.register_error_handler(LinkUsedUp, used_up)


def _mails_page(address: Address, about: Ending, *, done: bool) -> ResponseReturnValue:
    return page("accounts/unsubscribe.html", about=about, address=address, done=done)


def _recipient(address_id: int, topic: str, key: str) -> tuple[Address, Ending]:
    """Whose mails of which topic this link is about; 404 for any other, existing or not."""
    address = db.session.get(Address, address_id)
    if address is None or not services.may_unsubscribe(address, topic, key):
        abort(404)
    about = ending.find(address.id, topic)
    if about is None:
        abort(404)
    return address, about
