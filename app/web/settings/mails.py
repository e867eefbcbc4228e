"""Mails that were given up, and addresses to which nothing is sent any more."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import mail_stops
from app.engines.text.masks import masked_email
from app.notifications import dead_letters
from app.notifications.words import ABOUT
from app.web.accounts.session import member
from app.web.filters import counted
from app.web.numbers import whole_number
from app.web.settings import DOORS, Door, blueprint

PAGE = 50
LETTER = "/mails/<int(max=2147483647):job_id>"
DOORS.append(
    Door(
        "settings.mails",
        "Mail that did not arrive",
        "What could not be sent, and addresses from which mail came back.",
    )
)


@blueprint.get("/mails")
def mails() -> ResponseReturnValue:
    before = whole_number(request.args.get("before", ""))
    came_back_before = whole_number(request.args.get("came-back-before", ""))
    found = dead_letters.given_up(size=PAGE + 1, before=before)
    stops = mail_stops.all_in_force(size=PAGE + 1, before=came_back_before)
    return render_template(
        "settings/mails.html",
        letters=found[:PAGE],
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        stops=[(stop, masked_email(stop.address.email)) for stop in stops[:PAGE]],
        more_stops=stops[PAGE - 1].address_id if len(stops) > PAGE else None,
        about=ABOUT,
        at_once=dead_letters.AT_ONCE,
    )


@blueprint.post(f"{LETTER}/again")
def send_mail_again(job_id: int) -> ResponseReturnValue:
    dead_letters.send_again(job_id, by=member())
    return _back("The mail is on its way again.")


@blueprint.post("/mails/again")
def send_mails_again() -> ResponseReturnValue:
    count = dead_letters.send_all_again(by=member())
    return _back(f"{counted(count, 'mail is', 'mails are')} on the way again.")


@blueprint.post(f"{LETTER}/drop")
def drop_mail(job_id: int) -> ResponseReturnValue:
    dead_letters.drop(job_id, by=member())
    return _back("The mail is dropped and will not be sent.")


@blueprint.post("/mails/drop")
def drop_mails() -> ResponseReturnValue:
    count = dead_letters.drop_all(by=member())
    return _back(f"{counted(count, 'mail is', 'mails are')} dropped and will not be sent.")


def _back(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("settings.mails"), 303)
