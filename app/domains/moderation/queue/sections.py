"""The sections a moderator is limited to: texts under articles with certain tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, bindparam, delete, select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import article_tag
from app.domains.comments.models import Comment
from app.domains.moderation.models import DeskSection
from app.infra import audit
from app.infra.db import db, rows_of
from app.infra.language import sentence
from app.infra.refusal import Refusal

_LIMITED_TO = select(DeskSection.tag_id).where(DeskSection.account_id == bindparam("moderator"))


class NotLimitable(Refusal):
    public = sentence(
        "Only moderators are limited to sections: authors and admins decide everywhere."
    )


def of(account: Account) -> frozenset[int] | None:
    """The ids of the tags this person is limited to; None for everywhere. Only moderators are
    ever limited: authors and admins answer for the whole site."""
    if account.role != Role.MODERATOR:
        return None
    found = rows_of(_LIMITED_TO, {"moderator": account.id})
    return frozenset(row.tag_id for row in found) or None


def within(tag_ids: Collection[int]) -> ColumnElement[bool]:
    """Restricts comments to those under articles with one of these tags."""
    return Comment.article_id.in_(
        select(article_tag.c.article_id).where(article_tag.c.tag_id.in_(tag_ids))
    )


def may_decide_on(account: Account, comment: Comment) -> bool:
    """Whether this text is in the sections of this person."""
    tag_ids = of(account)
    if tag_ids is None:
        return True
    return any(tag.id in tag_ids for tag in comment.article.tags)


def of_these(account: Account, comment_ids: Iterable[int]) -> list[int]:
    """Those of these comments that are in the sections of this person, in their order."""
    wanted = list(comment_ids)
    tag_ids = of(account)
    if tag_ids is None:
        return wanted
    found = set(
        db.session.scalars(select(Comment.id).where(Comment.id.in_(wanted), within(tag_ids)))
    )
    return [one for one in wanted if one in found]


def moderators() -> dict[Account, frozenset[int]]:
    """Those who may be limited, by name, each with the tags they are limited to."""
    rows = db.session.execute(
        select(Account, DeskSection.tag_id)
        .outerjoin(DeskSection, DeskSection.account_id == Account.id)
        .where(Account.role == Role.MODERATOR, Account.disabled_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    found: dict[Account, frozenset[int]] = {}
    for account, tag_id in rows:
        found[account] = found.get(account, frozenset()) | ({tag_id} if tag_id else frozenset())
    return found


def limit(moderator: Account, tag_ids: Collection[int], *, by: Account) -> None:
    """Limit a moderator to articles with these tags; none means everywhere. Written down with
    what was before. Raises NotLimitable for anybody who is no moderator."""
    if moderator.role != Role.MODERATOR:
        raise NotLimitable
    before, after = of(moderator) or frozenset(), frozenset(tag_ids)
    if before == after:
        return
    db.session.execute(delete(DeskSection).where(DeskSection.account_id == moderator.id))
    db.session.add_all(
        DeskSection(account_id=moderator.id, tag_id=tag_id) for tag_id in sorted(after)
    )
    db.session.flush()
    audit.write(
        "limit sections",
        "account",
        moderator.id,
        by=by,
        detail={"before": sorted(before), "after": sorted(after)},
    )
