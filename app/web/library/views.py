"""All tags, one tag with what stands behind it, all resources, one resource."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from app.domains.answers import queries as answers
from app.domains.articles import queries as articles
from app.domains.comments import counting, listed
from app.domains.comments.queries import View
from app.domains.resources import policy as resource_policy
from app.domains.resources import queries as resources
from app.domains.resources.states import ResourceKind
from app.domains.tags import policy as tag_policy
from app.domains.tags import queries
from app.domains.tags.queries import TagShown
from app.engines.text.excerpt import excerpt
from app.engines.text.videos import find_video
from app.infra.http.links import absolute
from app.infra.kept.facts import facts_of_site
from app.infra.kept.keeping import kept
from app.infra.kept.marking import QUESTIONS, SITE
from app.search.related import related_to
from app.web.accounts.session import viewer
from app.web.library import blueprint
from app.web.numbers import wanted_place
from app.web.questions.thread import wanted_view

QUESTIONS_A_PAGE = 20
RESOURCES_SHOWN = 50
ARTICLES_SHOWN = 20
CARDS_SHOWN = 20


@blueprint.get("/tags/")
@kept(SITE, QUESTIONS)
def tags() -> ResponseReturnValue:
    return render_template(
        "library/tags.html",
        tags=queries.tag_names(),
        counts=counting.question_counts(),
        most_counted=counting.OF_A_TAG,
        canonical=absolute("/tags/"),
    )


@blueprint.get("/tags/<slug>")
@kept(SITE, QUESTIONS, query=("view", "after", "before"))
def tag(slug: str) -> ResponseReturnValue:
    behind = _behind(slug)
    if behind is None:
        return _moved(slug)
    tag = behind.tag
    view = wanted_view()
    questions, ways = listed.questions(
        view=view, wanted=wanted_place(), size=QUESTIONS_A_PAGE, tag_id=tag.id
    )
    return render_template(
        "library/tag.html",
        tag=tag,
        resources=behind.resources,
        articles=behind.articles,
        cards=behind.cards,
        questions=questions,
        ways=ways,
        view=view,
        views=list(View),
        may_edit=tag_policy.may_edit_tags(viewer()),
        canonical=absolute(url_for("library.tag", slug=tag.slug)) if ways.is_first else None,
    )


class Behind(NamedTuple):
    """A tag and what stands behind it, but for the questions."""

    tag: TagShown
    resources: Sequence[resources.Entry]
    articles: Sequence[Row[str, str, str, datetime | None]]
    cards: Sequence[answers.Entry]


def _behind(slug: str) -> Behind | None:
    """Four queries; none for what is known of this version of the site."""
    known = facts_of_site()
    found: Behind | None = known.get(("tag", slug))
    tag = queries.find_shown(slug) if found is None else None
    if tag is not None:
        found = known["tag", slug] = Behind(
            tag,
            resources.with_tag(tag.id, most=RESOURCES_SHOWN),
            articles.with_tag(tag.id, most=ARTICLES_SHOWN),
            answers.with_tag(tag.id, most=CARDS_SHOWN),
        )
    return found


def _moved(slug: str) -> ResponseReturnValue:
    """The way on where a tag had this address once; 404 where none had."""
    former = queries.find_former(slug)
    if former is None:
        abort(404)
    view = request.args.get("view")
    return redirect(url_for("library.tag", slug=former.slug, view=view), 301)


@blueprint.get("/resources/", endpoint="resources")
@kept(SITE, query=("kind",), unless=("after", "before"))
def all_resources() -> ResponseReturnValue:
    """By title. A place in such a list says a title, so that further pages are not kept: there are
    more of them than of any other list, and few are asked for twice."""
    wanted = request.args.get("kind", "")
    kind = ResourceKind(wanted) if wanted in set(ResourceKind) else None
    found, ways = resources.all_resources(kind=kind, wanted=wanted_place())
    return render_template(
        "library/resources.html",
        resources=found,
        ways=ways,
        kind=kind,
        kinds=list(ResourceKind),
        canonical=absolute("/resources/") if ways.is_first and kind is None else None,
    )


@blueprint.get("/resources/<slug>")
@kept(SITE)
def resource(slug: str) -> ResponseReturnValue:
    resource = resources.find_resource(slug)
    if resource is None:
        abort(404)
    return render_template(
        "library/resource.html",
        resource=resource,
        video=find_video(resource.url) if resource.url else None,
        description=resource.summary or excerpt(resource.html),
        may_edit=resource_policy.may_edit_resources(viewer()),
        related=related_to("resource", resource.id),
        canonical=absolute(resource.href),
    )
