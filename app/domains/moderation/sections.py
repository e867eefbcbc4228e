"""The sections a moderator is limited to: texts under articles with certain tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import article_tag
from app.domains.comments.models import Comment
from app.domains.moderation.models import DeskSection
from app.infra.db import db


def of(account: Account) -> frozenset[int] | None:
    """The ids of the tags this person is limited to; None for everywhere. Only moderators are
    ever limited: authors and admins answer for the whole site."""
    if account.role != Role.MODERATOR:
        return None
    found = db.session.scalars(
        select(DeskSection.tag_id).where(DeskSection.account_id == account.id)
    )
    return frozenset(found) or None


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
