"""What is known of the people behind a page of texts, in two queries however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures.models import Measure
from app.domains.measures.queries import in_force, reaches
from app.domains.measures.states import MeasureKind
from app.domains.moderation.queue.listed import Listed
from app.infra import clock
from app.infra.db import db, rows_of

Sent = Comment | Listed
Name = tuple[str, int]
"""A person's page: `account` or `address`, and the id."""


@dataclass(frozen=True, slots=True)
class SenderRecord:
    """What became of the texts of the same person, and what was done about them. `kind` and `id`
    name the person's page, and are empty where no address is left; `in_force` has the measures that
    reach them, by whatever way; `notes` counts the private ones."""

    approved: int
    rejected: int
    spam: int
    waiting: int
    proven: bool
    kind: str = ""
    id: int = 0
    notes: int = 0
    in_force: tuple[Measure, ...] = field(default=())

    def share(self, status: str) -> int | None:
        """Of a hundred of their decided texts, how many came to this; None where none was."""
        counts = {"approved": self.approved, "rejected": self.rejected, "spam": self.spam}
        decided = sum(counts.values())
        return round(100 * counts[status] / decided) if decided else None


def sender_records(comments: Sequence[Sent]) -> dict[int, SenderRecord]:
    """Each comment's sender, by comment id; their addresses and accounts come loaded."""
    counts, owners = _counts(comments)
    measures = _measures(comments, owners.values())
    records = {}
    for comment in comments:
        name = _name(comment.account_id, comment.address_id, owners)
        became = counts[name]
        theirs = [one for one in measures if _reaches(one, comment, name)]
        records[comment.id] = SenderRecord(
            approved=became[Status.APPROVED],
            rejected=became[Status.REJECTED],
            spam=became[Status.SPAM],
            waiting=became[Status.PENDING],
            proven=_is_proven(comment),
            kind=name[0] if name else "",
            id=name[1] if name else 0,
            notes=sum(one.kind == MeasureKind.NOTE for one in theirs),
            in_force=tuple(one for one in theirs if one.kind != MeasureKind.NOTE),
        )
    return records


def _counts(
    comments: Sequence[Sent],
) -> tuple[Mapping[Name | None, Mapping[str, int]], dict[int, int]]:
    """Texts by person and status, and the accounts that own an address and have proven it."""
    people = {
        "accounts": [one.account_id for one in comments if one.account_id],
        "addresses": [one.address_id for one in comments if one.address_id],
    }
    found = rows_of(_texts_of_people(), people)
    owners = {
        address_id: owner_id for _, address_id, owner_id, _, _ in found if address_id and owner_id
    }
    counts: defaultdict[Name | None, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for account_id, address_id, _, status, count in found:
        counts[_name(account_id, address_id, owners)][status] += count
    return counts, owners


@cache
def _texts_of_people() -> Select[int | None, int | None, int | None, str, int]:
    owner = aliased(Account)
    return (
        select(Comment.account_id, Comment.address_id, owner.id, Comment.status, func.count())
        .outerjoin(
            owner, and_(owner.address_id == Comment.address_id, owner.proven_at.is_not(None))
        )
        .where(
            or_(
                Comment.account_id.in_(bindparam("accounts", expanding=True)),
                Comment.address_id.in_(bindparam("addresses", expanding=True)),
            )
        )
        .group_by(Comment.account_id, Comment.address_id, owner.id, Comment.status)
    )


def _name(account_id: int | None, address_id: int | None, owners: Mapping[int, int]) -> Name | None:
    if account_id is not None:
        return "account", account_id
    if address_id is None:
        return None
    owner = owners.get(address_id)
    return ("address", address_id) if owner is None else ("account", owner)


def _measures(comments: Sequence[Sent], owners: Collection[int]) -> Sequence[Measure]:
    """What is in force about these people, and about any pattern or network."""
    people = {
        "accounts": [*(one.account_id for one in comments if one.account_id), *owners],
        "addresses": [one.address_id for one in comments if one.address_id],
        "now": clock.now(),
    }
    return db.session.scalars(_about_people(), people).all()


@cache
def _about_people() -> Select[Measure]:
    return (
        select(Measure)
        .where(
            in_force(bindparam("now")),
            or_(
                Measure.account_id.in_(bindparam("accounts", expanding=True)),
                Measure.address_id.in_(bindparam("addresses", expanding=True)),
                Measure.pattern.is_not(None),
                Measure.network.is_not(None),
            ),
        )
        .order_by(Measure.id)
    )


def _reaches(measure: Measure, comment: Sent, name: Name | None) -> bool:
    if measure.account_id is not None:
        return name == ("account", measure.account_id)
    if measure.address_id is not None:
        return measure.address_id == comment.address_id
    email = comment.address.email if comment.address else ""
    return reaches(measure, email, [comment.network] if comment.network else [])


def _is_proven(comment: Sent) -> bool:
    if comment.account is not None:
        return comment.account.is_proven
    return comment.address is not None and comment.address.is_proven
