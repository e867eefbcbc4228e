"""Marked sentences: said in the language of their moment, and what people typed laid in as text."""

from __future__ import annotations

import json

import pytest
from flask import Flask, render_template_string
from markupsafe import escape

from app.infra import language
from app.infra.language import LANGUAGES, Manner, _, ngettext, sentence, speaking
from app.infra.refusal import Refusal

GERMAN = Manner(LANGUAGES["de"])
ENGLISH = Manner(LANGUAGES["en"])
HOSTILE = '<b onclick="x">%(x)s {{ 7 }}</b>'
IN_ENGLISH, IN_GERMAN = "That is not possible.", "Das ist nicht möglich."


class Refused(Refusal):
    public = sentence("That is not possible.")


@pytest.mark.parametrize("manner", [ENGLISH, GERMAN], ids=["English", "German"])
@pytest.mark.parametrize(
    "marked",
    [
        "{{ _('In reply to <i>%(name)s</i>', name=name) }}",
        "{{ pgettext('thread', 'In reply to <i>%(name)s</i>', name=name) }}",
        "{{ ngettext('<i>%(name)s</i> once', '<i>%(name)s</i> often', 2, name=name) }}",
        "{% trans name=name %}In reply to <i>{{ name }}</i>{% endtrans %}",
    ],
)
@pytest.mark.one_database
def test_x04_x14_a_value_in_a_marked_sentence_is_text(
    app: Flask, marked: str, manner: Manner
) -> None:
    with app.app_context(), speaking(manner):
        drawn = render_template_string(marked, name=HOSTILE)
    assert f"<i>{escape(HOSTILE)}</i>" in drawn


@pytest.mark.one_database
def test_a_marked_sentence_of_a_text_mail_escapes_nothing(app: Flask) -> None:
    with app.app_context():
        plain = app.jinja_env.overlay(autoescape=False)
        drawn = plain.from_string("{{ _('Hello %(name)s, 5 %%', name=name) }}").render(name="<b>")
    assert drawn == "Hello <b>, 5 %"


def test_a_sentence_of_a_class_is_said_in_the_language_of_its_moment() -> None:
    with speaking(GERMAN):
        raised = Refused()
        assert (raised.public, str(raised), f"{Refused.public}") == (IN_GERMAN,) * 3
        assert escape(Refused.public) == IN_GERMAN
    assert (str(Refused().public), json.loads(json.dumps(Refused.public))) == (IN_ENGLISH,) * 2


def test_what_no_catalogue_has_is_said_in_english() -> None:
    with speaking(GERMAN):
        assert _("A sentence of nobody, %(name)s", name="Ada") == "A sentence of nobody, Ada"
        assert ngettext("%(num)s thing", "%(num)s things", 1204) == "1.204 things"
    assert ngettext("%(num)s thing", "%(num)s things", 1204) == "1,204 things"


def test_a_sentence_that_has_a_plural_elsewhere_is_said_without_a_number_too() -> None:
    """A catalogue has one entry for both."""
    opened = "%(names)s has this open"
    with speaking(GERMAN):
        assert _(opened, names="Ada") == ngettext(
            opened, "%(names)s have this open", 1, names="Ada"
        )
        assert _(opened, names="Ada") != opened % {"names": "Ada"}


@pytest.mark.parametrize(("tag", "spoken"), [("de-AT", "de"), ("AR", "ar"), ("xx", "en")])
def test_a_tag_is_spoken_as_its_first_part_or_in_english(tag: str, spoken: str) -> None:
    assert language.of_tag(tag).tag == spoken


@pytest.mark.one_database
def test_a_language_that_was_settled_ends_with_its_request(app: Flask) -> None:
    told = []
    app.extensions[language.DECIDES] = lambda: GERMAN
    try:
        with app.test_request_context("/"):
            app.preprocess_request()
            told.append(language.current())
            app.do_teardown_request()
    finally:
        del app.extensions[language.DECIDES]
    with app.app_context():
        told.append(language.current())
    assert [one.language.tag for one in told] == ["de", "en"]
