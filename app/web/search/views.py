"""One page: a box, and what was found."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

from flask import Response, make_response, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from markupsafe import Markup, escape
from sqlalchemy.exc import DBAPIError

from app.domains.tags import queries as tags
from app.infra.db import db
from app.infra.http.hosts import client_network
from app.infra.http.limits import SEARCH, count, limiter
from app.infra.language import sentence
from app.infra.unit_of_work import unit_of_work
from app.search import misses
from app.search.excerpts import Pieces
from app.search.queries import KINDS, Hit, search
from app.web.addresses import known_url_for
from app.web.numbers import wanted_page
from app.web.search import blueprint

logger = logging.getLogger(__name__)

LABELS = {
    "": sentence("All"),
    "card": sentence("Answers"),
    "article": sentence("Articles"),
    "resource": sentence("Resources"),
    "question": sentence("Questions"),
}
ONE = {
    "card": sentence("Answer"),
    "article": sentence("Article"),
    "resource": sentence("Resource"),
    "question": sentence("Question"),
}
ENDPOINTS = {"card": "answers.show", "article": "articles.show", "resource": "library.resource"}

MISSES = "20 per hour"
SAME_MISS = "1 per hour"
"""How many searches without a result are counted of one network, so that no robot makes them up."""


@blueprint.get("/search")
@limiter.limit(SEARCH)
def results() -> Response:
    """What everyone may read that speaks of `q`; any text and any number is taken."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = search(request.args.get("q", ""), kind or None, wanted_page())
    if not found.total and not kind and request.method == "GET":
        _count_miss(found.query)
    answer = make_response(
        render_template(
            "search/results.html",
            found=found,
            kind=kind,
            ways=_ways(found.query),
            lines=[_line(hit) for hit in found.hits],
            tags=() if found.hits else tags.tag_names(),
        )
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _count_miss(query: str) -> None:
    """Count words that nothing on the site has, in a unit of work of their own."""
    asked = misses.words_of(query)
    if not asked:
        return
    told = limiter.context.view_rate_limit
    try:
        count(SAME_MISS, key=f"{client_network()} {asked}", scope="miss")
        count(MISSES, scope="misses")
        with unit_of_work():
            misses.count(asked)
    except RateLimitExceeded:
        return  # counted for this network already
    except DBAPIError as wrong:  # such as a database that takes no writes just now
        db.session.rollback()
        logger.warning("a search without a result was not counted: %s", wrong.orig)
    finally:
        limiter.context.view_rate_limit = told  # the page's headers speak of the page's own limit


class Line(NamedTuple):
    """A hit as the page draws it."""

    href: str
    title: Markup
    excerpt: Markup
    kind: str
    at: datetime


def _line(hit: Hit) -> Line:
    kind = str(ONE[hit.kind])
    return Line(address_of(hit), _marked(hit.title), _marked(hit.excerpt), kind, hit.visible_from)


def _marked(pieces: Pieces) -> Markup:
    """Every piece escaped, those that were asked for marked."""
    safe = (
        f"<mark>{escape(text)}</mark>" if is_match else escape(text) for text, is_match in pieces
    )
    return Markup("".join(safe))  # noqa: S704  (each piece is escaped, and the mark is ours)


def address_of(hit: Hit) -> str:
    """The path of the page that a hit leads to."""
    if hit.kind == "question":
        return known_url_for("questions.show", comment_id=hit.ref, slug=hit.slug)
    return known_url_for(ENDPOINTS[hit.kind], slug=hit.slug)


def _ways(query: str) -> list[tuple[str, str, str, None]]:
    """The same search narrowed to each kind, as the tabs macro takes it."""
    whole = url_for("search.results", q=query)
    return [
        (kind, str(label), f"{whole}&kind={kind}" if kind else whole, None)
        for kind, label in LABELS.items()
    ]
