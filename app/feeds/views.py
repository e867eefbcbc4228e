"""Feeds, sitemap and robots.txt: the same for everyone, so anyone may keep them and ask again."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.config import Settings
from app.domains.articles import queries as article_queries
from app.domains.tags import queries as tag_queries
from app.feeds import queries
from app.feeds.entries import Feed
from app.feeds.markup import only_xml
from app.feeds.places import MOST_PLACES, every_place
from app.infra import language
from app.infra.http.links import absolute
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE, THREADS

blueprint = Blueprint("feeds", __name__)

ATOM = "application/atom+xml; charset=utf-8"
XML = "application/xml; charset=utf-8"
CLOSED_TO_ROBOTS = (
    *("/moderation/", "/author/", "/account/", "/asked/", "/search"),
    *("/follow/", "/following/"),
)


@blueprint.get("/feed.atom")
@kept(SITE)
def articles() -> Response:
    settings: Settings = current_app.extensions["settings"]
    return _atom(
        Feed(
            title=settings.site_name,
            subtitle=settings.site_tagline,
            link=absolute(url_for("articles.home")),
            address=absolute(url_for("feeds.articles")),
            entries=queries.newest_articles(),
        )
    )


@blueprint.get("/articles/<slug>/feed.atom")
@kept(SITE, under=article_queries.BY_SLUG)
def article(slug: str) -> AnyResponse:
    """The thread under an article."""
    found = article_queries.find_visible(slug)
    if found is None:
        former = article_queries.find_former(slug)
        if former is None:
            abort(404)
        return redirect(url_for("feeds.article", slug=former.slug), 301)
    return _atom(
        Feed(
            title=_under(found.title),
            link=absolute(url_for("articles.show", slug=found.slug)),
            address=absolute(url_for("feeds.article", slug=found.slug)),
            entries=queries.newest_comments(found),
            began=found.published_at or found.created_at,
        )
    )


@blueprint.get("/tags/<slug>/feed.atom")
@kept(SITE, THREADS)
def tag(slug: str) -> AnyResponse:
    """Articles, resources and published questions with a tag."""
    found = tag_queries.find_tag(slug)
    if found is None:
        former = tag_queries.find_former(slug)
        if former is None:
            abort(404)
        return redirect(url_for("feeds.tag", slug=former.slug), 301)
    return _atom(
        Feed(
            title=found.name,
            subtitle=found.description,
            link=absolute(url_for("library.tag", slug=found.slug)),
            address=absolute(url_for("feeds.tag", slug=found.slug)),
            entries=queries.newest_with_tag(found),
        )
    )


@blueprint.get("/sitemap.xml")
@kept(SITE, THREADS)
def sitemap() -> Response:
    """All public pages, or the list of parts where one file may not hold them."""
    places = every_place()
    if len(places) <= MOST_PLACES:
        return _shared("sitemap.xml", XML, places=places)
    count = -(-len(places) // MOST_PLACES)
    parts = [absolute(url_for("feeds.sitemap_part", number=n + 1)) for n in range(count)]
    return _shared("sitemap_index.xml", XML, parts=parts)


@blueprint.get("/sitemap-<int(min=1, max=100000):number>.xml")
@kept(SITE, THREADS)
def sitemap_part(number: int) -> Response:
    places = every_place()[(number - 1) * MOST_PLACES : number * MOST_PLACES]
    if not places:
        abort(404)
    return _shared("sitemap.xml", XML, places=places)


@blueprint.get("/robots.txt")
@kept(SITE)
def robots() -> Response:
    return _shared(
        "robots.txt",
        "text/plain; charset=utf-8",
        closed=CLOSED_TO_ROBOTS,
        sitemap=absolute(url_for("feeds.sitemap")),
    )


def _under(title: str) -> str:
    """In the site's language, whoever asks: a feed is one document for all."""
    with language.speaking(language.of_site()):
        return language._("Under %(title)s", title=title)


def _atom(feed: Feed) -> Response:
    return _shared("atom.xml", ATOM, feed=feed)


def _shared(template: str, content_type: str, **values: Any) -> Response:
    """Draw a document that is the same for everyone; 304 to whoever has it already.

    Drawn without the request's own context, so that it cannot come to depend on who is asking.
    Its ETag is made of the document alone, which holds nothing but what everyone may read.
    """
    drawn = current_app.jinja_env.get_template(f"feeds/{template}").render(**values)
    body = only_xml(drawn).encode()
    answer = Response(body, content_type=content_type)
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    answer.make_conditional(request)
    return answer
