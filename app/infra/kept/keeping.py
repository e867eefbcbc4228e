"""How a view says that its page may be kept: nothing is unless it says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Select

View = TypeVar("View", bound=Callable[..., Any])
_KEEPING = "_keeping"
FOR_KEEPING = "threshold.keeping"
"""Stands in the WSGI environment of what is drawn for everybody, with the versions of the marks
that the page will be measured by: such a page has no token in its forms, and is not drawn from a
copy of the database that is behind them."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a kept page depends on: `marks` by name, and the article that `under` finds from the
    parts of the address. `query` are the parameters that the page knows; with one of `unless` it
    is another page. `lasting` pages never change under their address."""

    marks: tuple[str, ...]
    under: Select[Any] | None
    query: tuple[str, ...]
    unless: tuple[str, ...]
    lasting: bool


def kept(
    *marks: str,
    under: Select[Any] | None = None,
    query: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Keep what this view draws for guests until one of the marks is raised, a minute at most.

    `under` selects the id of the article that the page stands under; its parameters bear the names
    of the view's arguments. Stands below the route, next to the view.
    """
    return _mark(Keeping(marks, under, query, unless, lasting=False))


def lasting(view: View) -> View:
    """Keep what this view answers for as long as the program runs, with the view's own headers: it
    depends on the address alone and is the same for everybody, signed in or not."""
    return _mark(Keeping((), None, (), (), lasting=True))(view)


def _mark(keeping: Keeping) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, _KEEPING, keeping)
        return view

    return mark


def keeping_of(view: Callable[..., Any] | None) -> Keeping | None:
    found: Keeping | None = getattr(view, _KEEPING, None)
    return found
