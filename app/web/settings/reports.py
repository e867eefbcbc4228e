"""What readers can report, and how much of it hides a text until a moderator has looked."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField, TextAreaField

from app.domains.moderation.reported import report_settings, weights
from app.domains.moderation.reported.report_settings import (
    HIGHEST_THRESHOLD,
    MOST_REASONS,
    OTHER,
    WORDS_LENGTH,
    ReportSettings,
)
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.forms import Body, Form
from app.web.numbers import whole_number
from app.web.settings import DOORS, Door, blueprint
from app.web.settings.bounds import Between

DOORS.append(
    Door(
        "settings.reports",
        sentence("Reports by readers"),
        sentence("What readers can say is wrong with a text, and how many of them hide it."),
    )
)


class ReportSettingsForm(Form):
    """The list, a reason a line, and the threshold; `version` is the one that was seen."""

    reasons = TextAreaField(sentence("Reasons"), [Body(MOST_REASONS * (WORDS_LENGTH + 2))])
    threshold = IntegerField(sentence("Weight that hides a text"), [Between(1, HIGHEST_THRESHOLD)])
    version = HiddenField()


@blueprint.get("/reports")
def reports() -> ResponseReturnValue:
    settings = report_settings.current()
    return _draw(settings, _filled(settings))


@blueprint.post("/reports")
def save_reports() -> ResponseReturnValue:
    settings = report_settings.current()
    form = ReportSettingsForm()
    if not form.validate_on_submit():
        return _draw(settings, form, 422)
    try:
        report_settings.change(
            (form.reasons.data or "").splitlines(),
            form.threshold.data,
            seen=whole_number(form.version.data or "") or 0,
            by=member(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(settings, form, refusal.status)
    flash(_("Saved. It counts for every report from now on."))
    return redirect(url_for("settings.reports"), 303)


def _filled(settings: ReportSettings) -> ReportSettingsForm:
    lines = [str(words) for key, words in settings.reasons.items() if key != OTHER]
    return ReportSettingsForm(
        reasons="\n".join(lines), threshold=settings.threshold, version=str(settings.version)
    )


def _draw(
    settings: ReportSettings, form: ReportSettingsForm, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "settings/reports.html", form=form, other=settings.reasons[OTHER], weights=weights
    )
    return page, status
