"""Writing: a question under an article, a reply to a comment, and how either will look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import abort, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded

from app.domains.articles import queries as articles
from app.domains.comments import answering, private_links, queries, services, texts
from app.domains.comments.counting import has_approved
from app.domains.comments.drafts import BODY_LIMIT, Draft, Writer
from app.domains.comments.errors import AccountNeeded, ClosedArticle
from app.domains.comments.models import Comment
from app.domains.comments.preparing import Prepared, prepare
from app.domains.comments.states import Status
from app.engines.spam.plan import APPROVED_ENOUGH
from app.engines.text.admission import admit
from app.engines.text.errors import UnfitText
from app.infra import repeats
from app.infra.admitted import said
from app.infra.http.bodies import body_limit
from app.infra.http.csrf import hands_out_token, has_token
from app.infra.http.headers import keep_nowhere
from app.infra.http.limits import PREVIEW, WRITE, count, count_network, limiter, when_again
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.infra.repeats import Asked
from app.infra.unit_of_work import own_unit, unit_of_work
from app.search.offers import Offer
from app.web.accounts.session import proven_addresses, sent_from_here, viewer
from app.web.following.along import follow_along
from app.web.origins import origin
from app.web.questions import blueprint, suggesting
from app.web.questions.forms import WriteForm
from app.web.questions.place import Place
from app.web.questions.thread import (
    REMEMBERED,
    empty_form,
    fresh_form,
    is_staff,
    may_ask,
    takes_comments,
    takes_replies,
)
from app.web.repeats import asked_here, new_ticket
from app.web.safe_redirects import safe_next
from app.web.suggested import Suggested, suggested

MEMBER_WRITE = "6 per minute; 60 per hour"
NEW_MEMBER_WRITE = "1 per 30 seconds; 60 per hour"
"""Members of whom fewer than two texts were approved (security.md S01)."""
LONGEST_LINK = 500
BODY_KIBIBYTES = 160
"""10,000 characters of four bytes each, percent-encoded, come to 117 KiB; the rest is the form."""


@blueprint.post("/articles/<slug>/ask")
@hands_out_token
@own_unit  # what may answer already is looked for before anything is written
@body_limit(BODY_KIBIBYTES)
def ask(slug: str) -> ResponseReturnValue:
    return _take(lambda: _under(slug)) if has_token() else _look_over(_under(slug))


@blueprint.get("/articles/<slug>/ask")
def ask_page(slug: str) -> ResponseReturnValue:
    """The box on a page of its own, for links from elsewhere."""
    return _draw(_under(slug), fresh_form())


@blueprint.get("/comments/<int(max=2147483647):comment_id>/reply")
def reply_page(comment_id: int) -> ResponseReturnValue:
    place = _below(comment_id)
    form = fresh_form()
    if is_staff():  # the desk opens a reply with a suggested link in it
        form.body.data = request.args.get("insert", "")[:LONGEST_LINK]
    return _draw(place, form)


@blueprint.post("/comments/<int(max=2147483647):comment_id>/reply")
@hands_out_token
@own_unit
@body_limit(BODY_KIBIBYTES)
def reply(comment_id: int) -> ResponseReturnValue:
    return _take(lambda: _below(comment_id)) if has_token() else _look_over(_below(comment_id))


@blueprint.get("/fresh-form")
def fresh() -> ResponseReturnValue:
    """The token and the ticket for a form in a page that is kept for everybody, as two fields."""
    return keep_nowhere(
        make_response(render_template("questions/_fresh.html", ticket=new_ticket()))
    )


@blueprint.post("/preview")
@own_unit  # it writes nothing, so it holds no write lock while it renders
@body_limit(BODY_KIBIBYTES)
@limiter.limit(PREVIEW)
def preview() -> ResponseReturnValue:
    """How a text will look: the server's own rendering, as a fragment of HTML."""
    try:
        source = admit(request.form.get("body", ""), limit=BODY_LIMIT)
    except UnfitText as unfit:
        return make_response(said(unfit), 422, {"Content-Type": "text/plain; charset=utf-8"})
    return render_template(
        "questions/_preview.html", html=texts.rendered(source, by_staff=is_staff())
    )


def _under(slug: str) -> Place:
    article = articles.find_to_write_under(slug)
    if article is None:
        abort(404)
    return Place(article)


def _below(comment_id: int) -> Place:
    parent = queries.find_visible(comment_id)
    if parent is None:
        abort(404)
    return Place(parent.article, parent)


def _take(find: Callable[[], Place]) -> ResponseReturnValue:
    """Take the text, or draw the form again with all that was typed. Where all is well its place
    is found once, in the transaction in which the text is written."""
    form = empty_form()
    if "answered" in request.form:
        return suggesting.thank(find(), form)
    if "insert" in request.form:
        form.body.data = f"{form.body.data or ''}\n\n{request.form['insert']}".strip()
        return _draw(find(), form, status=200)
    if "preview" in request.form:
        return _draw(find(), form, status=200, previewed=form.validate())
    try:
        if not form.validate_on_submit():
            return _draw(_open(find()), form, status=422)
        wanted = asked_here()
        if found := suggesting.before_sending(lambda: _open(find()), form, wanted):
            return _draw(find(), form, step=found)
        draft, writer = (
            form.draft(),
            Writer(viewer(), proven_addresses(), origin(), sent_from_here()),
        )
        if not is_staff():
            count(PREVIEW, scope="preparing")
        ready = prepare(draft, writer)  # while no write lock is held
        with unit_of_work():
            sent = _sent_before(wanted) or _submit(find(), form, draft, writer, ready, wanted)
            return _after(*sent)
    except Refusal as refusal:
        return _draw(find(), form, status=refusal.status, problem=refusal.public)
    except RateLimitExceeded as limit:
        answer = make_response(_draw(find(), form, status=429, problem=f"{_SLOWER} {when_again()}"))
        answer.headers["Retry-After"] = str(limit.limit.limit.get_expiry())
        return answer


def _look_over(place: Place) -> ResponseReturnValue:
    """The text came from a page that is the same for everybody, where no script had fetched what a
    form needs: its writer looks it over and sends it from here."""
    form = empty_form()
    form.ticket.data = new_ticket(is_timed=False)
    try:
        admit(form.body.data or "", limit=BODY_LIMIT)
    except UnfitText as unfit:
        return _draw(place, form, status=422, problem=said(unfit))
    found = suggesting.before_sending(lambda: place, form, None)
    return _draw(place, form, looks_over=True, previewed=True, step=found)


def _submit(
    place: Place,
    form: WriteForm,
    draft: Draft,
    writer: Writer,
    ready: Prepared,
    wanted: Asked | None,
) -> tuple[Comment, bool]:
    """Place the text, with everything as it stands now, as often as the limits let somebody; and
    whether it was published at once."""
    parent = _open(place).parent
    if parent is not None and is_staff():
        answering.check_words(parent, draft.source)
    if not is_staff():
        often = _how_often()
        count_network(often)
        count(often)
    comment = services.submit(place.article, parent, draft, writer, ready)
    suggesting.note_unused(form, comment)
    if form.follow.data:
        follow_along(comment)
    if wanted is not None:
        repeats.keep(wanted, subject_id=comment.id, answer=comment.status)
    return comment, comment.is_published


def _sent_before(wanted: Asked | None) -> tuple[Comment, bool] | None:
    """What the first of several equal requests sent; the others count as nothing."""
    first = repeats.find(wanted) if wanted is not None else None
    comment = queries.find(first.subject_id) if first is not None and first.subject_id else None
    if first is None or comment is None:
        return None
    return comment, first.answer == Status.APPROVED


def _how_often() -> str:
    """Guests seldom, new members with pauses, members whom a moderator let in twice freely."""
    account = viewer()
    if account is None:
        return WRITE
    is_known = has_approved(account.id, account.address_id, APPROVED_ENOUGH)
    return MEMBER_WRITE if is_known else NEW_MEMBER_WRITE


_SLOWER = sentence("That was a lot in a short time. Your text is here.")


def _open(place: Place) -> Place:
    """A place where this person may write now. Raises AccountNeeded, ClosedArticle."""
    if not may_ask():
        raise AccountNeeded
    if not _takes_texts(place):
        raise ClosedArticle
    return place


def _takes_texts(place: Place) -> bool:
    """Whether this person may write there."""
    takes = takes_comments if place.parent is None else takes_replies
    return takes(place.article)


def _draw(
    place: Place,
    form: WriteForm,
    *,
    status: int = 200,
    problem: str | None = None,
    previewed: bool = False,
    looks_over: bool = False,
    step: Sequence[Offer] = (),
) -> ResponseReturnValue:
    parent = place.parent
    page = render_template(
        "questions/write.html",
        article=place.article,
        parent=parent,
        form=form,
        problem=problem,
        may_ask=may_ask(),
        takes_comments=_takes_texts(place),
        preview=_drawn(form) if previewed else None,
        suggestions=_suggestions(parent),
        step=step,
        looks_over=looks_over,
        here=place.name,
        next_page=safe_next(request.values.get("next")),
    )
    return page, status


def _drawn(form: WriteForm) -> str:
    return texts.rendered(form.body.data or "", by_staff=is_staff())


def _suggestions(parent: Comment | None) -> list[Suggested]:
    """What already answers the question that staff are replying to."""
    if parent is None or not is_staff():
        return []
    question = parent if parent.is_question else queries.find_visible(parent.question_id or 0)
    about = question or parent
    tag_ids = {about.id: [link.tag_id for link in about.tags]}
    return suggested([about], tag_ids, on_the_spot=1)[about.id]


def _after(comment: Comment, was_published: bool) -> ResponseReturnValue:
    """Where the writer goes next: the published text, or the private page of one that waits."""
    if was_published:
        flash(_("Your text is published."))
        return redirect(safe_next(request.form.get("next")) or comment.href, 303)
    key = private_links.key_of(comment)
    own = [entry for entry in session.get("asked", []) if entry["id"] != comment.id]
    own.append({"id": comment.id, "article": comment.article_id, "key": key})
    session["asked"] = own[-REMEMBERED:]
    return redirect(url_for("questions.status", comment_id=comment.id, key=key), 303)
