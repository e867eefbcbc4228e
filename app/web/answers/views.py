"""All answers, and one answer with the questions that it answers."""

from __future__ import annotations

from flask import abort, redirect, render_template
from flask.typing import ResponseReturnValue

from app.domains.answers import policy, queries
from app.domains.answers.addresses import find_former
from app.domains.answers.resting import pointers_of
from app.domains.comments import asked
from app.domains.comments.answered_by import questions_of
from app.engines.text.excerpt import excerpt
from app.infra.http.links import absolute
from app.infra.kept.keeping import kept
from app.infra.kept.marking import SITE, THREADS
from app.search.related import related_to
from app.web.accounts.session import viewer
from app.web.answers import blueprint
from app.web.numbers import wanted_place
from app.web.structured import card_json, json_ld


@blueprint.get("/answers/")
@kept(SITE, THREADS, query=("after", "before"))
def index() -> ResponseReturnValue:
    """What most people asked first; retired cards are not among them."""
    cards, ways = asked.most_asked(wanted=wanted_place())
    return render_template(
        "answers/index.html",
        cards=cards,
        ways=ways,
        canonical=absolute("/answers/") if ways.is_first else None,
    )


@blueprint.get("/answers/<slug>")
@kept(SITE, THREADS, query=("after", "before"))
def show(slug: str) -> ResponseReturnValue:
    """One answer, retired or not, also under an address it had: links to it go on working."""
    card = queries.find(slug)
    if card is None:
        return _moved(slug)
    questions, ways = questions_of(card.id, wanted=wanted_place())
    pointers = pointers_of([card.id]).get(card.id, ())
    return render_template(
        "answers/show.html",
        card=card,
        pointers=pointers,
        related=related_to(
            "card",
            card.id,
            shown=[*(one.href for one in pointers), *(one.href for one in questions)],
        ),
        people=asked.people([card.id])[card.id],
        questions=questions,
        ways=ways,
        description=excerpt(card.html, 155),
        may_edit=policy.may_write_cards(viewer()),
        canonical=absolute(card.href) if ways.is_first else None,
        structured=json_ld(card_json(card)),
    )


def _moved(slug: str) -> ResponseReturnValue:
    """The way on where a card had this address once; 404 where none had."""
    former = find_former(slug)
    if former is None:
        abort(404)
    return redirect(former.href, 301)
