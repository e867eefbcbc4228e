"""What templates write into HTML is what the library would, by a shorter way."""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import Environment
from markupsafe import Markup

from app.infra import language
from app.infra.http import speaking
from app.infra.http.templates import Templates
from app.infra.language import LANGUAGES, Manner, sentence

HOSTILE = "<b onclick=\"x\">%(x)s & 'y'</b>"


class Named(str):
    __slots__ = ()


class Drawn:
    def __html__(self) -> str:
        return "<i>7</i>"

    def __str__(self) -> str:
        return HOSTILE


VALUES = [
    HOSTILE,
    Named(HOSTILE),
    Markup("<i>%s</i>") % HOSTILE,
    Drawn(),
    sentence(HOSTILE),
    None,
    7,
    [HOSTILE],
]


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(Flask(__name__), autoescape=True)


@pytest.mark.parametrize(
    "text",
    [
        "{{ value }}",
        "{% macro one(x) %}<p>{{ x }}</p>{% endmacro %}{{ one(value) }}{{ one(one(value)) }}",
        "{{ value ~ '<' }}{{ [value, value]|join('<') }}{{ absent }}",
        "{% autoescape false %}{{ value }}{% endautoescape %}",
        "{% set there = true %}{% autoescape there %}{{ value }}{% endautoescape %}",
    ],
)
def test_x04_a_value_is_escaped_as_the_library_escapes_it(templates: Templates, text: str) -> None:
    ours = templates.from_string(text)
    usual = Environment(autoescape=True).from_string(text)
    for value in VALUES:
        assert ours.render(value=value) == usual.render(value=value)


def test_a_sentence_without_values_is_said_anew_in_each_language_by_one_template() -> None:
    app = Flask(__name__)
    app.jinja_environment = Templates
    speaking.install(app)
    page = app.jinja_env.overlay(autoescape=True).from_string(
        "{% macro one(x) %}<p>{{ x }}</p>{% endmacro %}{{ _('Search') }}{{ one(_('Search')) }}"
        "{{ _('Search')|upper }}{{ _('5 %% of <i>it</i>') }}"
    )
    drawn = {}
    for tag in ("en", "de"):
        with language.speaking(Manner(LANGUAGES[tag])):
            drawn[tag] = page.render()
    assert drawn == {
        "en": "Search<p>Search</p>SEARCH5 % of <i>it</i>",
        "de": "Suche<p>Suche</p>SUCHE5 % of <i>it</i>",
    }
