"""Lists of articles: the front page, the archive, a month, an author's."""

from __future__ import annotations

from datetime import date

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domains.articles import queries
from app.domains.articles.models import Article
from app.domains.comments import counting, listed
from app.domains.comments.queries import View
from app.infra import days
from app.infra.http.links import absolute
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE, THREADS
from app.infra.paging import Ways
from app.web.articles import blueprint
from app.web.articles.addresses import NUMBERED, numbered_on_old_site, to
from app.web.filters import month_and_year
from app.web.numbers import wanted_place

ASKED_BESIDE = 5


@blueprint.get("/")
@kept(SITE, THREADS, query=("after", "before"), unless=NUMBERED)
def home() -> ResponseReturnValue:
    """The newest articles, and beside the first page of them what is being asked."""
    if old := numbered_on_old_site():
        return to(old)
    articles, ways = queries.front_page(wanted_place())
    asked = listed.questions(view=View.NEWEST, size=ASKED_BESIDE)[0]
    return render_template(
        "articles/home.html",
        articles=articles,
        ways=ways,
        comment_counts=_comment_counts(articles),
        most_counted=counting.COUNTED,
        asked=asked if ways.is_first else [],
        canonical=_canonical(ways, "/"),
    )


@blueprint.get("/archive/")
@kept(SITE)
def archive() -> ResponseReturnValue:
    return render_template(
        "articles/archive.html",
        years=queries.years(),
        month_names={number: _begun(days.month(number)) for number in range(1, 13)},
        canonical=absolute("/archive/"),
    )


@blueprint.get("/archive/<int(max=9999):year>/<int(max=12):month>")
@kept(SITE, THREADS, query=("after", "before"))
def month(year: int, month: int) -> ResponseReturnValue:
    try:
        articles, ways = queries.published_in(year, month, wanted_place())
    except ValueError:  # a month that is in no calendar
        abort(404)
    if not articles:
        abort(404)
    name = month_and_year(date(year, month, 1))
    return render_template(
        "articles/month.html",
        articles=articles,
        ways=ways,
        comment_counts=_comment_counts(articles),
        most_counted=counting.COUNTED,
        month_name=name,
        heading=_begun(name),
        place={"year": year, "month": month},
        canonical=_canonical(ways, url_for("articles.month", year=year, month=month)),
    )


@blueprint.get("/authors/<username>")
@kept(SITE, THREADS, query=("after", "before"))
def author(username: str) -> ResponseReturnValue:
    person = queries.find_author(username)
    if person is None:
        abort(404)
    articles, ways = queries.by_author(person, wanted_place())
    return render_template(
        "articles/author.html",
        person=person,
        articles=articles,
        ways=ways,
        comment_counts=_comment_counts(articles),
        most_counted=counting.COUNTED,
        canonical=_canonical(ways, url_for("articles.author", username=person.username)),
    )


def _begun(name: str) -> str:
    """A name where it begins a line: some languages write months small."""
    return name[:1].upper() + name[1:]


def _canonical(ways: Ways, path: str) -> str | None:
    """The lasting address of a list; its further pages have none of their own."""
    return absolute(path) if ways.is_first else None


def _comment_counts(articles: list[Article]) -> dict[int, int]:
    return counting.comment_counts([article.id for article in articles])
