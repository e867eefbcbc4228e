"""Addresses in templates: put together once, and kept, since most of them are always the same."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup

MOST = 4000
"""Kept in each process; beyond them all are forgotten and made again."""
_NUMBER = 987654321
"""Stands in no address by itself."""

_known: dict[tuple[Hashable, ...], str] = {}


def known_url_for(endpoint: str, **values: Any) -> str:
    """What `flask.url_for` gives. Only paths below this site's own are kept: what else an address
    may depend on (the host, a fragment) has a name with an underscore."""
    try:
        root = request.root_path
    except RuntimeError:  # nobody asks: a mail is written
        return current_app.url_for(endpoint, **values)
    key: tuple[Hashable, ...] = root, endpoint
    if values:  # with their types: True and 1 are alike, written not
        key = *key, *values.items(), *map(type, values.values())
    found = _known.get(key)
    if found is None:
        found = current_app.url_for(endpoint, **values)
        if any(name[0] == "_" for name in values):
            return found
        if len(_known) >= MOST:
            _known.clear()
        _known[key] = found
    return found


def numbered(endpoint: str, name: str, number: int, **values: Any) -> str:
    """The same with `name` set to this number, for pages with an address for each of many texts:
    they share one that is kept."""
    return known_url_for(endpoint, **values, **{name: _NUMBER}).replace(str(_NUMBER), str(number))


def address_around(endpoint: str, name: str) -> tuple[Markup, Markup]:
    """What stands before and behind the number `name` in an address, for loops over many numbers:
    safe as it is, since it is all our own."""
    before, _, behind = known_url_for(endpoint, **{name: _NUMBER}).partition(str(_NUMBER))
    return Markup(before), Markup(behind)  # noqa: S704


def install(app: Flask) -> None:
    app.jinja_env.globals.update(
        address_around=address_around, numbered=numbered, url_for=known_url_for
    )
