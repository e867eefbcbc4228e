"""Who may write articles, and which of them take comments."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article


def may_write(person: Account | None) -> bool:
    return person is not None and person.role in (Role.AUTHOR, Role.ADMIN)


def may_edit(person: Account | None, article: Article) -> bool:
    """Authors their own articles, admins every one."""
    if person is None or not may_write(person):
        return False
    return person.is_admin or article.author_id == person.id


def takes_replies(
    article: Article, person: Account | None, close_after_days: int, now: datetime
) -> bool:
    """Whether this person may reply there: closed is closed for readers, and its author can still
    answer what waits."""
    if takes_comments(article, close_after_days, now):
        return True
    return article.is_visible(now) and may_edit(person, article)


def takes_comments(article: Article, close_after_days: int, now: datetime) -> bool:
    """Whether one may write under an article; `close_after_days` of 0 never closes it by age."""
    if not article.is_visible(now) or not article.comments_open or article.published_at is None:
        return False
    return close_after_days == 0 or now < article.published_at + timedelta(days=close_after_days)
