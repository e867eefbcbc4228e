"""Addresses that articles once had, here or on the site that they came from."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domains.articles import queries
from app.domains.articles.models import Article
from app.web.articles import blueprint
from app.web.numbers import whole_number

LONGEST_PATH = 500
"""Characters; the table of redirects holds no longer one."""
LONGEST_NUMBER = 11
NUMBERED = ("p", "page_id")
"""How WordPress names an article in the query of its front page: `/?p=12`."""


@blueprint.before_app_request
def refuse_an_address_with_nul() -> None:
    """No address of ours holds one, and PostgreSQL takes none in a question."""
    if "\0" in request.path:
        abort(404)


@blueprint.before_app_request
def lead_on_from_an_old_address() -> ResponseReturnValue | None:
    """Where nothing answers to a path, the article that an old site had there does."""
    if request.method not in ("GET", "HEAD") or not isinstance(request.routing_exception, NotFound):
        return None
    article = at_old_path(request.path)
    return to(article) if article else None


def at_old_path(path: str) -> Article | None:
    return queries.find_redirect(path) if len(path) <= LONGEST_PATH else None


def numbered_on_old_site() -> Article | None:
    """The article that this request names by its old number, if it names one."""
    for name in NUMBERED:
        number = whole_number(request.args.get(name, ""), LONGEST_NUMBER)
        if number is not None:
            return queries.find_redirect(f"/?{name}={number}")
    return None


def moved(slug: str) -> ResponseReturnValue:
    """Lead on from a slug that no article has now, or answer that there is none."""
    article = queries.find_former(slug) or at_old_path(request.path)
    if article is None:
        abort(404)
    return to(article)


def to(article: Article) -> ResponseReturnValue:
    return redirect(url_for("articles.show", slug=article.slug), 301)
