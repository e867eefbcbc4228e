"""What is worth writing: open questions that are alike, and what else readers look for in vain."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.comments import asked
from app.infra.language import _, ngettext
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit
from app.search import gap_drafts, gap_report, gaps
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.numbers import wanted_place, whole_number

BESIDE = 10
"""Cards of each sort beside the list."""


@blueprint.get("/gaps", endpoint="gaps")
def gaps_page() -> ResponseReturnValue:
    found, ways = gap_report.gaps(wanted=wanted_place())
    most_asked, _ = asked.most_asked(size=BESIDE)
    not_helping, _ = asked.not_helping(size=BESIDE)
    return render_template(
        "author/gaps.html",
        gaps=found,
        ways=ways,
        made_at=gap_report.made_at(),
        most_asked=[one for one in most_asked if one.people],
        not_helping=not_helping,
        misses=gap_report.misses(),
    )


@blueprint.post("/gaps/again")
@own_unit  # all open questions are read and compared before anything is written
def look_again() -> ResponseReturnValue:
    found = gaps.look_again()
    flash(_seen(found))
    return redirect(url_for("author.gaps"), 303)


@blueprint.post("/gaps/draft")
def start_gap_draft() -> ResponseReturnValue:
    """Begin a draft for the questions named in the form, or for words that found nothing."""
    ids = [whole_number(text) for text in request.form.getlist("question")]
    try:
        draft = gap_drafts.begin(
            request.form.get("title", ""), {ref for ref in ids if ref is not None}, by=member()
        )
    except Refusal as refusal:
        flash(refusal.public)
        return redirect(url_for("author.gaps"), 303)
    flash(_("A draft is begun. Only you can see it."))
    return redirect(url_for("author.edit_article", article_id=draft.id), 303)


def _seen(found: int) -> str:
    if not found:
        return _("Looked again. No open questions are alike.")
    return ngettext(
        "Looked again. One subject is worth writing about.",
        "Looked again. %(num)s subjects are worth writing about.",
        found,
    )
