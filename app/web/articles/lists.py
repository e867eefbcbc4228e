"""Lists of articles: the front page, the archive, a month, an author's."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domains.articles import queries
from app.domains.articles.models import Article
from app.domains.comments import queries as comments
from app.domains.comments import threads
from app.domains.comments.queries import View
from app.engines.thread import PageBounds
from app.infra.http.links import absolute
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE, THREADS
from app.web.articles import blueprint
from app.web.articles.addresses import NUMBERED, numbered_on_old_site, to
from app.web.numbers import wanted_page

ASKED_BESIDE = 5
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@blueprint.get("/")
@kept(SITE, THREADS, query=("page",), unless=NUMBERED)
def home() -> ResponseReturnValue:
    """The newest articles, and beside the first page of them what is being asked."""
    if old := numbered_on_old_site():
        return to(old)
    articles, bounds = queries.front_page(wanted_page())
    asked = threads.questions(view=View.NEWEST, size=ASKED_BESIDE)[0]
    return render_template(
        "articles/home.html",
        articles=articles,
        bounds=bounds,
        comment_counts=_comment_counts(articles),
        asked=[question for question, _ in asked] if bounds.number == 1 else [],
        canonical=_canonical(bounds, "/"),
    )


@blueprint.get("/archive/")
@kept(SITE)
def archive() -> ResponseReturnValue:
    return render_template(
        "articles/archive.html",
        years=queries.years(),
        month_names=MONTHS,
        canonical=absolute("/archive/"),
    )


@blueprint.get("/archive/<int(max=9999):year>/<int(max=12):month>")
@kept(SITE, THREADS, query=("page",))
def month(year: int, month: int) -> ResponseReturnValue:
    try:
        articles, bounds = queries.published_in(year, month, wanted_page())
    except ValueError:  # a month that is in no calendar
        abort(404)
    if not articles:
        abort(404)
    return render_template(
        "articles/month.html",
        articles=articles,
        bounds=bounds,
        comment_counts=_comment_counts(articles),
        month_name=f"{MONTHS[month - 1]} {year}",
        place={"year": year, "month": month},
        canonical=_canonical(bounds, url_for("articles.month", year=year, month=month)),
    )


@blueprint.get("/authors/<username>")
@kept(SITE, THREADS, query=("page",))
def author(username: str) -> ResponseReturnValue:
    person = queries.find_author(username)
    if person is None:
        abort(404)
    articles, bounds = queries.by_author(person, wanted_page())
    return render_template(
        "articles/author.html",
        person=person,
        articles=articles,
        bounds=bounds,
        comment_counts=_comment_counts(articles),
        canonical=_canonical(bounds, url_for("articles.author", username=person.username)),
    )


def _canonical(bounds: PageBounds, path: str) -> str | None:
    """The lasting address of a list; its further pages have none of their own."""
    return absolute(path) if bounds.number == 1 else None


def _comment_counts(articles: list[Article]) -> dict[int, int]:
    return comments.comment_counts([article.id for article in articles])
