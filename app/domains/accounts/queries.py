"""Reading accounts and addresses. `find_x` may be None, `get_x` raises."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, inspect, or_, select
from sqlalchemy.orm.attributes import set_committed_value

from app.domains.accounts.errors import NoSuchAccount
from app.domains.accounts.models import (
    NAME_LENGTH,
    Account,
    AccountName,
    Address,
    LoginSession,
    MailedLink,
)
from app.domains.accounts.states import STAFF
from app.engines.text.names import fold_email, looks_like, poses_as, skeleton
from app.infra import clock, settings, tokens
from app.infra.db import UtcDateTime, as_read, db, rows_of
from app.infra.kept.known import known

RESERVED_NAMES = (
    *("admin", "administrator", "author", "editor", "moderator", "official", "postmaster"),
    *("root", "staff", "support", "system", "team", "webmaster"),
    *("administratorin", "autor", "autorin", "moderatorin", "redakteur", "redakteurin"),
    *("redaktion", "administrador", "administradora", "autora", "equipo", "moderador"),
    *("moderadora", "soporte", "المؤلف", "المؤلفة", "الكاتب", "الكاتبة", "المدير", "المشرف"),
)
"""Words that would pass for a role, in the languages of the pages; no reader or guest may be called
so."""
KEPT_FREE = timedelta(days=30)
"""How long a name that somebody gave up is nobody else's."""


def name_key(name: str) -> str:
    """What is unique about a name: its skeleton, or that one's fingerprint where it is too long
    to be stored (a single sign can stand for eighteen letters)."""
    key = skeleton(name)
    return key if len(key) <= NAME_LENGTH * 4 else tokens.fingerprint(key)


def email_key(email: str) -> str | None:
    """The key of an address; None for what no database would take."""
    return fold_email(email) if _is_storable(email) else None


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def find_account(login: str) -> Account | None:
    """The account with this e-mail address or, where there is no `@` in it, this username."""
    return _owner(login) if "@" in login else find_by_username(login)


def login_key(login: str) -> str:
    """What all ways of typing the same address or username have in common, be it somebody's or
    nobody's."""
    return fold_email(login) if "@" in login else _username_key(login)


def find_by_username(username: str) -> Account | None:
    wanted = _username_key(username)
    if not _is_storable(wanted):
        return None
    return db.session.scalar(select(Account).where(Account.username == wanted))


def _username_key(username: str) -> str:
    return unicodedata.normalize("NFKC", username.strip()).casefold()


def find_address(email: str) -> Address | None:
    """The address with this e-mail, whoever typed it."""
    key = email_key(email)
    return db.session.scalar(select(Address).where(Address.email_key == key)) if key else None


def proven_among(ids: Collection[int]) -> Sequence[Address]:
    """Which of these addresses are proven, the oldest first. A browser remembers the number of one
    whose owner was erased since."""
    proven = Address.id.in_(ids), Address.proven_at.is_not(None)
    return db.session.scalars(select(Address).where(*proven).order_by(Address.id)).all()


def find_account_of(address: Address) -> Account | None:
    """The account that this address belongs to."""
    return db.session.scalar(select(Account).where(Account.address_id == address.id))


def is_kept_back(address: Address) -> bool:
    """Whether an account had this address less than a week ago and may take it back
    (`new_address`): until then it is given to nobody else."""
    kept = select(MailedLink.id).where(
        MailedLink.address_id == address.id,
        MailedLink.purpose == "old-address",
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > clock.now(),
    )
    return db.session.scalar(kept.limit(1)) is not None


def get_account(account_id: int) -> Account:
    """Raises NoSuchAccount."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NoSuchAccount
    return account


def read_again(account: Account) -> None:
    """Read an account that a transaction before this one had read. The session would do so by
    itself, by a statement that it puts together each time."""
    if "role" not in vars(account):
        (account_id,) = inspect(account).identity or (None,)
        _as_account(rows_of(_with_address(), {"id": account_id}))


def all_accounts() -> Sequence[Account]:
    return db.session.scalars(
        select(Account).order_by(Account.role, Account.name, Account.id)
    ).all()


def name_is_taken(name: str, *, by_other_than: int | None = None) -> bool:
    """Whether somebody has this name or one that looks like it, in whatever case, or had it until
    lately."""
    spellings = {name, name.casefold(), name.upper(), name.title()}
    keys = {name_key(spelling) for spelling in spellings}
    self = by_other_than or 0
    has = select(Account.id).where(Account.name_key.in_(keys), Account.id != self)
    had = select(AccountName.id).where(
        AccountName.old_key.in_(keys),
        AccountName.account_id != self,
        AccountName.at > clock.now() - KEPT_FREE,
    )
    return bool(db.session.scalar(select(or_(has.exists(), had.exists()))))


def name_looks_like_staff(name: str) -> bool:
    """Whether a reader could take this name for that of staff, or for a role."""
    return passes_for_staff(name, "")


def passes_for_staff(name: str, email: str) -> bool:
    """Whether a reader could take a guest for one of the staff: by a name like theirs or like a
    role, or by an address of theirs. One query where staff changed."""
    rows = known("staff", lambda: rows_of(_staff()))
    theirs = [settings.current().site_name, *(row.name for row in rows)]
    words = [*reserved_names(), *theirs, *(row.username for row in rows)]
    if any(looks_like(name, word) for word in words):
        return True
    if any(poses_as(name, word, RESERVED_NAMES) for word in theirs):
        return True
    return email_key(email) in {row.email_key for row in rows}


def reserved_names() -> tuple[str, ...]:
    """The names that nobody but staff may bear: words for roles, the site's own name with and
    without such a word behind it, and what the operator adds."""
    site, more = settings.current().site_name, settings.current().reserved_names
    return (*RESERVED_NAMES, site, *(f"{site} {word}" for word in RESERVED_NAMES), *more)


@cache
def _staff() -> Select[str, str, str]:
    return (
        select(Account.name, Account.username, Address.email_key)
        .join(Address, Address.id == Account.address_id)
        .where(Account.role.in_(STAFF))
    )


def _owner(email: str) -> Account | None:
    """In one query whether anybody has the address or not, so that neither takes longer."""
    key = email_key(email)
    if key is None:
        return None
    return db.session.scalar(
        select(Account)
        .join(Address, Account.address_id == Address.id)
        .where(Address.email_key == key)
    )


def find_session(secret: str) -> LoginSession | None:
    """The session that this secret opens, unless it ended or its account was disabled."""
    found = db.session.scalar(
        select(LoginSession).where(
            LoginSession.fingerprint == tokens.fingerprint(secret),
            LoginSession.expires_at > clock.now(),
        )
    )
    return found if found is not None and found.account.is_active else None


def find_signed_in(secret: str) -> Account | None:
    """The account, with its address, of the session that this secret opens; None where it ended
    or the account was disabled. Every request of somebody who is signed in asks this."""
    asked = {"fingerprint": tokens.fingerprint(secret), "now": clock.now()}
    return _as_account(rows_of(_signed_in(), asked))


def as_signed_in(account: Mapping[str, Any], address: Mapping[str, Any]) -> Account:
    """An account and its address from the columns of their rows."""
    made = as_read(Account, account)
    set_committed_value(made, "address", as_read(Address, address))
    return made


def _as_account(rows: Sequence[Row[*tuple[Any, ...]]]) -> Account | None:
    if not rows:
        return None
    own, (row,) = len(_ACCOUNT), rows
    account = dict(zip(_ACCOUNT, row[:own], strict=True))
    return as_signed_in(account, dict(zip(_ADDRESS, row[own:], strict=True)))


_ACCOUNT = [column.name for column in Account.__table__.columns]
_ADDRESS = [column.name for column in Address.__table__.columns]


def _of_accounts() -> Select[*tuple[Any, ...]]:
    columns = *Account.__table__.columns, *Address.__table__.columns
    return select(*columns).join(Address, Address.id == Account.address_id)


@cache
def _with_address() -> Select[*tuple[Any, ...]]:
    return _of_accounts().where(Account.id == bindparam("id"))


@cache
def _signed_in() -> Select[*tuple[Any, ...]]:
    session = LoginSession
    return (
        _of_accounts()
        .join(session, session.account_id == Account.id)
        .where(
            session.fingerprint == bindparam("fingerprint"),
            session.expires_at > bindparam("now", type_=UtcDateTime),
            Account.disabled_at.is_(None),
        )
    )


MOST_SESSIONS = 50
"""How many of an account's browsers are listed; all can be signed out at once."""


def sessions_of(account: Account) -> Sequence[LoginSession]:
    """The browsers this account is signed in with, the newest fifty, newest first."""
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account.id, LoginSession.expires_at > clock.now())
        .order_by(LoginSession.created_at.desc(), LoginSession.id.desc())
        .limit(MOST_SESSIONS)
    ).all()


def find_link(secret: str) -> MailedLink | None:
    """The mailed link with this secret, be it used up or not."""
    return db.session.scalar(
        select(MailedLink).where(MailedLink.fingerprint == tokens.fingerprint(secret))
    )
