"""What an admin chooses about privacy: periods, what becomes of erased texts, and own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domains.accounts.models import Account
from app.domains.privacy.errors import UnfitChoice
from app.infra import admitted, periods, stored_settings
from app.infra.language import _
from app.infra.periods import BOUNDS, SETTING, Period

WORDS_LENGTH = 10_000
CONTACT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Choices:
    """`days` by the name of the period. `texts_go`: what an erased person wrote goes and leaves a
    gap in its thread; otherwise it stays without their name. `words` is Markdown of the site's own
    for the public page, `contact` says whom to ask. `version` is what `change` must have seen."""

    days: Mapping[Period, int] = field(
        default_factory=lambda: {one: bounds.most for one, bounds in BOUNDS.items()}
    )
    texts_go: bool = False
    words: str = ""
    contact: str = ""
    version: int = 0


def current() -> Choices:
    value, version = stored_settings.read(SETTING)
    stored = value or {}
    return Choices(
        days={one: periods.days(one) for one in Period},
        texts_go=bool(stored.get("texts_go")),
        words=str(stored.get("words", "")),
        contact=str(stored.get("contact", "")),
        version=version,
    )


def change(wanted: Choices, *, by: Account) -> None:
    """Save other choices, from the version that they bear. Raises UnfitChoice for days out of
    bounds and words that cannot be taken, and ChangedMeanwhile."""
    for period, bounds in BOUNDS.items():
        if not bounds.least <= wanted.days[period] <= bounds.most:
            told = _(
                "Give a whole number from %(least)s to %(most)s.",
                least=bounds.least,
                most=bounds.most,
            )
            raise UnfitChoice(told, period.value)
    value: dict[str, Any] = {
        "periods": {one.value: wanted.days[one] for one in Period},
        "texts_go": wanted.texts_go,
        "words": admitted.body(wanted.words, "words", WORDS_LENGTH, UnfitChoice),
        "contact": admitted.line(
            wanted.contact, "contact", CONTACT_LENGTH, UnfitChoice, may_be_empty=True
        ),
    }
    stored_settings.write(SETTING, value, seen=wanted.version, by=by)
