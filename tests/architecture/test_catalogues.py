"""Every catalogue has what is marked, says it with the same places and markup, and is HTML where
it is laid into HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from jinja2 import nodes

from tests.support.messages import TRANSLATED, catalogue_of, marked
from tests.support.templates import FOLDER, parsed, templates

PLACE = re.compile(r"%\([a-z_]+\)s|%%")
TAG = re.compile(r"</?[a-z][^>]*>")
WHOLE = ("de", "es", "ar")
"""The languages in which no sentence may be missing."""
MARKING = {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2}


def _entries(tag: str) -> Iterator[tuple[Message, str, str]]:
    """Each entry with a text and what is said for it."""
    for one in catalogue_of(tag):
        if one.id and isinstance(one.string, tuple):
            for said in one.string:
                yield one, one.id[1], said
        elif one.id:
            yield one, str(one.id), str(one.string or "")


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_has_what_is_marked_and_nothing_else(tag: str) -> None:
    """`make messages` brings it up."""
    names = {(one.id, one.context) for one in catalogue_of(tag) if one.id}
    assert names == {(one.id, one.context) for one in marked() if one.id}


@pytest.mark.parametrize("tag", WHOLE)
def test_a_whole_language_lacks_no_sentence(tag: str) -> None:
    assert [name.id for name, _, said in _entries(tag) if not said or name.fuzzy] == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_translation_has_the_places_and_the_markup_of_its_sentence(tag: str) -> None:
    wrong = [
        said
        for one, text, said in _entries(tag)
        if said
        and (
            _places(text, one) != _places(said, one)
            or sorted(TAG.findall(text)) != sorted(TAG.findall(said))
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_x04_no_translation_ends_an_attribute_or_opens_a_tag_of_its_own(tag: str) -> None:
    assert [said for _, _, said in _entries(tag) if set('<"') & set(TAG.sub("", said))] == []


def _places(text: str, one: Message) -> set[str]:
    """A form for one or two may say the number in words."""
    return set(PLACE.findall(text)) - ({"%(num)s"} if isinstance(one.id, tuple) else set())


def test_x04_only_texts_of_ours_are_marked_in_templates() -> None:
    """What is said is markup, so no value may be said."""
    wrong = [
        f"{path}:{call.lineno}"
        for path in templates()
        for call in parsed(FOLDER / path).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        for given in call.args[: MARKING.get(call.node.name, 0)]
        if not isinstance(given, nodes.Const)
    ]
    assert wrong == []
