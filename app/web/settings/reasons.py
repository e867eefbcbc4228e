"""The site's list of reasons for a rejection: changed, added to, put in order, taken away."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.moderation import reasons
from app.domains.moderation.reasons import MOST, Reason, UnfitReasons
from app.infra.language import _, sentence
from app.infra.stored_settings import ChangedMeanwhile
from app.web.accounts.session import member
from app.web.numbers import whole_number
from app.web.settings import DOORS, Door, blueprint

DOORS.append(
    Door(
        "settings.reasons",
        sentence("Reasons for a rejection"),
        sentence("What moderators choose from, and what the writers read."),
    )
)


@blueprint.get("/reasons", endpoint="reasons")
def reasons_list() -> ResponseReturnValue:
    found, version = reasons.with_version()
    return _drawn(found, version)


@blueprint.post("/reasons")
def save_reasons() -> ResponseReturnValue:
    typed, seen = _typed(), whole_number(request.form.get("version", "")) or 0
    kept = [one for one in typed if one.words or one.sentence]
    try:
        reasons.change(kept, seen=seen, by=member())
    except UnfitReasons as unfit:
        return _drawn(kept, seen, problem=unfit.public, field=unfit.field), unfit.status
    except ChangedMeanwhile as changed:
        return _drawn(kept, seen, problem=changed.public), changed.status
    flash(_("The list is saved."))
    return redirect(url_for("settings.reasons"), 303)


def _typed() -> list[Reason]:
    """The rows of the form in the order that their numbers say; rows to be removed are left out."""
    words = request.form.getlist("words")[: MOST + 1]
    sentences = request.form.getlist("sentence")
    orders = request.form.getlist("order")
    removed = {whole_number(number) for number in request.form.getlist("remove")}
    rows = []
    for number, text in enumerate(words):
        sentence = sentences[number] if number < len(sentences) else ""
        order = whole_number(orders[number]) if number < len(orders) else None
        if number not in removed:
            rows.append((order if order is not None else MOST, number, text, sentence))
    return [Reason(text.strip(), sentence.strip()) for _, _, text, sentence in sorted(rows)]


def _drawn(found: Sequence[Reason], version: int, *, problem: str = "", field: str = "") -> str:
    return render_template(
        "settings/reasons.html",
        reasons=found if len(found) >= MOST else [*found, Reason("", "")],
        version=version,
        problem=problem,
        field=field,
        known=len(found),
    )
