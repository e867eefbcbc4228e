"""One article, what stands behind its tags, and its thread."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domains.articles import pointers, policy, queries
from app.domains.articles.models import Article
from app.engines.text.excerpt import excerpt
from app.infra.http.links import absolute
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE
from app.search.related import related_to
from app.web.accounts.session import viewer
from app.web.articles import blueprint
from app.web.articles.addresses import moved
from app.web.questions import thread

RESOURCES_BELOW = 6


@blueprint.get("/articles/<slug>")
@kept(SITE, under=queries.BY_SLUG, query=("view", "after", "before", "all"))
def show(slug: str) -> ResponseReturnValue:
    article = queries.find_with_author(slug)
    if article is None:
        return moved(slug)
    return render_template(
        "articles/show.html",
        may_edit=policy.may_edit(viewer(), article),
        canonical=absolute(article.href),
        **thread.context(article, lambda: _beside(article)),
    )


def _beside(article: Article) -> dict[str, Any]:
    """What stands around the article for everybody, kept with its thread."""
    tags, resources = pointers.around(article.id, most=RESOURCES_BELOW)
    return {
        "description": article.summary or excerpt(article.html),
        "article_tags": tags,
        "resources": resources,
        "related": related_to(
            "article", article.id, shown=[one.href for one in resources], outside=article.id
        ),
    }
