"""An app that shows a code: offered, confirmed by a first code, used, turned off."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

import pyotp
from sqlalchemy import delete, update

from app.domains.accounts.factors import queries, services
from app.domains.accounts.factors.errors import NotOfThisKey, OfferOver, WrongCode
from app.domains.accounts.factors.models import AuthenticatorApp
from app.domains.accounts.factors.states import News
from app.domains.accounts.models import Account
from app.domains.accounts.policy import CLOCK_SLACK
from app.engines import one_time_codes
from app.infra import clock, sealed
from app.infra.db import db

logger = logging.getLogger(__name__)

OFFER_LIFE = timedelta(minutes=30)
_KEPT = "key of an app"
_OFFERED = "key that is offered"


@dataclass(frozen=True, slots=True)
class Offer:
    """A key that counts for nothing yet. `sealed` brings it back with the first code, so that
    nothing is stored before."""

    key: str
    sealed: str


def offer(account: Account) -> Offer:
    """A new key for this account's app."""
    key = pyotp.random_base32()
    at = int(clock.now().timestamp())
    return Offer(key, sealed.seal(f"{at} {key}", _OFFERED, account.id))


def offered(account: Account, text: str) -> Offer:
    """The offer that was sealed so. Raises OfferOver for one that is too old, or none of ours."""
    opened = sealed.unseal(text, _OFFERED, account.id)
    at, _, key = opened.text.partition(" ") if opened else ("0", "", "")
    age = clock.now().timestamp() - int(at)
    if not -CLOCK_SLACK.total_seconds() <= age <= OFFER_LIFE.total_seconds():
        raise OfferOver
    return Offer(key, text)


def set_up(account: Account, one: Offer, code: str) -> list[str]:
    """Take the offered key from now on, in place of any other; the codes on paper where they are
    new. Raises NotOfThisKey, AddressUnproven."""
    not_me = services.begin(account)
    step = _fitting(one.key, code, after=None)
    if step is None:
        raise NotOfThisKey
    db.session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.account_id == account.id))
    kept = sealed.seal(one.key, _KEPT, account.id)
    db.session.add(AuthenticatorApp(account_id=account.id, sealed_key=kept, last_step=step))
    db.session.flush()
    return services.begun(account, News.APP_ON, not_me)


def use(account: Account, code: str) -> None:
    """Use the code that the app shows. Raises WrongCode, also for one that was used already, and
    for any up to it where the clock was set back."""
    app = queries.app_of(account)
    opened = sealed.unseal(app.sealed_key, _KEPT, account.id) if app else None
    if app is None or opened is None:
        if app is not None:
            logger.error("the key of account %s's app was sealed with another secret", account.id)
        raise WrongCode
    step = _fitting(opened.text, code, after=app.last_step)
    if step is None:
        raise WrongCode
    changed = {"last_step": step}
    if opened.is_outdated:
        changed |= {"sealed_key": sealed.seal(opened.text, _KEPT, account.id)}  # type: ignore[dict-item]
    same = (
        AuthenticatorApp.account_id == account.id,
        AuthenticatorApp.sealed_key == app.sealed_key,
        AuthenticatorApp.last_step < step,
    )
    using = update(AuthenticatorApp).where(*same).values(**changed)
    if db.session.scalar(using.returning(AuthenticatorApp.account_id)) is None:
        raise WrongCode


def turn_off(account: Account) -> None:
    services.take_turn(account)
    db.session.execute(delete(AuthenticatorApp).where(AuthenticatorApp.account_id == account.id))
    services.ended(account, News.APP_OFF)


def _fitting(key: str, typed: str, *, after: int | None) -> int | None:
    code = one_time_codes.tidy(typed)
    if not one_time_codes.is_of_app(code):
        return None
    return one_time_codes.fitting_step(key, code, clock.now().timestamp(), after=after)
