"""Copies of sessions in Redis, so that reading a page while signed in asks the database for no
account. A copy is good for five seconds after the database was asked, and never after the session
or its account was changed:

- Whatever changes a session, an account or an address puts a mark in the copy's place as it
  commits; on a mark nothing is copied, and the database is asked. It is found out by position
  (the session's own events), so that no service can forget it.
- A copy is only put where nothing stands, with an end that was reckoned by Redis' clock before the
  database was read. So one that is late finds the mark, or comes after its own end.
- Where the mark cannot be put, the change waits until every copy has ended before it is answered.

Copies are signed, because who can write to Redis must not become somebody else. Only requests that
change nothing believe them.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction

from app.domains.accounts import queries
from app.domains.accounts.models import Account, Address, LoginSession
from app.infra import redis_site, running, shared, tokens
from app.infra.db import RoutedSession

logger = logging.getLogger(__name__)

COPY_SECONDS = 5.0
MARK = b"ask the database"
MARK_MILLISECONDS = int(2000 * COPY_SECONDS)
NOT_COPIED = frozenset({"password_hash", "device_nonce"})
_INFO = "changed sessions"
_SIGNATURE = 40
wait = time.sleep


def find_account(secret: str) -> Account | None:
    """Who is signed in with this secret, for a request that changes nothing."""
    redis = shared.client()
    if redis is None:
        return queries.find_signed_in(secret)
    key = _key(tokens.fingerprint(secret))
    try:
        with redis.pipeline(transaction=False) as asked:
            asked.get(key)
            # The clock of Redis, not ours.
            asked.execute_command("TIME")  # type: ignore[no-untyped-call]
            copy, (seconds, micros) = asked.execute()
        if copy and copy != MARK and (known := _read(key, copy)) is not None:
            return known
        account = queries.find_signed_in(secret)
        if account is not None and copy is None:
            end = int(seconds * 1000 + micros / 1000 + COPY_SECONDS * 1000)
            redis.set(key, _write(key, account), nx=True, pxat=end)
    except redis_site.away() as wrong:
        shared.away(wrong)
        return queries.find_signed_in(secret)
    return account


def _key(fingerprint: str) -> str:
    return f"{shared.PREFIX}session:{fingerprint}"


def _write(key: str, account: Account) -> bytes:
    text = json.dumps({"account": _columns(account), "address": _columns(account.address)})
    return (tokens.private_key("copy of a session", key, text) + text).encode()


def _columns(row: Account | Address) -> dict[str, Any]:
    values = {
        column.name: getattr(row, column.name)
        for column in row.__table__.columns
        if column.name not in NOT_COPIED
    }
    return {
        name: {"at": value.isoformat()} if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _read(key: str, copy: bytes) -> Account | None:
    """The account in a copy; None where it is not one of ours."""
    text = copy.decode("utf-8", "replace")
    signature, text = text[:_SIGNATURE], text[_SIGNATURE:]
    if not tokens.opens(signature, "copy of a session", key, text):
        logger.warning("a copy of a session was not signed by this site, and the database is asked")
        return None
    told = json.loads(text)
    return queries.as_signed_in(_values(told["account"]), _values(told["address"]))


def _values(columns: dict[str, Any]) -> dict[str, Any]:
    """The password is not among them, and is read when it is asked for."""
    return {
        name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
        for name, value in columns.items()
    }


@event.listens_for(RoutedSession, "do_orm_execute")
def _changed_in_bulk(state: ORMExecuteState) -> None:
    """Note whose sessions an UPDATE or DELETE will touch, while they can still be found."""
    if not (state.is_update or state.is_delete) or state.bind_mapper is None or not _is_copied():
        return
    if state.bind_mapper.class_ in (Account, Address, LoginSession):
        theirs = _fingerprints()
        where = getattr(state.statement, "whereclause", None)
        _note(state.session, theirs if where is None else theirs.where(where))


@event.listens_for(RoutedSession, "after_flush")
def _changed_one_by_one(session: Session, _context: UOWTransaction) -> None:
    if not _is_copied():
        return
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, LoginSession):
            session.info.setdefault(_INFO, set()).add(row.fingerprint)
        elif isinstance(row, Account) and _is_told_by_copies(row):
            _note(session, _fingerprints().where(Account.id == row.id))
        elif isinstance(row, Address):
            _note(session, _fingerprints().where(Address.id == row.id))


def _is_told_by_copies(account: Account) -> bool:
    """Whether more than what no copy holds has changed."""
    state: Any = inspect(account)
    return any(one.history.has_changes() for one in state.attrs if one.key not in NOT_COPIED)


@event.listens_for(RoutedSession, "after_commit")
def _committed(session: Session) -> None:
    if not session.in_nested_transaction() and (changed := session.info.pop(_INFO, None)):
        _mark(changed)


@event.listens_for(RoutedSession, "after_soft_rollback")
def _rolled_back(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_INFO, None)


def _is_copied() -> bool:
    return bool(running.settings().redis_url)


def _fingerprints() -> Any:
    joined = select(LoginSession.fingerprint).join(LoginSession.account)
    return joined.join(Account.address)


def _note(session: Session, theirs: Any) -> None:
    session.info.setdefault(_INFO, set()).update(session.connection().execute(theirs).scalars())


def _mark(fingerprints: Iterable[str]) -> None:
    """See to it that no copy of these is believed any more; afterwards none is."""
    redis = shared.certain_client()
    if redis is None:
        return
    try:
        with redis.pipeline(transaction=False) as told:
            for fingerprint in fingerprints:
                told.set(_key(fingerprint), MARK, px=MARK_MILLISECONDS)
            told.execute()
    except redis_site.away() as wrong:
        shared.away(wrong)
        wait(COPY_SECONDS)
