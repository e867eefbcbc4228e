"""Lists that a moderator comes back to, each under a name of their own."""

from __future__ import annotations

from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.moderation import errors
from app.domains.moderation.models import SavedView
from app.domains.moderation.queue import wishes
from app.domains.moderation.queue.wishes import Wish
from app.infra import admitted
from app.infra.db import adding, db

NAME_LENGTH = 60
MOST_VIEWS = 30


def of(account: Account) -> list[SavedView]:
    """This person's views by name."""
    found = db.session.scalars(
        select(SavedView)
        .where(SavedView.account_id == account.id)
        .order_by(func.lower(SavedView.name), SavedView.id)
    )
    return list(found)


def wish_of(view: SavedView) -> Wish:
    return wishes.read(view.wish)


def find(view_id: int, account: Account) -> SavedView | None:
    """This person's own view; nobody else's."""
    view = db.session.get(SavedView, view_id)
    return view if view is not None and view.account_id == account.id else None


def save(name: str, wish: Wish, account: Account) -> None:
    """Keep a list under a name; one that had the name already is replaced.

    Raises UnfitViewName and TooManyViews.
    """
    name = _admitted(name)
    if _named(name, account) is None and len(of(account)) >= MOST_VIEWS:
        raise errors.TooManyViews
    db.session.execute(
        adding(SavedView)
        .values(account_id=account.id, name=name, wish=wish.written)
        .on_conflict_do_update(
            index_elements=["account_id", "name"], set_={"wish": wish.written}
        )  # a second click finds the first one's row
    )


def rename(view: SavedView, name: str, account: Account) -> None:
    """Raises UnfitViewName, and ViewNameTaken where another view has the name."""
    name = _admitted(name)
    other = _named(name, account)
    if other is not None and other.id != view.id:
        raise errors.ViewNameTaken
    view.name = name
    db.session.flush()


def remove(view: SavedView) -> None:
    db.session.delete(view)
    db.session.flush()


def _admitted(name: str) -> str:
    return admitted.line(name, "name", NAME_LENGTH, errors.UnfitViewName)


def _named(name: str, account: Account) -> SavedView | None:
    return db.session.scalar(
        select(SavedView)
        .where(SavedView.account_id == account.id, SavedView.name == name)
        .with_for_update()
    )
