"""What engines found, said in each language with all that belongs into it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from markupsafe import escape

from app.engines.said import Said, Value, of_stored, says, says_many, told
from app.engines.spam.facts import Facts
from app.engines.spam.intake import assess
from app.infra.catalogues import Catalogue
from app.infra.language import LANGUAGES, Manner, speaking
from app.infra.saying import say, show
from tests.support.intake_facts import any_facts

TRANSLATED = [one for one in LANGUAGES.values() if one.tag != "en"]
HOSTILE = '<b onclick="x">%(x)s {{ 7 }}</b>'


def parts(value: Value, name: str = "") -> Iterator[tuple[str, Value]]:
    """The value itself, and all that is laid into it, each with the name of its place."""
    yield name, value
    if isinstance(value, Said):
        for place, one in value.values.items():
            yield from parts(one, place)
    elif isinstance(value, tuple):
        for one in value:
            yield from parts(one, name)


@given(any_facts)
def test_every_reason_is_said_in_every_language_with_all_of_its_values(facts: Facts) -> None:
    verdict = assess(facts)
    for said in (*(one.said for one in verdict.reasons), *verdict.words):
        assert of_stored(json.loads(json.dumps(said.as_stored()))) == said
        for language in TRANSLATED:
            _is_told_whole(said, language.catalogue)


def _is_told_whole(said: Said, catalogue: Catalogue) -> None:
    """A number of things may be said in words: for one or two Arabic does."""
    spoken = told(said, catalogue)
    assert "%" not in spoken.replace("%", "", _percents(said))
    for name, part in parts(said):
        match part:
            case str():
                assert part in spoken
            case float():
                assert f"{part:,.1f}".translate(_signs(catalogue)) in spoken
            case int() if name != "num" or part > 2:
                assert f"{part:,}".translate(_signs(catalogue)) in spoken
            case Said():
                assert part.text in {**catalogue.said, **catalogue.forms}


def _percents(said: Said) -> int:
    return sum(part.text.count("%%") for _, part in parts(said) if isinstance(part, Said))


def _signs(catalogue: Catalogue) -> dict[int, str]:
    return str.maketrans({",": catalogue.thousands, ".": catalogue.decimal})


def test_a_row_has_the_signs_of_its_language_between_its_words() -> None:
    hosts = says("A link hides where it leads: %(hosts)s.", hosts=("a.example", "b.example"))
    with speaking(Manner(LANGUAGES["ar"])):
        assert "\u2068a.example\u2069، \u2068b.example\u2069" in say(hosts)
    assert str(hosts) == say(hosts) == "A link hides where it leads: a.example, b.example."


@pytest.mark.parametrize(("number", "spoken"), [(1, "1 Link."), (1204, "1.204 Links.")])
def test_a_number_takes_its_form_and_its_signs(number: int, spoken: str) -> None:
    links = says_many("It has %(num)s link.", "It has %(num)s links.", number)
    with speaking(Manner(LANGUAGES["de"])):
        assert say(links).endswith(spoken)


def test_x04_what_is_laid_into_a_reason_is_text() -> None:
    """However deep it stands."""
    within = says("Somebody is called “%(name)s”", name=HOSTILE)
    drawn = show(says("%(percent)s%% of %(words)s", percent=5, words=(within, HOSTILE)))
    alone = f"<bdi>{escape(HOSTILE)}</bdi>"
    assert drawn == f"5% of <bdi>Somebody is called “{alone}”</bdi>, {alone}"
    assert show(Said(HOSTILE)) == escape(HOSTILE)
