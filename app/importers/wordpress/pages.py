"""One post or page as an article, with redirects from its old addresses."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from app.domains.accounts.queries import get_account
from app.domains.articles import services
from app.domains.articles.models import Article, Redirect
from app.domains.articles.services import ArticleText
from app.domains.resources.models import SUMMARY_LENGTH, TITLE_LENGTH
from app.engines.text.excerpt import plain_text
from app.importers.wordpress.judgement import Place, line_of, moment_of, title_of
from app.importers.wordpress.markup import Converted, article_markdown
from app.importers.wordpress.records import Entry
from app.infra import clock
from app.infra.db import db

_LONGEST_PATH = 500


def text_of(entry: Entry) -> Converted:
    """The body as Markdown: the entry's own, where Threshold exported it, else its HTML's."""
    own = dict(entry.own).get("source")
    return Converted(own) if own is not None else article_markdown(entry.body_html, entry.link)


def bring_in(
    entry: Entry, place: Place, markdown: str, *, author_id: int, tag_ids: tuple[int, ...]
) -> Article:
    """Write the article in the caller's unit of work. Raises UnfitArticle."""
    title = title_of(entry, markdown, TITLE_LENGTH)
    article = services.draft(
        get_account(author_id),
        ArticleText(
            title=title,
            slug=services.free_slug(entry.slug or title),
            summary=line_of(plain_text(entry.excerpt), SUMMARY_LENGTH),
            source=markdown,
            tag_ids=tag_ids,
            comments_open=entry.comments_open,
        ),
    )
    own = dict(entry.own)
    was_published = moment_of(own.get("published_at"))
    at = was_published or entry.published_at or clock.now()
    article.created_at = moment_of(own.get("created_at")) or at
    article.updated_at = moment_of(own.get("updated_at")) or at
    if place is Place.DRAFT:
        article.published_at = was_published  # it keeps its date, should it come back
    else:
        services.publish(article, at)
    return article


def stands_here(entry: Entry) -> bool:
    """Whether the article that this entry was exported from is still here, of this very site."""
    article = db.session.get(Article, entry.old_id) if entry.old_id else None
    return article is not None and article.slug == entry.slug


def old_paths(entry: Entry) -> list[str]:
    """The paths under which the old site answered with this entry, the readable one first.

    WordPress answers `/?p=ID` for everything and `/?page_id=ID` for pages, beside its permalink.
    Threshold does not; its export lists the addresses of its articles before it.
    """
    if entry.own:
        return dict(entry.own).get("old_paths", "").splitlines()
    paths: list[str] = []
    try:
        link = urlsplit(entry.link)
    except ValueError:  # a host in brackets that is no IPv6 address
        link = urlsplit("")
    path = unquote(link.path)
    if link.netloc and not link.query and path not in ("", "/"):
        paths.append(path)
    if entry.old_id:
        names = ("p", "page_id") if entry.kind == "page" else ("p",)
        paths += [f"/?{name}={entry.old_id}" for name in names]
    return paths


def redirect_from(paths: list[str], article: Article) -> int:
    """Lead these paths to the article; how many did not lead anywhere before."""
    added = 0
    for path in paths:
        is_here = path.rstrip("/") == unquote(article.href)
        if is_here or len(path) > _LONGEST_PATH or "\x00" in path:
            continue
        if db.session.get(Redirect, path) is None:
            db.session.add(Redirect(path=path, article_id=article.id))
            db.session.flush()
            added += 1
    return added
