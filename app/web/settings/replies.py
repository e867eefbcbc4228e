"""Answers by mail: whether readers may send them, and what came in lately."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField

from app.infra.language import _, sentence
from app.infra.refusal import Refusal
from app.notifications.replies import addresses, listing, policy
from app.notifications.replies.states import WORDS, reason
from app.web.accounts.session import member
from app.web.forms import Form
from app.web.numbers import wanted_place, whole_number
from app.web.settings import DOORS, Door, blueprint

PAGE = 50
DOORS.append(
    Door(
        "settings.replies",
        sentence("Answers by mail"),
        sentence(
            "Whether readers may answer a mail instead of opening the page, and what came in."
        ),
    )
)


class RepliesForm(Form):
    """`version` is the one that was seen."""

    readers = BooleanField(sentence("Readers may answer by mail too"))
    version = HiddenField()


@blueprint.get("/replies")
def replies() -> ResponseReturnValue:
    readers, version = policy.with_version()
    return _draw(RepliesForm(readers=readers, version=str(version)))


@blueprint.post("/replies")
def save_replies() -> ResponseReturnValue:
    form = RepliesForm()
    if not form.validate_on_submit():
        return _draw(form, 422)
    try:
        seen = whole_number(form.version.data or "") or 0
        policy.switch(form.readers.data, seen=seen, by=member())
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, refusal.status)
    flash(_("Saved."))
    return redirect(url_for("settings.replies"), 303)


def _draw(form: RepliesForm, status: int = 200) -> ResponseReturnValue:
    mails, ways = listing.lately(wanted=wanted_place(), size=PAGE)
    page = render_template(
        "settings/replies.html",
        form=form,
        is_on=addresses.is_on(),
        mails=mails,
        ways=ways,
        words=WORDS,
        reason=reason,
        days=listing.KEPT.days,
    )
    return page, status
