"""The way from what was just published to those who asked for it."""

from __future__ import annotations

from flask import request, url_for
from markupsafe import Markup, escape

from app.domains.articles.models import Article
from app.domains.articles.policy import may_write
from app.domains.resources.models import Resource
from app.infra.language import _
from app.search import reach
from app.web.accounts.session import member


def by_article(article: Article | None) -> int | None:
    """How many questions an article answers without being linked there, for its page of editing;
    None while nobody can read it. At most `reach.GLANCE` are counted."""
    if article is None or request.method != "GET":
        return None
    thing = reach.article(article)
    return len(reach.questions_for(thing, member(), reach.GLANCE)) if thing is not None else None


def by_resource(resource: Resource | None) -> int | None:
    """The same of a resource; None for those who answer as no author."""
    if resource is None or request.method != "GET" or not may_write(member()):
        return None
    return len(reach.questions_for(reach.resource(resource), member(), reach.GLANCE))


def in_library(resource: Resource) -> Markup:
    """What is said of a new resource, with the way to those who asked for it."""
    said = escape(_("“%(title)s” is in the library.", title=resource.title))
    if not may_write(member()) or not reach.questions_for(
        reach.resource(resource), member(), reach.GLANCE
    ):
        return said
    href = url_for("author.reach", published="resource", thing_id=resource.id)
    return said + Markup(' <a href="{}">{}</a>').format(href, _("See who asked for it"))
