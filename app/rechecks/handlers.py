"""Events become job rows, in the transaction of their cause. No answer is looked at here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from app.domains.articles.events import ArticleChanged, ArticleRemoved
from app.domains.articles.models import Article, FormerSlug, article_path
from app.domains.resources.events import ResourceChanged, ResourceRemoved
from app.domains.resources.models import resource_path
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import enqueue

RECHECK = "desk.recheck"


def resource_changed(event: ResourceChanged) -> None:
    """Edited, or moved to another address; what is new has no links to it yet."""
    entry = _last_act("resource", event.resource_id)
    if entry is None or entry.act == "create":
        return
    moved = "slug_before" in entry.detail
    _look(_slugs(entry), resource_path, f"“{entry.detail['title']}” was {_what(moved)}.")


def resource_removed(event: ResourceRemoved) -> None:
    entry = _last_act("resource", event.resource_id)
    if entry is not None:
        _look(_slugs(entry), resource_path, f"“{entry.detail['title']}” was taken away.")


def article_changed(event: ArticleChanged) -> None:
    entry = _last_act("article", event.article_id)
    moved = entry is not None and "slug_before" in entry.detail
    _look_for_article(event.article_id, _what(moved))


def article_removed(event: ArticleRemoved) -> None:
    _look_for_article(event.article_id, "taken offline")


def _what(moved: bool) -> str:
    return "moved to another address" if moved else "changed"


def _look_for_article(article_id: int, what: str) -> None:
    """Answers may link to any address that the article ever had."""
    article = db.session.get(Article, article_id)
    if article is None:
        return
    former = select(FormerSlug.slug).where(FormerSlug.article_id == article_id)
    slugs = [article.slug, *db.session.scalars(former.order_by(FormerSlug.slug))]
    _look(slugs, article_path, f"“{article.title}” was {what}.")


def _look(slugs: Sequence[str], path_of: Callable[[str], str], reason: str) -> None:
    enqueue(RECHECK, {"paths": [path_of(slug) for slug in slugs], "reason": reason})


def _slugs(entry: AuditEntry) -> list[str]:
    """The address that it has, and the one before where that changed."""
    return [entry.detail[name] for name in ("slug", "slug_before") if name in entry.detail]


def _last_act(subject: str, subject_id: int) -> AuditEntry | None:
    """What was just done to it: it is gone or changed by now, and the record tells of before."""
    return db.session.scalar(
        select(AuditEntry)
        .where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
