"""Writing, publishing and moving articles, and keeping pictures; a row in the record each time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts.models import Account
from app.domains.articles import authoring, policy
from app.domains.articles.errors import NoAuthor, SlugTaken, StaleForm, UnfitArticle
from app.domains.articles.events import (
    ArticleChanged,
    ArticlePublished,
    ArticleRemoved,
    ArticleTagged,
)
from app.domains.articles.models import Article, FormerSlug, Image
from app.domains.articles.picture_files import Picture, write
from app.domains.articles.states import ArticleStatus
from app.domains.resources.models import SUMMARY_LENGTH, TITLE_LENGTH
from app.domains.tags.models import SLUG_LENGTH
from app.domains.tags.queries import tags_with_ids
from app.engines.text.changes import is_another
from app.engines.text.render import RENDER_VERSION, render_article
from app.engines.text.slug import slugify
from app.infra import admitted, audit, clock
from app.infra.db import db
from app.infra.events import record
from app.infra.saying import say_to_all

SOURCE_LENGTH = 200_000
"""Characters: a short book. Rendering takes about 0.2 s then, in the author's own request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """What an article says, as it came from a form or a file. `source` is Markdown. An empty slug
    stays as it is, or is made from the title of a new article, with a number where it is in use;
    `comments_open` of None leaves that as it is, open in a new one."""

    title: str
    slug: str = ""
    summary: str = ""
    source: str = ""
    tag_ids: Collection[int] = ()
    comments_open: bool | None = None


def draft(author: Account, text: ArticleText, *, by: Account | None = None) -> Article:
    """Begin an article that only its author and admins can see.

    `by` None is a command or an import. Raises UnfitArticle and SlugTaken.
    """
    now = clock.now()
    article = Article(
        author=author, status=ArticleStatus.DRAFT, created_at=now, version=1, published_at=None
    )
    _write(article, text)
    _put_on_record("draft", article, by)
    return article


def edit(
    article: Article, text: ArticleText, *, version: int | None = None, by: Account | None = None
) -> Article:
    """Replace what an article says; its former slug goes on leading to it.

    `version` is the one that the form was made from; None asks no questions (imports).
    Raises StaleForm, UnfitArticle and SlugTaken.
    """
    _lock(article, version)
    slug_before, title_before, source_before = article.slug, article.title, article.source
    tags_before = {tag.id for tag in article.tags}
    _write(article, text)
    article.version += 1
    has_moved = article.slug != slug_before
    if has_moved and article.published_at is not None:  # else nobody ever saw the old address
        db.session.add(FormerSlug(slug=slug_before, article_id=article.id))
    db.session.flush()
    detail: dict[str, Any] = {"slug_before": slug_before} if has_moved else {}
    another = is_another(title_before, source_before, article.title, article.source)
    _put_on_record("edit", article, by, detail={**detail, "is_another": another})
    if article.status == ArticleStatus.PUBLISHED:
        record(ArticleChanged(article.id))
        if added := {tag.id for tag in article.tags} - tags_before:
            record(ArticleTagged(article.id, tuple(sorted(added))))
    return article


def publish(article: Article, at: datetime | None = None, *, by: Account | None = None) -> None:
    """Let everyone read an article, from `at` on. Without `at`, a time that has come stays as it
    was, so that an article taken back and published again keeps its date, and now is the rest.
    """
    now = clock.now()
    kept = article.published_at if article.published_at and article.published_at <= now else now
    before = article.status
    article.status = ArticleStatus.PUBLISHED
    article.published_at = at or kept
    article.version += 1
    db.session.flush()
    act = "schedule" if article.published_at > now else "publish"
    detail = {"published_at": article.published_at.isoformat()}
    _put_on_record(act, article, by, before=before, detail=detail)
    record(ArticlePublished(article.id))


def unpublish(article: Article, *, by: Account | None = None) -> None:
    """Make a draft of an article again; its thread is hidden with it. Does nothing to a draft."""
    before = article.status
    if before == ArticleStatus.DRAFT:
        return
    article.status = ArticleStatus.DRAFT
    article.version += 1
    db.session.flush()
    _put_on_record("unpublish", article, by, before=before)
    record(ArticleRemoved(article.id))


def open_comments(article: Article, *, is_open: bool, by: Account | None = None) -> None:
    """Let readers write under an article, or let them no more; what is there stays."""
    if article.comments_open == is_open:
        return
    article.comments_open = is_open
    article.version += 1
    db.session.flush()
    _put_on_record("open comments" if is_open else "close comments", article, by)


def give(article: Article, to: Account, *, by: Account | None = None) -> None:
    """Let an article stand under another author's name, and its questions wait for them; what its
    author answered stays theirs. Raises NoAuthor where they may not write articles."""
    if not policy.may_write(to):
        raise NoAuthor
    if (before := article.author_id) == to.id:
        return
    article.author = to
    article.version += 1
    db.session.flush()
    _put_on_record("give", article, by, detail={"author_before": before, "author": to.id})
    if article.status == ArticleStatus.PUBLISHED:
        record(ArticleChanged(article.id))


def render_again(article: Article) -> bool:
    """Render the source by today's rules; whether the HTML changed."""
    html = render_article(article.source, authoring.image_sizes(article.source), say_to_all)
    changed = html != article.html
    article.html = html
    article.render_version = RENDER_VERSION
    return changed


def keep_picture(picture: Picture, folder: Path, *, by: Account | None = None) -> Image:
    """Write a redrawn picture into the media folder and remember its size.

    A file whose row is rolled back stays behind; nobody knows its name.
    """
    write(picture, folder)
    image = Image(
        name=picture.name,
        width=picture.width,
        height=picture.height,
        size=len(picture.body),
        uploader_id=by.id if by else None,
    )
    db.session.add(image)
    db.session.flush()
    return image


def _lock(article: Article, version: int | None) -> None:
    """Hold the row until the transaction ends. Raises StaleForm when another save came first."""
    saved = db.session.scalar(
        select(Article.version).where(Article.id == article.id).with_for_update()
    )
    if version is not None and saved != version:
        raise StaleForm
    db.session.refresh(article)


def _write(article: Article, text: ArticleText) -> None:
    """Set and flush. The database has the last word on slugs when two people save at once."""
    title = admitted.line(text.title, "title", TITLE_LENGTH, UnfitArticle)
    summary = admitted.line(
        text.summary, "summary", SUMMARY_LENGTH, UnfitArticle, may_be_empty=True
    )
    source = admitted.body(text.source, "source", SOURCE_LENGTH, UnfitArticle)
    slug = _slug_of(article, text.slug, title)
    tags = tags_with_ids(text.tag_ids)
    try:
        with db.session.begin_nested():
            article.title, article.summary, article.source = title, summary, source
            article.slug, article.tags = slug, tags
            if text.comments_open is not None:
                article.comments_open = text.comments_open
            article.updated_at = clock.now()
            render_again(article)
            db.session.add(article)
            _take_back(article, slug)
    except IntegrityError as taken:
        raise SlugTaken from taken


def _slug_of(article: Article, asked: str, title: str) -> str:
    """The slug that was asked for, else the one it has, else a new one made from the title.

    Raises SlugTaken for the first.
    """
    if asked.strip():
        slug = slugify(asked, SLUG_LENGTH)
        if authoring.slug_holder(slug) not in (None, article.id):
            raise SlugTaken
        return slug
    if article.id is not None:
        return article.slug
    return free_slug(title)


def free_slug(wanted: str) -> str:
    """A slug made of a title or another site's slug, with a number where it is in use or was."""
    slug = slugify(wanted, SLUG_LENGTH)
    shorter = slugify(wanted, SLUG_LENGTH - 8)  # room for a number
    used = authoring.slugs_like(slug) | authoring.slugs_like(shorter)
    numbered = (f"{shorter}-{number}" for number in count(2))
    return next(free for free in chain([slug], numbered) if free not in used)


def _take_back(article: Article, slug: str) -> None:
    """A slug that an article has again is not a former one any more."""
    if article.id is not None:
        own = (FormerSlug.slug == slug, FormerSlug.article_id == article.id)
        db.session.execute(delete(FormerSlug).where(*own))


def _put_on_record(
    act: str,
    article: Article,
    by: Account | None,
    *,
    before: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    audit.write(
        act,
        "article",
        article.id,
        by=by,
        from_state=before,
        to_state=article.status if before else None,
        detail={"title": article.title, "slug": article.slug, **(detail or {})},
    )
