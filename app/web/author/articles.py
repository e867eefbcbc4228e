"""Articles as their author sees them: all states, writing, preview, publishing."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domains.articles import authoring, policy, services
from app.domains.articles.errors import StaleForm, UnfitArticle
from app.domains.articles.models import Article
from app.domains.articles.services import SOURCE_LENGTH
from app.engines.text.admission import admit
from app.engines.text.errors import UnfitText
from app.engines.text.render import render_article
from app.infra import clock
from app.infra.admitted import said
from app.infra.db import db
from app.infra.http.bodies import body_limit
from app.infra.http.limits import PREVIEW, limiter
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.infra.saying import say_to_all
from app.infra.unit_of_work import own_unit
from app.web.accounts.session import member
from app.web.author import asked_for, blueprint
from app.web.author.forms import ArticleForm
from app.web.numbers import wanted_place

TEXT_KIBIBYTES = 2560
"""200,000 characters of four bytes each, percent-encoded, come to 2.3 MiB; the rest is the form."""
DONE = {
    "save": sentence("Saved."),
    "publish": sentence("Published. Everyone can read it now."),
    "schedule": sentence("Saved. Everyone can read it from the time you set."),
    "unpublish": sentence("Taken back. Only you can see it, and its thread is hidden with it."),
    "close": sentence("Closed. Readers can no longer write under it; what is there stays."),
    "open": sentence("Opened. Readers can write under it again."),
}


@blueprint.get("/articles")
def articles() -> ResponseReturnValue:
    person = member()
    found, ways = authoring.desk_of(None if person.is_admin else person, wanted_place())
    return render_template(
        "author/articles.html", articles=found, ways=ways, now=clock.now(), person=person
    )


@blueprint.get("/articles/new")
def new_article() -> ResponseReturnValue:
    return _draw(ArticleForm(), None)


@blueprint.post("/articles/new")
@body_limit(TEXT_KIBIBYTES)
def create_article() -> ResponseReturnValue:
    form = ArticleForm()
    if _wants_preview():
        return _draw(form, None, preview=True)
    if not form.validate_on_submit():
        return _draw(form, None, 422)
    try:
        article = services.draft(member(), form.text(), by=member())
        done = _act(article, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, None, 422)
    flash(done)
    return redirect(url_for("author.edit_article", article_id=article.id), 303)


@blueprint.get("/articles/<int(max=2147483647):article_id>")
def edit_article(article_id: int) -> ResponseReturnValue:
    article = _own(article_id)
    return _draw(ArticleForm.of(article), article)


@blueprint.post("/articles/<int(max=2147483647):article_id>")
@body_limit(TEXT_KIBIBYTES)
def save_article(article_id: int) -> ResponseReturnValue:
    article = _own(article_id)
    form = ArticleForm()
    if _wants_preview():
        return _draw(form, article, preview=True)
    if not form.validate_on_submit():
        return _draw(form, article, 422)
    try:
        services.edit(article, form.text(), version=form.seen_version, by=member())
        done = _act(article, form)
    except StaleForm as stale:
        db.session.refresh(article)
        form.refuse(stale)
        form.version.data = str(article.version)  # who saves again has seen the warning
        return _draw(form, article, stale.status)
    except Refusal as refusal:
        db.session.refresh(article)
        form.refuse(refusal)
        return _draw(form, article, 422)
    flash(done)
    return redirect(url_for("author.edit_article", article_id=article.id), 303)


@blueprint.post("/preview")
@own_unit  # it writes nothing, and drawing a long text must not keep others from writing
@body_limit(TEXT_KIBIBYTES)
@limiter.limit(PREVIEW)
def preview_article() -> ResponseReturnValue:
    """How a text will look: the server's own rendering, as a fragment of HTML."""
    try:
        source = admit(request.form.get("source", ""), limit=SOURCE_LENGTH)
    except UnfitText as unfit:
        return make_response(said(unfit), 422, {"Content-Type": "text/plain; charset=utf-8"})
    return _drawn(source)


def _drawn(source: str) -> str:
    """A text as it would be kept."""
    return render_article(source, authoring.image_sizes(source), say_to_all)


def _act(article: Article, form: ArticleForm) -> str:
    """Do what the pressed button says with a saved article; the sentence to show for it.

    Raises UnfitArticle where a time is missing.
    """
    act = request.form.get("act", "save")
    by = member()
    match act:
        case "publish":
            services.publish(article, by=by)
        case "schedule" if form.publish_at is None:
            raise UnfitArticle(_("Say when it should be published."), "at")
        case "schedule":
            services.publish(article, form.publish_at, by=by)
        case "unpublish":
            services.unpublish(article, by=by)
        case "close" | "open":
            services.open_comments(article, is_open=act == "open", by=by)
        case "save":
            pass
        case _:
            abort(400)
    return str(DONE[act])


def _wants_preview() -> bool:
    return request.form.get("act") == "preview"


def _own(article_id: int) -> Article:
    """The article, if this person may edit it; for all others it is not there."""
    article = authoring.find(article_id)
    if article is None or not policy.may_edit(member(), article):
        abort(404)
    return article


def _draw(
    form: ArticleForm, article: Article | None, status: int = 200, *, preview: bool = False
) -> Response:
    source = form.source.data or ""
    page = render_template(
        "author/article.html",
        form=form,
        article=article,
        is_visible=article is not None and article.is_visible(clock.now()),
        asked_for=asked_for.by_article(article),
        preview=_drawn(source) if preview else None,
    )
    return make_response(page, status)
