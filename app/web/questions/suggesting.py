"""What may answer a question already: offered while it is typed, and as a step before it is sent.

The form remembers what was offered, signed, in its field `seen`: whoever saw it is not asked twice,
and what became of each thing is noted (`search.outcomes`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from itsdangerous import BadData, URLSafeSerializer

from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.engines.text.kinds import guess_kind
from app.infra import repeats, tokens
from app.infra.http.bodies import body_limit
from app.infra.http.limits import count, limiter
from app.infra.language import _
from app.infra.repeats import Asked
from app.infra.unit_of_work import own_unit, unit_of_work
from app.search import offers, outcomes, stored
from app.search.offers import Link, Offer
from app.web.questions import blueprint
from app.web.questions.forms import WriteForm
from app.web.questions.place import Place
from app.web.questions.thread import is_staff, may_ask, takes_comments
from app.web.safe_redirects import safe_next

SUGGEST = "40 per minute"
NOTE = "30 per hour"
"""How many "this answered it" of one network are noted; the thanks comes every time."""
SHORTEST = 12
"""Characters typed before anything is looked for: fewer ask nothing yet."""
LONGEST = 4_000
"""Characters that are looked at; what is asked stands near the beginning."""
BODY_KIBIBYTES = 160
TYPING, STEP, PRIVATE = "typing", "step", "private"
"""Where suggestions are shown: under the box, before sending, on the writer's private page."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One thing that was offered, as a form remembers it."""

    kind: str
    ref: int
    by_words: float
    by_meaning: float

    @property
    def thing(self) -> tuple[str, int]:
        return self.kind, self.ref


@dataclass(frozen=True, slots=True)
class Seen:
    """What was offered and where, best first."""

    place: str
    things: tuple[Remembered, ...]


@blueprint.post("/suggest")
@own_unit  # it writes nothing, so it holds no write lock while it looks
@body_limit(BODY_KIBIBYTES)
@limiter.limit(SUGGEST)
def suggest() -> ResponseReturnValue:
    """What may answer the text in the box, as a fragment of HTML; 204 where there is nothing."""
    text = request.form.get("body", "").strip()[:LONGEST]
    is_comment = request.form.get("kind") == Kind.COMMENT
    if is_staff() or is_comment or len(text) < SHORTEST:
        return "", 204
    found = offers.for_asker(text, without=_here())
    if not found:
        return "", 204
    return render_template("questions/_offers.html", offers=found, seen=remembered(TYPING, found))


def before_sending(find: Callable[[], Place], form: WriteForm, wanted: Asked | None) -> list[Offer]:
    """What to show before a valid question is sent; empty where it goes at once: for staff, for
    comments, for whoever saw it under the box, and for a repeat (`wanted`). Looks, and writes
    nothing.
    """
    text = form.body.data or ""
    kind = form.kind.data or guess_kind(text)
    if is_staff() or kind != Kind.QUESTION or seen_by(form.seen.data) is not None:
        return []
    if wanted is not None and repeats.look(wanted) is not None:
        return []
    try:
        count(SUGGEST, scope="before sending")
        found = offers.for_asker(text[:LONGEST], without=find().here)
    except RateLimitExceeded:
        return []  # how often somebody may write is counted where it is sent
    form.seen.data = remembered(STEP, found)
    return found


def for_waiting(comment: Comment) -> list[Offer]:
    """What may answer a question that waits, for its private page."""
    return offers.answering(stored.for_comments([comment], limit=stored.MOST)[comment.id])


def note_unused(form: WriteForm, comment: Comment) -> None:
    """A question was sent after all: what was offered before did not answer it."""
    seen = seen_by(form.seen.data)
    if seen is not None and comment.is_question:
        outcomes.shown(seen.place, comment.source, seen.things)


def thank(place: Place, form: WriteForm) -> ResponseReturnValue:
    """Something that was offered answered it: nothing is sent, the draft is kept in a form."""
    seen = seen_by(form.seen.data)
    chosen = _chosen(seen)
    if seen is not None and chosen is not None:
        _note(seen, chosen, form.body.data or "")
        form.seen.data = _signer().dumps([seen.place, []])
    page = render_template(
        "questions/answered.html",
        article=place.article,
        parent=place.parent,
        form=form,
        is_known=chosen is not None,
        link=_link(chosen),
        may_ask=may_ask(),
        takes_comments=takes_comments(place.article),
        here=place.name,
        next_page=safe_next(request.form.get("next")),
    )
    return make_response(page, 200 if chosen is not None else 422)


def thank_for_waiting(comment: Comment, key: str) -> ResponseReturnValue:
    """The same for a question that waits: its private page then asks whether to take it back."""
    seen = seen_by(request.form.get("seen"))
    chosen = _chosen(seen)
    if seen is None or chosen is None:
        flash(_("That suggestion is not there any more. Nothing was changed."))
        return redirect(url_for("questions.status", comment_id=comment.id, key=key), 303)
    _note(seen, chosen, comment.source)
    said = f"{chosen.kind}:{chosen.ref}"
    page = url_for("questions.status", comment_id=comment.id, key=key, answered=said)
    return redirect(page, 303)


def answered_by() -> Link | None:
    """What the private page's address says has answered, as everyone may read it."""
    kind, _, number = request.args.get("answered", "").partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER
    return offers.link_to(kind, int(number)) if is_number else None


def remembered(place: str, found: Sequence[Offer]) -> str:
    """What was offered, as a form carries it; whoever changes it has seen nothing."""
    things = [
        [
            offer.alike.kind,
            offer.alike.ref,
            round(offer.alike.by_words, 4),
            round(offer.alike.by_meaning, 4),
        ]
        for offer in found
    ]
    return _signer().dumps([place, things])


def seen_by(token: str | None) -> Seen | None:
    """What a form remembers; None for one that remembers nothing, or not what we signed."""
    if not token:
        return None
    try:
        place, things = _signer().loads(token)
    except BadData:
        return None
    return Seen(place, tuple(Remembered(*thing) for thing in things))


_LONGEST_NUMBER = 10


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(tokens.signing_secrets(), salt="seen suggestions")


def _here() -> list[tuple[str, int]]:
    """What the page that asks is about (`?here=article:3`), to be left out."""
    kind, _, number = request.args.get("here", "").partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER
    return [(kind, int(number))] if is_number else []


def _chosen(seen: Seen | None) -> Remembered | None:
    """The thing whose button was pressed, if it was offered."""
    pressed = request.form.get("answered", "")
    things = seen.things if seen is not None else ()
    return next((one for one in things if f"{one.kind}:{one.ref}" == pressed), None)


def _note(seen: Seen, chosen: Remembered, asked: str) -> None:
    try:
        count(NOTE, scope="answered")
        with unit_of_work():
            rank = seen.things.index(chosen) + 1
            outcomes.taken(seen.place, asked, chosen, rank)
            outcomes.shown(seen.place, asked, seen.things, but=chosen.thing)
    except RateLimitExceeded:
        return  # noted often enough to be tuned by


def _link(chosen: Remembered | None) -> Link | None:
    return offers.link_to(*chosen.thing) if chosen is not None else None
