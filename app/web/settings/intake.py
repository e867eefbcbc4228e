"""What the intake looks for in a new text, how much each thing weighs, and what the sum does."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domains.screening import plans
from app.engines.spam.checks import BY_NAME, Does
from app.engines.spam.intake import opens_the_door
from app.engines.spam.plan import Plan
from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.web.accounts.session import member
from app.web.moderation.wording import check_title
from app.web.settings import DOORS, Door, blueprint
from app.web.settings.intake_form import LIMITS, IntakeForm, filled, key_of

DOORS.append(
    Door(
        "settings.intake",
        sentence("Intake"),
        sentence(
            "What makes a new text wait or takes it for spam, and how much each thing weighs."
        ),
    )
)
SAYS = {
    Does.WEIGHS: sentence("Only adds its weight."),
    Does.HOLDS: sentence("Lets the text wait, whoever wrote it."),
    Does.SPAM: sentence("Makes the text spam."),
}


@blueprint.get("/intake")
def intake() -> ResponseReturnValue:
    plan, version = plans.seen()
    return _draw(plan, filled(plan, version))


@blueprint.post("/intake")
def save_intake() -> ResponseReturnValue:
    form = IntakeForm()
    if not form.validate_on_submit():
        return _draw(plans.current(), form, 422)
    plan = form.plan()
    try:
        plans.change(plan, seen=form.seen(), by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(plans.current(), form, refusal.status)
    flash(_("Saved. It counts for every text that comes in from now on."))
    return redirect(url_for("settings.intake"), 303)


def _draw(plan: Plan, form: IntakeForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "settings/intake.html",
        form=form,
        limits=LIMITS,
        checks=[(key_of(one.name), BY_NAME[one.name]) for one in plan.settings],
        says=SAYS,
        about=lambda check: _(check.about),
        check_title=check_title,
        is_open=opens_the_door(plan),
    )
    return page, status
