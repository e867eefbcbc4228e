"""Mails that were given up, and addresses to which nothing is sent any more."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import mail_stops
from app.engines.text.masks import masked_email
from app.infra.language import _, ngettext, sentence
from app.notifications import dead_letters, returned
from app.notifications.words import ABOUT
from app.web.accounts.session import member
from app.web.numbers import wanted_place
from app.web.settings import DOORS, Door, blueprint

LETTER = "/mails/<int(max=2147483647):job_id>"
DOORS.append(
    Door(
        "settings.mails",
        sentence("Mail that did not arrive"),
        sentence("What could not be sent, and addresses from which mail came back."),
    )
)


@blueprint.get("/mails")
def mails() -> ResponseReturnValue:
    letters, ways = dead_letters.given_up(wanted=wanted_place())
    return render_template(
        "settings/mails.html",
        letters=letters,
        ways=ways,
        about=ABOUT,
        at_once=dead_letters.AT_ONCE,
    )


@blueprint.get("/mails/stopped")
def stopped_mail() -> ResponseReturnValue:
    stops, ways = mail_stops.all_in_force(wanted=wanted_place())
    named = [(stop, masked_email(stop.address.email)) for stop in stops]
    return render_template("settings/stopped_mail.html", stops=named, ways=ways)


@blueprint.post("/mails/stopped/<int(max=2147483647):address_id>/lift")
def lift_mail_stop(address_id: int) -> ResponseReturnValue:
    returned.lift(address_id, by=member())
    flash(_("Mail goes to this address again."))
    return redirect(url_for("settings.stopped_mail"), 303)


@blueprint.post(f"{LETTER}/again")
def send_mail_again(job_id: int) -> ResponseReturnValue:
    dead_letters.send_again(job_id, by=member())
    return _back(_("The mail is on its way again."))


@blueprint.post("/mails/again")
def send_mails_again() -> ResponseReturnValue:
    count = dead_letters.send_all_again(by=member())
    return _back(
        ngettext("%(num)s mail is on the way again.", "%(num)s mails are on the way again.", count)
    )


@blueprint.post(f"{LETTER}/drop")
def drop_mail(job_id: int) -> ResponseReturnValue:
    dead_letters.drop(job_id, by=member())
    return _back(_("The mail is dropped and will not be sent."))


@blueprint.post("/mails/drop")
def drop_mails() -> ResponseReturnValue:
    count = dead_letters.drop_all(by=member())
    return _back(
        ngettext(
            "%(num)s mail is dropped and will not be sent.",
            "%(num)s mails are dropped and will not be sent.",
            count,
        )
    )


def _back(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("settings.mails"), 303)
