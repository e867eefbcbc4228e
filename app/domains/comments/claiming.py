"""What guests wrote comes to whoever proves the address that they typed: first in the browser that
sent it, then to the account with that address.

Anybody can type anybody's address. So a text counts as its owner's only where both came together in
one browser, or where the owner, having proven the address, says that it is theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import joinedload

from app.domains.accounts import queries as accounts
from app.domains.accounts.events import AccountConfirmed
from app.domains.accounts.models import Account
from app.domains.comments.drafts import Writer
from app.domains.comments.errors import NothingToClaim
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra import audit, clock
from app.infra.db import db
from app.infra.events import Handler
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of

DOUBTFUL_SHOWN = 50
"""Texts that somebody is asked about at once."""
_OVER = (Status.WITHDRAWN, Status.DELETED)


def collected(
    writer: Writer, *, wanted: Wanted = FIRST, size: int = 50
) -> tuple[list[Comment], Ways]:
    """What guests wrote and is known to be this person's, in every state, newest first: for nobody
    else's eyes."""
    known = select(Comment.id, Comment.created_at).where(
        _typed_by_guests(writer), Comment.by_proven
    )
    rows, ways = page_of(known, (Comment.created_at, Comment.id), wanted, size=size)
    return in_order(Comment, rows, joinedload(Comment.article)), ways


def doubtful(writer: Writer) -> Sequence[Comment]:
    """What was sent with an address of this person's and is not known to be theirs, the newest
    first; of what is known, that which their account has not claimed yet."""
    return db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.article))
        .where(_may_be_claimed(writer), Comment.status.not_in(_OVER))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(DOUBTFUL_SHOWN)
    ).all()


def say_mine(comment_ids: Collection[int], writer: Writer) -> int:
    """Whoever proved an address says which of the texts sent with it are theirs; how many were.

    Raises NothingToClaim where none of them was sent with an address that is proven here.
    """
    named = Comment.id.in_(comment_ids), _may_be_claimed(writer)
    own = db.session.scalars(select(Comment).where(*named).with_for_update(of=Comment)).all()
    if not own:
        raise NothingToClaim
    for comment in own:
        comment.by_proven = True
    if (account := writer.account) is not None:
        _give([one for one in own if one.address_id == account.address_id], account)
    db.session.flush()
    return len(own)


def say_not_mine(comment_ids: Collection[int], writer: Writer) -> int:
    """Whoever proved an address says which of the texts sent with it somebody else wrote; how many
    they were. They are not asked again, and hear no more of them.

    Raises NothingToClaim likewise.
    """
    named = Comment.id.in_(comment_ids), _may_be_claimed(writer)
    found = db.session.scalars(select(Comment).where(*named).with_for_update(of=Comment)).all()
    if not found:
        raise NothingToClaim
    for comment in found:
        comment.by_proven, comment.disowned_at = False, clock.now()
    db.session.flush()
    return len(found)


def confirm_sent(address_id: int, sent: Collection[int]) -> None:
    """The address was proven in the browser that had sent these texts: those with that address are
    its owner's."""
    if not sent:
        return
    typed = Comment.address_id == address_id, Comment.account_id.is_(None)
    asked = Comment.id.in_(sent), Comment.disowned_at.is_(None)
    for comment in db.session.scalars(select(Comment).where(*asked, *typed)):
        comment.by_proven = True
    db.session.flush()


def claim_all(event: AccountConfirmed) -> None:
    """Give an account, whose owner has just proven the address, what they wrote as a guest."""
    account = accounts.get_account(event.account_id)
    own = select(Comment).where(
        Comment.address_id == account.address_id,
        Comment.account_id.is_(None),
        Comment.by_proven,
    )
    _give(db.session.scalars(own).all(), account)


def _give(own: Iterable[Comment], account: Account) -> None:
    """Names stay those that were typed: readers know the texts by them."""
    given = list(own)
    if not given:
        return
    for comment in given:
        comment.account_id = account.id
    audit.write("claim", "account", account.id, by=account, detail={"texts": len(given)})


def _typed_by_guests(writer: Writer) -> ColumnElement[bool]:
    return and_(Comment.account_id.is_(None), Comment.address_id.in_(writer.proven))


def _may_be_claimed(writer: Writer) -> ColumnElement[bool]:
    unknown = Comment.by_proven.is_(False)
    account = writer.account
    unclaimed = Comment.address_id == account.address_id if account is not None else false()
    open_ = Comment.disowned_at.is_(None)
    return and_(_typed_by_guests(writer), open_, or_(unknown, unclaimed))


REACTIONS: Mapping[type, Sequence[Handler]] = {AccountConfirmed: (claim_all,)}
