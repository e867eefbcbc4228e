"""Who may do what with a comment."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status


def may_ask(account: Account | None, *, guests_may_ask: bool) -> bool:
    """Whether this person may write at all, on an article that takes comments."""
    return guests_may_ask or account is not None


def writes_as_author(account: Account | None, article: Article) -> bool:
    """Whether what this person writes under this article is the author speaking."""
    if account is None:
        return False
    return account.id == article.author_id or account.role == Role.AUTHOR


def may_edit_own(comment: Comment) -> bool:
    """Whether the writer (whose private link was checked before) may still change the text."""
    return comment.status == Status.PENDING


def may_withdraw(comment: Comment) -> bool:
    return comment.status in (Status.PENDING, Status.APPROVED)


def badge(*, by_author: bool, role: str | None) -> str | None:
    """The sign beside a name: `author`, `team` or none. Only rows decide it, never a name."""
    if by_author:
        return "author"
    return "team" if role in (Role.MODERATOR, Role.AUTHOR, Role.ADMIN) else None


def needs_title(kind: str) -> bool:
    return kind == Kind.QUESTION


def may_become_a_card(comment: Comment) -> bool:
    """A card speaks with the author's voice, so only what the staff answered may become one."""
    by_staff = comment.by_author or (comment.account is not None and comment.account.is_staff)
    return by_staff and comment.kind == Kind.COMMENT and comment.status == Status.APPROVED


def may_be_answered_by_link_alone(comment: Comment) -> bool:
    """Whether a card or a resource without a word beside it will do as an answer by the staff."""
    return not comment.red_flag
