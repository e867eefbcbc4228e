"""The words in which readers ask, proposed as synonyms of tags: many are decided on at once."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.tags import proposals
from app.infra.language import _, grouped, ngettext
from app.search import learning
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.numbers import whole_number

MOST_AT_ONCE = 200


@blueprint.get("/lexicon")
def lexicon() -> ResponseReturnValue:
    waiting = proposals.waiting()
    return render_template(
        "author/lexicon.html",
        waiting=waiting,
        total=proposals.count_open(),
        most_counted=proposals.COUNTED,
        examples=learning.examples(waiting),
        lately=proposals.decided_lately(),
    )


@blueprint.post("/lexicon")
def decide_phrases() -> ResponseReturnValue:
    """Yes or no to all that are ticked, by the button that was pressed."""
    ticked = _numbers(request.form.getlist("phrase")[:MOST_AT_ONCE])
    says_yes = request.form.get("verb") == "yes"
    if not says_yes and request.form.get("verb") != "no":
        abort(400)
    yes, no = proposals.decide(ticked if says_yes else [], [] if says_yes else ticked, member())
    flash(_told(yes, no, len(set(ticked))))
    return redirect(url_for("author.lexicon"), 303)


@blueprint.post("/lexicon/<int(max=2147483647):proposal_id>/take-back")
def take_back_phrase(proposal_id: int) -> ResponseReturnValue:
    proposal = proposals.find_to_change(proposal_id)
    if proposal is None:
        abort(404)
    proposals.take_back(proposal, member())
    flash(_("“%(words)s” waits for a yes or a no again.", words=proposal.phrase))
    return redirect(url_for("author.lexicon"), 303)


def _numbers(typed: list[str]) -> list[int]:
    return [number for one in typed if (number := whole_number(one)) is not None]


def _told(yes: int, no: int, ticked: int) -> str:
    left = ticked - yes - no
    if yes:
        said = ngettext(
            "%(num)s phrase became a synonym. Questions that use them are tagged in a moment.",
            "%(num)s phrases became synonyms. Questions that use them are tagged in a moment.",
            yes,
        )
    elif no:
        said = ngettext(
            "%(num)s phrase will not be proposed again.",
            "%(num)s phrases will not be proposed again.",
            no,
        )
    else:
        said = _("Nothing was decided.") if left else _("Nothing was ticked.")
    rest = _(
        "%(number)s were left: decided meanwhile, or the name of another tag.", number=grouped(left)
    )
    return f"{said} {rest}" if left else said
