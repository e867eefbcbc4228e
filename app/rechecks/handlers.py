"""Events become job rows, in the transaction of their cause. No answer is looked at here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from app.domains.answers import recheck_reasons
from app.domains.answers import rechecking as cards
from app.domains.articles.events import ArticleChanged, ArticleRemoved
from app.domains.articles.models import Article, FormerSlug, article_path
from app.domains.moderation import rechecking as answers
from app.domains.resources import moving
from app.domains.resources.events import LinkDied, LinkRevived, ResourceChanged, ResourceRemoved
from app.domains.resources.models import LinkCheck, Resource, resource_path
from app.engines.said import Said
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import enqueue

RECHECK = "desk.recheck"


def resource_changed(event: ResourceChanged) -> None:
    """Edited, or moved to another address; what is new has no links to it yet, and where a server
    says that its page has moved, the page is the same."""
    entry = _last_act("resource", event.resource_id)
    if entry is None or entry.act in {"create", moving.ACT, "undo"}:
        return
    what = recheck_reasons.MOVED if "slug_before" in entry.detail else recheck_reasons.CHANGED
    _look(
        _slugs(entry),
        resource_path,
        recheck_reasons.of(what, entry.detail["title"]),
        resource=event.resource_id,
    )


def resource_removed(event: ResourceRemoved) -> None:
    """Which cards rested on it was known before, and they are marked (`answers.rechecking`)."""
    entry = _last_act("resource", event.resource_id)
    if entry is not None:
        gone = recheck_reasons.of(recheck_reasons.GONE, entry.detail["title"])
        _look(_slugs(entry), resource_path, gone)


def link_died(event: LinkDied) -> None:
    """Answers may link to the resource's page here, or straight to where it led."""
    resource = db.session.get(Resource, event.resource_id)
    check = db.session.get(LinkCheck, event.resource_id)
    if resource is None or check is None or check.dead_since is None:
        return
    _look(
        [resource.slug],
        resource_path,
        recheck_reasons.dead_since(resource.title, check.dead_since),
        resource=resource.id,
        url=check.url,
    )


def link_revived(event: LinkRevived) -> None:
    """What was marked for this and for nothing since need not be looked at any more."""
    resource = db.session.get(Resource, event.resource_id)
    if resource is not None:
        reason = recheck_reasons.dead_since(resource.title, event.dead_since)
        cards.lift(reason)
        answers.lift(reason)


def article_changed(event: ArticleChanged) -> None:
    """A mended word leaves answers as right as they were; another title or text may not."""
    entry = _last_act("article", event.article_id)
    if entry is None:
        return
    if "slug_before" in entry.detail:
        _look_for_article(event.article_id, recheck_reasons.MOVED)
    elif entry.detail.get("is_another"):
        _look_for_article(event.article_id, recheck_reasons.CHANGED)


def article_removed(event: ArticleRemoved) -> None:
    _look_for_article(event.article_id, recheck_reasons.OFFLINE)


def _look_for_article(article_id: int, what: Said) -> None:
    """Answers may link to any address that the article ever had."""
    article = db.session.get(Article, article_id)
    if article is None:
        return
    former = select(FormerSlug.slug).where(FormerSlug.article_id == article_id)
    slugs = [article.slug, *db.session.scalars(former.order_by(FormerSlug.slug))]
    _look(slugs, article_path, recheck_reasons.of(what, article.title), article=article_id)


def _look(
    slugs: Sequence[str], path_of: Callable[[str], str], reason: str, **resting_on: Any
) -> None:
    paths = [path_of(slug) for slug in slugs]
    enqueue(RECHECK, {"paths": paths, "reason": reason, **resting_on})


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
