"""Who may answer by mail: the author always, readers where the site wants it."""

from __future__ import annotations

from sqlalchemy import select

from app.domains.accounts.models import Account, Address
from app.domains.articles import policy as articles
from app.domains.articles.models import Article
from app.domains.comments import policy as comments
from app.domains.comments.models import Comment
from app.infra import clock, settings, stored_settings
from app.infra.db import db
from app.notifications.recipients import is_proven

SETTING = "mailed_replies"


def with_version() -> tuple[bool, int]:
    """Whether readers may, and the version that a change of that must have seen."""
    value, version = stored_settings.read(SETTING)
    return bool(value and value.get("readers")), version


def readers_may() -> bool:
    return with_version()[0]


def switch(readers: bool, *, seen: int, by: Account) -> None:
    """Let readers answer by mail, or no more. Raises ChangedMeanwhile."""
    stored_settings.write(SETTING, {"readers": readers}, seen=seen, by=by)


def name_of_guest(address: Address, comment: Comment) -> str | None:
    """What the owner of an address was called when they last wrote in this thread."""
    thread = comment.thread_id
    return db.session.scalar(
        select(Comment.author_name)
        .where(
            (Comment.id == thread) | (Comment.root_id == thread),
            Comment.address_id == address.id,
            Comment.account_id.is_(None),
        )
        .order_by(Comment.id.desc())
        .limit(1)
    )


def may_reply(address: Address, account: Account | None, article: Article) -> bool:
    """Whether the owner of this address may answer texts under this article by mail."""
    if account is not None and not (account.is_active and is_proven(account)):
        return False
    if comments.writes_as_author(account, article):
        return True
    if account is None and not (address.is_proven and settings.current().guests_may_ask):
        return False
    return readers_may()


def is_open(account: Account | None, article: Article) -> bool:
    """Whether the article takes answers of theirs at this moment, by whatever way."""
    days = settings.current().comments_close_after_days
    return articles.takes_replies(article, account, days, clock.now())
