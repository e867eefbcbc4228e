"""The language of a request, and how templates speak it.

Flask-Babel is told the language and the time zone, for what asks it: the sentences of WTForms. Our
own are looked up without it (`language`), since it finds its catalogue anew for each of them.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, request
from flask_babel import Babel
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.infra import language, running
from app.infra.http import looks
from app.infra.http.looks import Looks
from app.infra.language import Deciding, Manner

LOOKS = "threshold.looks"
"""Stands in the WSGI environment of a page that is kept for all who chose the same."""


def install(app: Flask) -> None:
    """Find out anew for each request, before anything of it can speak."""
    Babel(
        app,
        configure_jinja=False,
        locale_selector=lambda: language.current().language.tag,
        timezone_selector=lambda: language.current().zone,
    )
    app.before_request(_begin)
    app.teardown_request(_end)
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # (the extension's own)
    environment.globals.update(
        _=_say,
        gettext=_say,
        ngettext=_say_many,
        pgettext=_say_in,
        spoken=language.current,
    )


def decided_by(app: Flask, deciding: Deciding) -> None:
    """Whom to ask, from the first word of a request on."""
    app.extensions[language.DECIDES] = deciding


def of_looks(chosen: Looks) -> Manner:
    """The site's manner as far as nothing else was chosen."""
    return with_looks(language.of_site(), chosen)


def with_looks(manner: Manner, chosen: Looks) -> Manner:
    return replace(
        manner,
        language=language.of_tag(chosen.language) if chosen.language else manner.language,
        theme=chosen.theme or manner.theme,
    )


def ask_nobody() -> None:
    """Speak from here on as can be known without the database, which may be away."""
    usual = Manner(language.of_tag(running.settings().site_language))
    language.settle(with_looks(usual, looks.chosen_here()))


def _begin() -> None:
    kept_for: Looks | None = request.environ.get(LOOKS)
    language.settle(None if kept_for is None else of_looks(kept_for))


def _end(_error: BaseException | None) -> None:
    language.settle(None)


@pass_eval_context
def _say(context: EvalContext, text: str, /, **values: object) -> str:
    """A marked text of a template. Its own markup stands; values are escaped where the template is
    HTML."""
    catalogue = language.current().language.catalogue
    if not context.autoescape:
        return catalogue.say(text) % values
    if not values:
        return catalogue.mark(text)
    return Markup(catalogue.say(text)) % values  # noqa: S704  (a text of ours; values are escaped)


@pass_eval_context
def _say_in(context: EvalContext, meaning: str, text: str, /, **values: object) -> str:
    said = language.current().language.catalogue.say_in(meaning, text)
    return (Markup(said) if context.autoescape else said) % values  # noqa: S704  (the same)


@pass_eval_context
def _say_many(context: EvalContext, one: str, many: str, number: int, /, **values: object) -> str:
    said = language.current().language.catalogue.say_many(one, many, number)
    told = {"num": language.grouped(number), **values}
    return (Markup(said) if context.autoescape else said) % told  # noqa: S704  (the same)
