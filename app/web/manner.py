"""In which manner a request is answered: as the account has it, else the browser, else the site."""

from __future__ import annotations

from flask import Flask, current_app, request

from app.domains.accounts import preferences
from app.infra import language, site_language
from app.infra.http import looks, speaking
from app.infra.kept.keeping import keeping_of
from app.infra.language import LANGUAGES, Language, Manner
from app.web.accounts.session import viewer


def install(app: Flask) -> None:
    app.extensions[language.OF_SITE] = site_language.manner
    speaking.decided_by(app, _decided)
    app.jinja_env.globals.update(other_languages=other_languages, back_here=back_here)


def _decided() -> Manner:
    here = speaking.with_looks(language.of_site(), looks.chosen_here())
    person = viewer()
    if person is None:
        return here
    return preferences.manner_of(person.language, person.time_zone, person.theme, usual=here)


def other_languages() -> list[Language]:
    """All but the one that is spoken, for who cannot read it."""
    spoken = language.current().language
    return [one for one in LANGUAGES.values() if one is not spoken]


def back_here() -> str | None:
    """The way back to this page from the preferences, where everybody may know it: the addresses of
    other pages may hold a key."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.path if keeping_of(view) is not None else None
