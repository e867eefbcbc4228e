"""Readers say that a published text should not stand there, with an account or without."""

from __future__ import annotations

from flask import (
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.domains.articles import queries as articles
from app.domains.comments import queries
from app.domains.comments.faces import Shown
from app.domains.comments.models import REASON_LENGTH, Comment
from app.domains.moderation.reported import report_settings, reporting
from app.domains.moderation.reported.reporting import Reporter
from app.infra import tokens
from app.infra.http.headers import keep_nowhere
from app.infra.http.hosts import client_network
from app.infra.http.limits import count, limiter, when_again
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.language import sentence
from app.infra.refusal import Refusal
from app.web.accounts.session import proven_addresses, sent_from_here, viewer
from app.web.forms import Body, Form
from app.web.questions import blueprint
from app.web.repeats import Ticket, answers_once

REPORTS = "6 per minute; 30 per hour"
"""What one network may report."""
GUESTS_ON_ONE_TEXT = "3 per day"
"""Reports of one text by unproven guests of one network: a browser can be emptied, and a fresh one
is a new guest, so that one person could hide any text."""
SLOWER = sentence("That was a lot in a short time. Your words are here.")


class ReportForm(Form):
    """What is wrong with a text. The reasons are the site's own."""

    reason = RadioField(sentence("What is wrong with it"), choices=[], validate_choice=False)
    ticket = Ticket()
    words = TextAreaField(sentence("In your own words"), [Body(REASON_LENGTH, may_be_empty=True)])


def may_report(row: Shown) -> bool:
    """Whether the thread offers it: to everyone but the text's own writer, where that is known."""
    person = viewer()
    if person is not None and row.account_id == person.id:
        return False
    return FOR_KEEPING in request.environ or row.id not in sent_from_here()


blueprint.add_app_template_global(may_report)


@blueprint.get("/comments/<int(max=2147483647):comment_id>/report")
def report_page(comment_id: int) -> ResponseReturnValue:
    comment = queries.find_visible(comment_id)
    if comment is None:
        abort(404)
    return _draw(comment, _form())


@blueprint.post("/comments/<int(max=2147483647):comment_id>/report")
@answers_once
@limiter.limit(REPORTS)
def report(comment_id: int) -> ResponseReturnValue:
    comment = queries.find_to_change(comment_id)  # one after the other, also of the same person
    if comment is None or queries.find_visible(comment_id) is None:
        abort(404)
    form = _form()
    if not form.validate_on_submit():
        return _draw(comment, form, status=422)
    try:
        _take(comment, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(comment, form, status=refusal.status)
    except RateLimitExceeded:
        form.form_errors.append(f"{SLOWER} {when_again()}")
        return _draw(comment, form, status=429)
    return redirect(url_for("questions.reported", slug=comment.article.slug), 303)


@blueprint.get("/reported/<slug>")
def reported(slug: str) -> ResponseReturnValue:
    """What happens next. It names the article and not the text, which may be hidden by now."""
    article = articles.find_visible(slug)
    if article is None:
        abort(404)
    page = render_template(
        "questions/reported.html", article=article, hears=bool(proven_addresses())
    )
    return keep_nowhere(make_response(page))


def _take(comment: Comment, form: ReportForm) -> None:
    reporter = _reporter()
    wish = {"reason": form.reason.data or "", "words": form.words.data or ""}
    if reporter.account or reporter.proven or reporting.find(comment, reporter):
        reporting.report(comment, reporter, **wish)
        return
    count(GUESTS_ON_ONE_TEXT, key=f"{client_network()} {comment.id}")
    reporting.report(comment, reporter, **wish)


def _reporter() -> Reporter:
    """Whoever sits here. The form's own secret tells one browser from another: no form comes in
    without it, and only a fingerprint of it is kept."""
    return Reporter(
        viewer(),
        proven_addresses(),
        tokens.private_key("reporter", session.get("csrf_token", "")),
        sent_from_here(),
    )


def _form() -> ReportForm:
    form = ReportForm()
    reasons = report_settings.current().reasons
    form.reason.choices = [SelectChoice(key, words) for key, words in reasons.items()]
    return form


def _draw(comment: Comment, form: ReportForm, *, status: int = 200) -> Response:
    page = render_template("questions/report.html", comment=comment, form=form)
    return keep_nowhere(make_response(page, status))
