"""A day, and a month, by its name in the language that is spoken."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.infra import language

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def named(year: int, month: int, number: int) -> str:
    """ "7 March 2024", "7. März 2024"."""
    tag = language.current().language.tag
    if tag == language.ENGLISH:
        return f"{number} {MONTHS[month - 1]} {year}"
    return _named_in(tag, date(year, month, number))


def month(number: int) -> str:
    """The name of a month as it stands by itself: "March", "März"."""
    tag = language.current().language.tag
    return MONTHS[number - 1] if tag == language.ENGLISH else _month_in(tag, number)


@lru_cache(maxsize=128)
def _month_in(tag: str, number: int) -> str:
    from babel.dates import get_month_names  # noqa: PLC0415  (likewise)

    name: str = get_month_names("wide", "stand-alone", tag)[number]
    return name


@lru_cache(maxsize=4096)
def _named_in(tag: str, at: date) -> str:
    from babel.dates import format_date  # noqa: PLC0415  (a site in English needs none of it)

    return format_date(at, "long", tag)
