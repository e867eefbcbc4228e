"""An admin has somebody erased who wished so in writing, or keeps them after all."""

from __future__ import annotations

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue

from app.domains.moderation.people.persons import Person as Somebody
from app.domains.privacy import leaving, persons
from app.domains.privacy.persons import Person
from app.infra.language import _
from app.web.accounts.again import needs_fresh_proof
from app.web.accounts.session import member
from app.web.moderation import blueprint
from app.web.moderation.people import PERSON, page_of, wanted


@blueprint.post(f"{PERSON}/erase")
@needs_fresh_proof
def erase_person(kind: str, person_id: int) -> ResponseReturnValue:
    """As if they had asked for it themselves: told by mail, and with a day to change their mind."""
    someone = _for_an_admin(kind, person_id)
    leaving.ask(_meant(someone), by=member())
    flash(_("They are told by mail, and erased in a day."))
    return redirect(page_of(someone), 303)


@blueprint.post(f"{PERSON}/keep")
@needs_fresh_proof
def keep_person(kind: str, person_id: int) -> ResponseReturnValue:
    someone = _for_an_admin(kind, person_id)
    waiting = leaving.find(_meant(someone))
    if waiting is not None:
        leaving.take_back(waiting, by=member())
    flash(_("Nothing is erased."))
    return redirect(page_of(someone), 303)


def _for_an_admin(kind: str, person_id: int) -> Somebody:
    if not member().is_admin:
        abort(403)
    return wanted(kind, person_id)


def _meant(someone: Somebody) -> Person:
    if someone.account is not None:
        return persons.of_account(someone.account)
    return persons.of_guest(someone.email_address.id)
