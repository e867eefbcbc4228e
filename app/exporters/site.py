"""All articles, authors, tags and comments of this site as the records of an export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article, FormerSlug, Redirect
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.tags.models import Tag
from app.importers.wordpress import records
from app.infra import clock
from app.infra.db import db

BATCH = 500
_APPROVED = {
    Status.APPROVED: "1",
    Status.PENDING: "0",
    Status.SPAM: "spam",
}
_UNREAD = "trash"  # WordPress has one word for all that nobody may read


def site_records(*, title: str, public_url: str) -> Iterator[records.Record]:
    """The records of an export that `write` takes, a few rows at a time.

    The texts are in it twice: as HTML, for WordPress, and as the Markdown they were made from, for
    Threshold. Whoever signs in without being an author (moderators, readers) is exported as the
    writer of a comment, not as an account: WordPress would make an author of each.
    """
    yield records.Site(title, public_url, public_url, "1.2")
    authors = _authors()
    for account in authors:
        yield records.Author(account.username, account.address.email, account.name, account.id)
    for tag in db.session.scalars(select(Tag).order_by(Tag.id)).all():
        yield records.Term("tag", tag.slug, tag.name, tag.description, "")
    author_ids = {account.id for account in authors}
    now = clock.now()
    for article_id in db.session.scalars(select(Article.id).order_by(Article.id)).all():
        article = db.session.scalar(
            select(Article)
            .options(joinedload(Article.author), selectinload(Article.tags))
            .where(Article.id == article_id)
        )
        if article is not None:
            yield _entry(article, public_url, now)
            yield from _thread(article_id, author_ids)
        db.session.expunge_all()


def _authors() -> Sequence[Account]:
    """Those who wrote an article, and those who may."""
    wrote = Account.id.in_(select(Article.author_id))
    return db.session.scalars(
        select(Account).where(wrote | (Account.role == Role.AUTHOR)).order_by(Account.id)
    ).all()


def _entry(article: Article, public_url: str, now: datetime) -> records.Entry:
    status = "draft"
    if article.status == ArticleStatus.PUBLISHED:
        status = "publish" if article.is_visible(now) else "future"
    return records.Entry(
        old_id=article.id,
        kind="post",
        status=status,
        title=escape(article.title, quote=False),
        slug=article.slug,
        link=public_url + article.href,
        guid=f"{public_url}/?p={article.id}",
        body_html=article.html,
        excerpt=escape(article.summary, quote=False),
        author_login=article.author.username,
        published_at=_whole_seconds(article.published_at or article.created_at),
        comments_open=article.comments_open,
        is_password_protected=False,
        terms=tuple(records.Label("tag", tag.slug, tag.name) for tag in article.tags),
        own=_own(
            source=article.source,
            published_at=_exact(article.published_at),
            created_at=_exact(article.created_at),
            updated_at=_exact(article.updated_at),
            old_paths="\n".join(_old_paths(article.id)),
        ),
    )


def _old_paths(article_id: int) -> list[str]:
    """Where the article stood before: on a former site, or here under another slug."""
    there = select(Redirect.path).where(Redirect.article_id == article_id).order_by(Redirect.path)
    here = select(FormerSlug.slug).where(FormerSlug.article_id == article_id)
    slugs = db.session.scalars(here.order_by(FormerSlug.slug))
    return [*db.session.scalars(there), *(f"/articles/{slug}" for slug in slugs)]


def _thread(article_id: int, author_ids: set[int]) -> Iterator[records.Comment]:
    """All comments under an article, oldest id first: a reply is always younger than its parent."""
    last = 0
    while True:
        batch = db.session.scalars(
            select(Comment)
            .options(joinedload(Comment.address), selectinload(Comment.tags))
            .where(Comment.article_id == article_id, Comment.id > last)
            .order_by(Comment.id)
            .limit(BATCH)
        ).all()
        for comment in batch:
            yield _comment(comment, author_ids)
            last = comment.id
        db.session.expunge_all()
        if len(batch) < BATCH:
            return


def _comment(comment: Comment, author_ids: set[int]) -> records.Comment:
    writer = comment.account_id if comment.account_id in author_ids else None
    by_hand = [link.tag.slug for link in comment.tags if link.by_hand]
    return records.Comment(
        entry_old_id=comment.article_id,
        old_id=comment.id,
        parent_old_id=comment.parent_id or 0,
        author_name=escape(comment.author_name, quote=False),
        author_email=comment.address.email if comment.address else "",
        author_url=comment.author_url or "",
        author_ip="",
        at=_whole_seconds(comment.created_at),
        body_html=comment.html,
        approved=_APPROVED.get(Status(comment.status), _UNREAD),
        kind="comment",
        user_id=writer or 0,
        own=_own(
            source=comment.source,
            kind=comment.kind,
            status=comment.status,
            title=comment.title,
            at=_exact(comment.created_at),
            published_at=_exact(comment.published_at),
            edited_at=_exact(comment.edited_at),
            reject_reason=comment.reject_reason,
            tags=" ".join(by_hand),
            by_author="yes" if comment.by_author else "no",
        ),
    )


def _own(**fields: str) -> records.OwnFields:
    """What WordPress has no place for, without the empty fields."""
    return tuple((key, value) for key, value in fields.items() if value)


def _whole_seconds(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0) if moment else None


def _exact(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
