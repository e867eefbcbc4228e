"""Answer cards as authors see them: the lists, writing, what a card said before, retiring."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app.domains.answers import keeping, policy, queries, services
from app.domains.answers.errors import StaleCard
from app.domains.answers.models import AnswerCard
from app.domains.answers.services import SOURCE_LENGTH
from app.domains.comments import asked, making
from app.domains.comments import cards as linking
from app.domains.comments import queries as comments
from app.domains.comments.answered_by import linked_to
from app.engines.text.admission import admit
from app.engines.text.errors import UnfitText
from app.engines.text.render import render_reply
from app.infra.admitted import said
from app.infra.db import db
from app.infra.http.bodies import body_limit
from app.infra.http.limits import PREVIEW, limiter
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.author.forms import CardForm
from app.web.numbers import wanted_place

TEXT_KIBIBYTES = 320
"""20,000 characters of four bytes each, percent-encoded, come to 235 KiB; the rest is the form."""
LISTS = {
    "asked": (sentence("Most asked"), asked.most_asked),
    "not-helping": (sentence("Not helping"), asked.not_helping),
    "recheck": (sentence("To look at again"), asked.to_recheck),
    "retired": (sentence("Retired"), asked.retired),
}


@blueprint.get("/cards", endpoint="cards")
def list_cards() -> ResponseReturnValue:
    """All authors' cards: they speak with one voice."""
    wanted = request.args.get("list", "asked")
    wanted = wanted if wanted in LISTS else "asked"
    found, ways = LISTS[wanted][1](wanted=wanted_place())
    lists = [
        (key, label, url_for("author.cards", list=key if key != "asked" else None), None)
        for key, (label, _) in LISTS.items()
    ]
    return render_template("author/cards.html", cards=found, ways=ways, lists=lists, wanted=wanted)


@blueprint.get("/cards/new")
def new_card() -> ResponseReturnValue:
    """The address may bring a title: what several readers asked."""
    return _draw(CardForm(title=request.args.get("title", "")), None)


@blueprint.post("/cards/new")
@body_limit(TEXT_KIBIBYTES)
def create_card() -> ResponseReturnValue:
    form = CardForm()
    if _wants_preview():
        return _draw(form, None, preview=True)
    if not form.validate_on_submit():
        return _draw(form, None, 422)
    try:
        card = services.create(**form.facts(), by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, None, 422)
    flash(
        _(
            "“%(title)s” is an answer now. It is offered wherever somebody asks this.",
            title=card.title,
        )
    )
    return redirect(url_for("author.edit_card", card_id=card.id), 303)


@blueprint.get("/cards/<int(max=2147483647):card_id>")
def edit_card(card_id: int) -> ResponseReturnValue:
    card = _wanted(card_id)
    return _draw(CardForm.of(card), card)


@blueprint.post("/cards/<int(max=2147483647):card_id>")
@body_limit(TEXT_KIBIBYTES)
def save_card(card_id: int) -> ResponseReturnValue:
    card = _wanted(card_id)
    form = CardForm()
    if _wants_preview():
        return _draw(form, card, preview=True)
    if not form.validate_on_submit():
        return _draw(form, card, 422)
    try:
        services.edit(card, **form.facts(), by=member(), version=form.seen_version)
    except StaleCard as stale:
        db.session.refresh(card)
        form.refuse(stale)
        form.version.data = str(card.version)  # who saves again has seen the warning
        return _draw(form, card, stale.status)
    except Refusal as refusal:
        db.session.refresh(card)
        form.refuse(refusal)
        return _draw(form, card, 422)
    flash(_("Saved. It says this now wherever it answers."))
    return redirect(url_for("author.edit_card", card_id=card.id), 303)


@blueprint.post("/cards/<int(max=2147483647):card_id>/retire")
def retire_card(card_id: int) -> ResponseReturnValue:
    card = _wanted(card_id)
    keeping.retire(card, by=member())
    flash(_("Retired. It stays where it answers and is offered to nobody else."))
    return redirect(url_for("author.edit_card", card_id=card.id), 303)


@blueprint.post("/cards/<int(max=2147483647):card_id>/take-over")
def take_over_card(card_id: int) -> ResponseReturnValue:
    """Look after a card whose owner left."""
    card = queries.find_to_change(card_id)
    if card is None:
        abort(404)
    keeping.take_over(card, by=member())
    flash(_("It is yours now. What askers say of it is mailed to you."))
    return redirect(url_for("author.edit_card", card_id=card.id), 303)


@blueprint.post("/cards/<int(max=2147483647):card_id>/restore")
def restore_card(card_id: int) -> ResponseReturnValue:
    card = _wanted(card_id)
    keeping.restore(card, by=member())
    flash(_("Restored. It is offered again wherever somebody asks this."))
    return redirect(url_for("author.edit_card", card_id=card.id), 303)


@blueprint.post("/cards/<int(max=2147483647):card_id>/revisions/<int(max=2147483647):revision_id>")
def bring_back_card(card_id: int, revision_id: int) -> ResponseReturnValue:
    """Let a card say again what it said before; a stale page is refused as the form is."""
    card = _wanted(card_id)
    revision = queries.find_revision(card, revision_id)
    if revision is None:
        abort(404)
    seen = CardForm().seen_version
    services.bring_back(card, revision, by=member(), version=seen)
    flash(_("It says again what it said before."))
    return redirect(url_for("author.edit_card", card_id=card.id), 303)


@blueprint.post("/cards/of/<int(max=2147483647):comment_id>")
def card_of_reply(comment_id: int) -> ResponseReturnValue:
    """A reply becomes a card in one act; its page opens, where it can be made fit for everybody."""
    reply = comments.find_to_change(comment_id)
    if reply is None:
        abort(404)
    card = making.make_card_of(reply, by=member())
    flash(_("This reply is an answer for everybody now. Look whether it stands by itself."))
    return redirect(url_for("author.edit_card", card_id=card.id), 303)


@blueprint.post("/cards/links/<int(max=2147483647):link_id>/unlink")
def unlink_card(link_id: int) -> ResponseReturnValue:
    link = queries.find_link(link_id)
    if link is None:
        abort(404)
    card_id = link.card_id
    linking.take_back(link, by=member())
    flash(_("Taken away. The question is open again unless something else answers it."))
    return redirect(url_for("author.edit_card", card_id=card_id, _anchor="questions"), 303)


@blueprint.post("/cards/preview")
@own_unit  # it writes nothing, and drawing a long text must not keep others from writing
@body_limit(TEXT_KIBIBYTES)
@limiter.limit(PREVIEW)
def preview_card() -> ResponseReturnValue:
    """How an answer will look in its threads: the server's own rendering, as a fragment."""
    try:
        source = admit(request.form.get("source", ""), limit=SOURCE_LENGTH)
    except UnfitText as unfit:
        return make_response(said(unfit), 422, {"Content-Type": "text/plain; charset=utf-8"})
    return render_reply(source)


def _wants_preview() -> bool:
    return request.form.get("act") == "preview"


def _wanted(card_id: int) -> AnswerCard:
    card = queries.find_by_id(card_id)
    if card is None:
        abort(404)
    return card


def _draw(
    form: CardForm, card: AnswerCard | None, status: int = 200, *, preview: bool = False
) -> Response:
    form.offer()
    page = render_template(
        "author/card.html",
        form=form,
        card=card,
        preview=render_reply(form.source.data or "") if preview else None,
        **(_around(card) if card else {}),
    )
    return make_response(page, status)


def _around(card: AnswerCard) -> dict[str, object]:
    """What stands beside the form: the questions, what askers said, and the former texts."""
    linked, ways = linked_to(card.id, wanted=wanted_place())
    return {
        "linked": linked,
        "ways": ways,
        "people": asked.people([card.id])[card.id],
        "revisions": queries.revisions(card),
        "is_looked_after": policy.may_own_cards(card.owner),
    }
