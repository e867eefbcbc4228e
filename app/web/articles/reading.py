"""One article, what stands behind its tags, and its thread."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domains.articles import policy, queries
from app.domains.articles.models import Article
from app.domains.comments.threads import ThreadPage
from app.domains.resources.queries import resources_behind
from app.engines.text.excerpt import excerpt
from app.infra.http.links import absolute
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE
from app.search.related import related_to
from app.web.accounts.session import viewer
from app.web.articles import blueprint
from app.web.articles.addresses import moved
from app.web.questions import thread
from app.web.structured import article_json, json_ld

RESOURCES_BELOW = 6


@blueprint.get("/articles/<slug>")
@kept(SITE, under=queries.BY_SLUG, query=("view", "page"))
def show(slug: str) -> ResponseReturnValue:
    article = queries.find_visible(slug)
    if article is None:
        return moved(slug)
    discussion = thread.context(article)
    resources = resources_behind([tag.id for tag in article.tags], limit=RESOURCES_BELOW)
    return render_template(
        "articles/show.html",
        description=article.summary or excerpt(article.html),
        resources=resources,
        related=related_to(
            "article", article.id, shown=[one.href for one in resources], outside=article.id
        ),
        may_edit=policy.may_edit(viewer(), article),
        canonical=absolute(article.href),
        structured=_structured(article, discussion["thread"]),
        **discussion,
    )


def _structured(article: Article, shown: ThreadPage) -> Markup:
    lines = [line for one in shown.threads for line in one.lines]
    return json_ld(article_json(article, lines, shown.comment_count))
