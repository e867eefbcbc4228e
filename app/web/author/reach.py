"""Publish and reach back: who asked for an article or a resource, and telling them in one act that
was looked over."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.domains.answers import queries as answers
from app.domains.answers.errors import UnfitCard
from app.domains.answers.models import AnswerCard
from app.domains.articles import authoring
from app.domains.articles import policy as articles
from app.domains.comments import reaching, texts
from app.domains.moderation.bulk import batches
from app.domains.resources import queries as resources
from app.infra.audit import AuditEntry
from app.infra.http.bodies import body_limit
from app.infra.language import _, ngettext
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit, unit_of_work
from app.search import reach
from app.search.reach import Asked, Thing
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.author.reach_form import ReachForm

BODY_KIBIBYTES = 160
"""10,000 characters of four bytes each, percent-encoded, come to 117 KiB; the rest is the form."""
WHERE = "/reach/<any(article, resource):published>/<int(max=2147483647):thing_id>"


@blueprint.get(WHERE, endpoint="reach")
def reach_page(published: str, thing_id: int) -> ResponseReturnValue:
    thing = _wanted(published, thing_id)
    return _draw(thing, ReachForm.fresh(thing))


@blueprint.post(WHERE)
@own_unit  # what was refused half-way is undone before the page is drawn again
@body_limit(BODY_KIBIBYTES)
def reach_back(published: str, thing_id: int) -> ResponseReturnValue:
    """Show once more what will be done, and to how many people; do it where that was seen."""
    thing = _wanted(published, thing_id)
    form = ReachForm()
    if not form.validate_on_submit() or "change" in request.form:
        return _draw(thing, form, 422 if form.errors else 200)
    try:
        if "seen" not in request.form:
            return _look_over(thing, form)
        if len(form.chosen) > reaching.AT_ONCE:
            return _begin(thing, form)
        found = _found(thing)
        with unit_of_work():
            done = _act(_wanted(published, thing_id), form)
            if done and not _was_done_before(found, form):
                reach.note(thing, found, form.chosen)
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(thing, form, refusal.status)
    return _after(done, thing)


def _wanted(published: str, thing_id: int) -> Thing:
    """What was published, if this person may edit it; for all others it is not there."""
    found: Thing | None = None
    if published == "resource":
        resource = resources.find_resource_by_id(thing_id)
        found = reach.resource(resource) if resource is not None else None
    else:
        article = authoring.find(thing_id)
        if article is not None and articles.may_edit(member(), article):
            found = reach.article(article)
    if found is None:
        abort(404)
    return found


def _act(thing: Thing, form: ReachForm) -> list[AuditEntry]:
    if form.by_card:
        return reaching.link_all(form.chosen, _card(form), by=member(), batch=form.batch)
    return reaching.reply_to_all(
        form.chosen,
        form.body.data or "",
        by=member(),
        batch=form.batch,
        thing=_named(thing),
    )


def _begin(thing: Thing, form: ReachForm) -> ResponseReturnValue:
    """More than one transaction holds: a worker answers them, a page says how far it is."""
    found = _found(thing)
    with unit_of_work():
        batch, is_new = batches.start_reaching_back(
            form.chosen,
            form.body.data or "",
            _card(form) if form.by_card else None,
            by=member(),
            key=form.batch,
            thing=_named(thing),
        )
        if is_new:
            reach.note(thing, found, form.chosen)
    return redirect(url_for("moderation.batch", batch_id=batch.id), 303)


def _was_done_before(found: Sequence[Asked], form: ReachForm) -> bool:
    """What is answered is found no more: of a second click nothing is."""
    return not any(one.ref in form.chosen for one in found)


def _named(thing: Thing) -> str:
    """How the record calls it."""
    return f"{thing.kind} {thing.id}"


def _card(form: ReachForm) -> AnswerCard:
    card = answers.find_by_id(form.card.data or 0)
    if card is None:
        raise UnfitCard(_("Choose the card that answers these questions."), "card")
    return card


def _look_over(thing: Thing, form: ReachForm) -> ResponseReturnValue:
    """The chosen questions with what will stand below them. Nothing is written yet."""
    chosen = [one for one in _found(thing) if one.question.id in form.chosen]
    card = _card(form) if form.by_card else None
    reaching.check([one.question for one in chosen], form.body.data or "", card, by=member())
    preview = None if card else texts.rendered(form.body.data or "", by_staff=True)
    return render_template(
        "author/reach_over.html",
        thing=thing,
        form=form,
        chosen=chosen,
        people=reach.people_behind(chosen),
        card=card,
        preview=preview,
        at_once=reaching.AT_ONCE,
    )


def _found(thing: Thing) -> list[Asked]:
    return reach.questions_for(thing, member())


def _after(done: Sequence[AuditEntry], thing: Thing) -> ResponseReturnValue:
    here = url_for("author.reach", published=thing.kind, thing_id=thing.id)
    if not done:
        flash(_("Nothing was left to answer: these questions were hidden or answered meanwhile."))
        return redirect(here, 303)
    answered = ngettext(
        "One question is answered. Mails go out in half a minute.",
        "%(num)s questions are answered. Mails go out in half a minute.",
        len(done),
    )
    record = url_for("moderation.log", batch=done[0].batch)
    way = Markup('<a href="{}">{}</a>').format(record, _("Undo in the record"))
    flash(Markup("{} {}").format(answered, way))
    return redirect(here, 303)


def _draw(thing: Thing, form: ReachForm, status: int = 200) -> ResponseReturnValue:
    found = _found(thing)
    page = render_template(
        "author/reach.html",
        thing=thing,
        form=form,
        found=found,
        ticked=form.ticked(found),
        most=reaching.MOST,
        at_once=reaching.AT_ONCE,
    )
    return page, status
