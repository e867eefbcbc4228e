"""The address in a mail's `Reply-To`: whom the mail went to, what it is about, and until when.

It is no login: it does nothing but say below which text the words of a mail go, and those must come
from its owner's mailbox as well. It has 48 letters and digits of one case, since mail servers fold
case: the two numbers, the day, and 160 bits of an HMAC over them and what ends it earlier: another
address or account, another password, another role, another text of the same number.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from app.domains.accounts import queries as accounts
from app.domains.accounts.models import Account, Address
from app.domains.comments.models import Comment
from app.infra import clock, settings, tokens
from app.infra.db import db
from app.notifications.recipients import is_proven
from app.notifications.replies import policy

TOKEN = "{token}"  # noqa: S105  (its place in the setting)
TOKEN_LENGTH = 48
LONGEST_BOX = 64
"""Of what stands before the @ (RFC 5321)."""
MOST_TRIED = 10
"""Addresses of ours in one mail."""
EPOCH = date(1970, 1, 1)
_FACTS = struct.Struct(">IIH")


@dataclass(frozen=True, slots=True)
class Opened:
    """An address that holds. `account` is None for a guest whose address is proven. `comment` is
    what is answered, whatever its state; `is_late` where the days of the address are over."""

    address: Address
    account: Account | None
    comment: Comment
    is_late: bool


def is_on() -> bool:
    return bool(settings.current().mail_reply_address)


def reply_address(comment: Comment, to: Address) -> str | None:
    """Where the owner of an address answers this text by mail; None where they cannot."""
    if not is_on():
        return None
    account = accounts.find_account_of(to)
    if not policy.may_reply(to, account, comment.article):
        return None
    if not policy.is_open(account, comment.article):
        return None
    if account is None and policy.name_of_guest(to, comment) is None:
        return None
    day = _today()
    facts = _FACTS.pack(to.id, comment.id, day)
    sign = bytes.fromhex(tokens.private_key(*_signed(to, account, comment, day)))
    token = base64.b32encode(facts + sign).decode().lower()
    return settings.current().mail_reply_address.replace(TOKEN, token)


def find(named: Iterable[str]) -> Opened | None:
    """Whose answer to what a mail is, by the fields that say whom it is for."""
    pattern = _pattern()
    tried = [found[1] for text in named for found in pattern.finditer(text)]
    opened = (_open(token) for token in list(dict.fromkeys(tried))[:MOST_TRIED])
    return next((one for one in opened if one is not None), None)


def recogniser() -> Callable[[str], bool]:
    """Whether an address of this kind, be it forged, stands in a text."""
    pattern = _pattern()
    return lambda text: pattern.search(text) is not None


def _pattern() -> re.Pattern[str]:
    before, _, behind = settings.current().mail_reply_address.partition(TOKEN)
    letters = f"([a-z2-7]{{{TOKEN_LENGTH}}})"
    return re.compile(f"{re.escape(before)}{letters}{re.escape(behind)}", re.IGNORECASE)


def _open(token: str) -> Opened | None:
    try:
        raw = base64.b32decode(token.upper())
    except binascii.Error:
        return None
    address_id, comment_id, day = _FACTS.unpack(raw[: _FACTS.size])
    address = db.session.get(Address, address_id) if address_id < 2**31 else None
    comment = db.session.get(Comment, comment_id) if comment_id < 2**31 else None
    if address is None or comment is None:
        return None
    account = accounts.find_account_of(address)
    sign = raw[_FACTS.size :].hex()
    if not tokens.opens(sign, *_signed(address, account, comment, day)):
        return None
    if not _is_there(address, account):
        return None
    age = _today() - day
    is_late = not -1 <= age < settings.current().mail_reply_days
    return Opened(address, account, comment, is_late)


def _signed(
    address: Address, account: Account | None, comment: Comment, day: int
) -> tuple[str, ...]:
    who = (account.id, account.device_nonce or "", account.role) if account else ("guest",)
    parts = (address.id, address.email_key, *who, comment.id, comment.nonce, day)
    return "mail reply", *map(str, parts)


def _is_there(address: Address, account: Account | None) -> bool:
    if account is None:
        return address.is_proven
    return account.is_active and account.leaving_at is None and is_proven(account)


def _today() -> int:
    """Days since 1970."""
    return (clock.now().date() - EPOCH).days
