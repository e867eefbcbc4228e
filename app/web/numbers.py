"""Numbers that an address or a form brings: a person's typing, so anything may stand there."""

from __future__ import annotations

from flask import request

from app.infra.paging import Wanted

MOST_DIGITS = 9
"""What fits the databases' 32 bits whatever the digits are."""


def whole_number(text: str, most_digits: int = MOST_DIGITS) -> int | None:
    """The number that these plain digits write; None for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) <= most_digits
    return int(text) if is_number else None


def wanted_place() -> Wanted:
    """The place in a list that the address names; its beginning where it names none."""
    return Wanted(request.args.get("after", ""), request.args.get("before", ""))


def wanted_page() -> int:
    """The page of a list that the address names; 1 for what is no number."""
    return whole_number(request.args.get("page", "1"), most_digits=8) or 1
