"""What somebody chose about how pages and mails come to them. Verbs flush, never commit."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import select

from app.domains.accounts import events
from app.domains.accounts.models import Account
from app.infra import language
from app.infra.db import db
from app.infra.events import record
from app.infra.language import LANGUAGES, THEMES, UTC, Manner, sentence
from app.infra.refusal import UnfitField

REGIONS = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian"}
    | {"Pacific"}
)
"""First parts of the names that people know their zone by; all others are older names of these."""


class NoSuchChoice(UnfitField):
    def __init__(self, field: str) -> None:
        super().__init__(str(sentence("Choose one of the list.")), field)


@cache
def zones() -> tuple[str, ...]:
    """The IANA names of all time zones, UTC first."""
    named = (one for one in available_timezones() if one.partition("/")[0] in REGIONS)
    return UTC, *sorted(named)


def choose(account: Account, *, tag: str | None, zone: str | None, theme: str | None) -> None:
    """Keep the choices; None is the site's own. Raises NoSuchChoice for what is not to be had."""
    refuse_unknown(tag=tag, zone=zone)
    if theme is not None and theme not in THEMES:
        raise NoSuchChoice("theme")
    is_other_zone = account.time_zone != zone
    account.language, account.time_zone, account.theme = tag, zone, theme
    db.session.flush()
    if is_other_zone:
        record(events.ZoneChosen(account.address_id))


def refuse_unknown(*, tag: str | None, zone: str | None) -> None:
    if tag is not None and tag not in LANGUAGES:
        raise NoSuchChoice("language")
    if zone is not None and zone not in zones():
        raise NoSuchChoice("time_zone")


def manner_of(tag: str | None, zone: str | None, theme: str | None, *, usual: Manner) -> Manner:
    """The manner of somebody who chose this; `usual` holds where they chose nothing, or what is to
    be had no more."""
    return Manner(
        LANGUAGES.get(tag or "", usual.language),
        zone if zone in zones() else usual.zone,
        theme or usual.theme,
    )


def of_address(address_id: int) -> Manner:
    """In which manner to write to this address: its account's choice, else the site's."""
    told = db.session.execute(
        select(Account.language, Account.time_zone).where(Account.address_id == address_id)
    ).one_or_none()
    usual = language.of_site()
    return usual if told is None else manner_of(told.language, told.time_zone, None, usual=usual)
