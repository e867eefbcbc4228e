"""What a browser's device answered, taken from a form: once, in the browser that was asked."""

from __future__ import annotations

from flask import session

from app.domains.accounts.factors import ceremonies, passkeys
from app.domains.accounts.factors.ceremonies import Answer
from app.domains.accounts.factors.errors import PasskeyRefused
from app.domains.accounts.factors.passkeys import CounterWentBack, Known
from app.domains.accounts.factors.states import Ceremony
from app.infra import tokens
from app.infra.unit_of_work import unit_of_work

_BROWSER = "passkeys"


def browser() -> str:
    """A number of this browser's own, so that what was asked in one is answered in no other."""
    kept = session.get(_BROWSER)
    if not isinstance(kept, str):
        kept = session[_BROWSER] = tokens.new_nonce()
    return kept


def take(text: str | None, purpose: Ceremony, account_id: int | None) -> Answer:
    """What the browser sent, and what was asked is used up by it, whatever it is worth; a unit of
    work of its own. Raises PasskeyRefused."""
    answer = ceremonies.read(text or "")
    with unit_of_work():
        passkeys.use_up(answer, purpose, browser(), account_id)
    return answer


def signed(text: str | None, purpose: Ceremony, account_id: int | None) -> tuple[Known, int]:
    """The passkey that signed, and its counter, for `passkeys.note_use`; of this account where one
    is given. A copied one is told to its owner. Raises PasskeyRefused."""
    answer = take(text, purpose, account_id)
    known = passkeys.find(answer)
    if account_id not in (None, known.account_id):
        raise PasskeyRefused
    try:
        count = passkeys.check(answer, known, must_verify=purpose is Ceremony.ENTER)
    except CounterWentBack:
        with unit_of_work():
            passkeys.tell_of_copy(known)
        raise
    return known, count
