"""What happens to an account as ways of the second step come and go.

`account.factor_since` says whether it has one; it is set and cleared here alone, in the transaction
of the change.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from app.domains.accounts import events, mailed_links
from app.domains.accounts.factors import recovery_codes
from app.domains.accounts.factors.errors import AddressUnproven
from app.domains.accounts.factors.models import AuthenticatorApp, Passkey, RecoveryCode
from app.domains.accounts.factors.states import News
from app.domains.accounts.models import Account, MailedLink
from app.infra import audit, clock, locks
from app.infra.db import db
from app.infra.events import record


def refuse_unproven(account: Account) -> None:
    """Raises AddressUnproven: an account that somebody made with another's address must not keep
    that one's owner out."""
    if not account.is_proven:
        raise AddressUnproven


def wait_turn(account_id: int) -> None:
    """Let who signs in to this account, throws somebody out of it or changes its second step at the
    same moment wait until this transaction ends. Taken before anything is read that it hangs on,
    and before any row is written to: a session that begins as all of them are ended would stay."""
    locks.take([f"second step:{account_id}"])


def take_turn(account: Account) -> None:
    """The same, and read whether the account has a second step: of two who see each other's way,
    neither would tell that it was the first or the last."""
    wait_turn(account.id)
    db.session.refresh(account, ["factor_since"])


def begin(account: Account) -> MailedLink:
    """Before a way is set up: the link by which the owner takes it away again, if it was somebody
    else. Raises AddressUnproven."""
    refuse_unproven(account)
    take_turn(account)
    return mailed_links.make(mailed_links.NOT_ME, account)


def begun(account: Account, news: News, not_me: MailedLink) -> list[str]:
    """The account has one more way; the codes on paper where it had none yet, to be shown once."""
    account.factor_since = account.factor_since or clock.now()
    record(events.SecondStepChanged(account.id, news, not_me.id))
    return [] if recovery_codes.has_any(account) else recovery_codes.replace(account)


def ended(account: Account, news: News) -> None:
    """The account has one way less; with the last one the codes on paper go too."""
    _settle(account)
    tell(account, news)


def reset(account: Account, *, by_name: str) -> None:
    """Take every way away, for somebody who lost them all. Whoever is signed in stays so."""
    take_turn(account)
    _forget(account)
    audit.write(
        "reset second step", "account", account.id, by=None, actor_name=by_name, to_state="none"
    )
    tell(account, News.RESET)


def forget_since(account: Account, moment: datetime) -> bool:
    """Take away what was set up from this moment on, when somebody else was in; whether anything
    was. The caller has taken its turn."""
    since = (
        (AuthenticatorApp, AuthenticatorApp.confirmed_at),
        (Passkey, Passkey.created_at),
        (RecoveryCode, RecoveryCode.created_at),
    )
    gone = False
    for model, at in since:
        theirs = delete(model).where(model.account_id == account.id, at >= moment)
        found = db.session.execute(theirs.returning(model.account_id)).all()
        gone = gone or bool(found)
    _settle(account)
    return gone


def tell(account: Account, news: News) -> None:
    """Have the owner told by mail."""
    record(events.SecondStepChanged(account.id, news))


def _settle(account: Account) -> None:
    db.session.flush()
    ways = select(AuthenticatorApp.account_id).where(AuthenticatorApp.account_id == account.id)
    keys = select(Passkey.account_id).where(Passkey.account_id == account.id)
    if db.session.scalar(ways.union_all(keys).limit(1)) is None:
        _forget(account)


def _forget(account: Account) -> None:
    for model in (AuthenticatorApp, Passkey, RecoveryCode):
        db.session.execute(delete(model).where(model.account_id == account.id))
    account.factor_since = None
    db.session.flush()
