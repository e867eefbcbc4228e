"""The language of a request, and how templates speak it.

Flask-Babel is told the language and the time zone, for what asks it: the sentences of WTForms. Our
own are looked up without it (`language`), since it finds its catalogue anew for each of them.
"""

from __future__ import annotations

from flask import Flask, request
from flask_babel import Babel
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.infra import language
from app.infra.language import Deciding, Manner

MANNER = "threshold.manner"
"""Stands in the WSGI environment where the manner is settled: of a page that is kept for many."""


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


def _begin() -> None:
    settled: Manner | None = request.environ.get(MANNER)
    language.settle(settled)


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
