"""What readers asked in the last seven days, as the weekly mail would tell it now, and whether the
author wants that mail."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from app.infra import clock
from app.infra.language import _, sentence
from app.notifications import queries, services
from app.notifications.states import Topic
from app.web.accounts.session import member
from app.web.author import blueprint
from app.web.forms import Form
from app.weekly import digest, sending
from app.weekly.weeks import WEEK, next_to_tell


class WeekMailForm(Form):
    is_wanted = BooleanField(sentence("Mail me this every Monday morning"))


@blueprint.get("/week")
def week() -> ResponseReturnValue:
    account, now = member(), clock.now()
    return render_template(
        "author/week.html",
        digest=digest.read(account, now - WEEK, now),
        most=digest.MOST_QUESTIONS,
        next_mail=next_to_tell(now, sending.zone_of(account.time_zone)),
        form=WeekMailForm(is_wanted=queries.wants(account.address_id, Topic.WEEK)),
    )


@blueprint.post("/week")
def choose_week_mail() -> ResponseReturnValue:
    form, address_id = WeekMailForm(), member().address_id
    if form.is_wanted.data:
        services.take_again(address_id, Topic.WEEK)
        flash(_("You get this mail on Mondays, for weeks in which somebody asked something."))
    else:
        services.unsubscribe(address_id, Topic.WEEK)
        flash(_("You get this mail no more. This page stays."))
    return redirect(url_for("author.week"), 303)
