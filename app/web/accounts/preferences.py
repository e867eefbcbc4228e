"""Language, time zone, theme and mail in one page. A guest has the first and the third, which the
browser remembers; an account's choices hold wherever its owner signs in."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domains.accounts import preferences
from app.domains.accounts.models import Account
from app.infra import language
from app.infra.http import looks
from app.infra.http.looks import Looks
from app.infra.language import LANGUAGES, THEMES, _
from app.infra.refusal import Refusal
from app.notifications import topics
from app.web.accounts import blueprint
from app.web.accounts.pages import page
from app.web.accounts.preferences_form import GuestForm, MemberForm
from app.web.accounts.session import viewer
from app.web.safe_redirects import safe_next


@blueprint.get("/account/preferences")
def show_preferences() -> ResponseReturnValue:
    """`?language=` shows the page in that one, which is not chosen before it is saved."""
    wanted = request.args.get("language", "")
    if wanted in LANGUAGES:
        language.settle(replace(language.current(), language=LANGUAGES[wanted]))
    person = viewer()
    form = _form(person)
    chosen = _chosen(person)
    form.language.data = wanted if wanted in LANGUAGES else chosen.language
    form.theme.data = chosen.theme
    form.next.data = safe_next(request.args.get("next")) or ""
    if person is not None and isinstance(form, MemberForm):
        form.time_zone.data = person.time_zone or ""
        form.mails.data = topics.wanted_by(person)
    return _draw(form, person)


@blueprint.post("/account/preferences")
def save_preferences() -> ResponseReturnValue:
    person = viewer()
    form = _form(person)
    if not form.validate_on_submit():
        return _draw(form, person, 422)
    chosen = Looks(form.language.data or "", form.theme.data or "")
    try:
        if person is not None and isinstance(form, MemberForm):
            _keep(person, chosen, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _draw(form, person, refusal.status)
    return _saved(chosen, safe_next(form.next.data))


def _keep(person: Account, chosen: Looks, form: MemberForm) -> None:
    preferences.choose(
        person,
        tag=chosen.language or None,
        zone=form.time_zone.data or None,
        theme=chosen.theme or None,
    )
    if person.is_proven:
        topics.want_only(person, form.mails.data or ())


def _saved(chosen: Looks, wanted: str | None) -> Response:
    """Back to where they came from; said in the language that was just chosen."""
    usual = language.of_site()
    language.settle(replace(usual, language=LANGUAGES.get(chosen.language, usual.language)))
    flash(_("Saved."))
    answer = make_response(redirect(wanted or url_for("accounts.show_preferences"), 303))
    looks.remember(answer, chosen)
    return answer


def _form(person: Account | None) -> GuestForm:
    return GuestForm() if person is None else MemberForm.of(person)


def _chosen(person: Account | None) -> Looks:
    if person is None:
        return looks.chosen_here()
    tag, theme = person.language or "", person.theme or ""
    return Looks(tag if tag in LANGUAGES else "", theme if theme in THEMES else "")


def _draw(form: GuestForm, person: Account | None, status: int = 200) -> ResponseReturnValue:
    return page("accounts/preferences.html", status, form=form, account=person)
