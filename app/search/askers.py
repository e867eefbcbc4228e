"""Who waits for an answer: each person once, by their address, however many ways they asked."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment, MeToo
from app.infra.db import db

Person = tuple[str, int]
AT_ONCE = 5_000
"""Questions a statement: both databases take a limited number of values."""


def of(question_ids: Collection[int]) -> dict[int, frozenset[Person]]:
    """The people behind each of these questions: whoever asked it, and those who said that they
    have it too. A text without an address is a person of its own."""
    wanted = sorted(question_ids)
    found: dict[int, set[Person]] = {ref: set() for ref in wanted}
    for at in range(0, len(wanted), AT_ONCE):
        part = wanted[at : at + AT_ONCE]
        asked = (
            select(
                Comment.id,
                Comment.id.label("row"),
                func.coalesce(Account.address_id, Comment.address_id).label("address"),
            )
            .outerjoin(Account, Account.id == Comment.account_id)
            .where(Comment.id.in_(part))
        )
        too = (
            select(
                MeToo.comment_id,
                MeToo.id,
                func.coalesce(Account.address_id, MeToo.address_id),
            )
            .outerjoin(Account, Account.id == MeToo.account_id)
            .where(MeToo.comment_id.in_(part))
        )
        for kind, rows in (("asked", asked), ("too", too)):
            for ref, row, address in db.session.execute(rows):
                found[ref].add(("address", address) if address is not None else (kind, row))
    return {ref: frozenset(people) for ref, people in found.items()}
