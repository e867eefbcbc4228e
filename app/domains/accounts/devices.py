"""Browsers that an account is known to sign in with.

Such a browser keeps a mark: a nonce and an HMAC of it with the account and the account's own nonce.
Nothing is stored here, so a copy of the database names no browser; a new nonce of the account, as a
new password brings, makes all marks worthless.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domains.accounts import events, mailed_links, tries
from app.domains.accounts.models import Account
from app.domains.accounts.policy import NEW_DEVICE_MAILS
from app.engines.browsers import Browser
from app.infra import clock, tokens
from app.infra.events import record

MOST_MARKS = 5
"""How many accounts one browser is remembered for."""
_PURPOSE = "known device"


def new_mark(account: Account) -> str:
    """What a browser of this account keeps from now on."""
    nonce = tokens.new_nonce()
    return f"{nonce}.{tokens.private_key(_PURPOSE, *_named(account, nonce))}"


def is_marked(account: Account, marks: Sequence[str]) -> bool:
    """Whether one of a browser's marks is this account's."""
    return any(_fits(account, mark) for mark in marks[:MOST_MARKS])


def others(account: Account, marks: Sequence[str]) -> list[str]:
    """A browser's marks for other accounts, as far as there is room beside this one's."""
    return [mark for mark in marks if not _fits(account, mark)][: MOST_MARKS - 1]


def forget_all(account: Account) -> None:
    """From now on each browser is a new one."""
    if account.device_nonce is not None:
        account.device_nonce = tokens.new_nonce()


def welcome(account: Account, browser: Browser, *, is_known: bool) -> None:
    """Somebody signs in. Where this browser is a new one, the owner is to be mailed; not for the
    first browser of all, nor where nobody has proven that the address is theirs."""
    is_first = account.device_nonce is None
    if is_first:
        account.device_nonce = tokens.new_nonce()
    if is_first or is_known or not account.is_proven or not _may_tell(account):
        return
    link = mailed_links.make(mailed_links.NOT_ME, account)
    at: datetime = clock.now()
    record(events.NewDevice(link.id, browser.name, browser.system, at.isoformat()))


def _may_tell(account: Account) -> bool:
    """Apart from other limits, so that nobody can use up the mail that would tell of them."""
    limits = {f"device:{account.id}": NEW_DEVICE_MAILS}
    tries.take_turns(limits)
    return tries.count_if_it_fits(limits)


def _fits(account: Account, mark: str) -> bool:
    nonce, _, key = mark.partition(".")
    return tokens.opens(key, _PURPOSE, *_named(account, nonce))


def _named(account: Account, nonce: str) -> tuple[str | int, ...]:
    return account.id, account.device_nonce or "", nonce
