"""The lexicon that finds tags in a text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.domains.tags import queries, services
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_tag
from tests.support.queries import Counted

pytestmark = pytest.mark.usefixtures("app")


def tags_in(text: str) -> list[int]:
    return [match.tag_id for match in queries.lexicon().match(text)]


def test_a_site_without_tags_has_a_lexicon_that_finds_nothing() -> None:
    assert tags_in("My hip clicks.") == []


def test_a_tag_is_found_by_its_name_and_by_every_synonym() -> None:
    tag = make_tag("Clicking hip", synonyms=["snapping hip", "hip pops"])
    assert tags_in("a clicking hip") == [tag.id]
    assert tags_in("my hip popped again") == [tag.id]
    assert tags_in("a snapping hip") == [tag.id]


def test_a_changed_tag_is_matched_by_its_new_words_at_once() -> None:
    tag = make_tag("Hip", synonyms=["clunky joint"])
    assert tags_in("a clunky joint") == [tag.id]
    with unit_of_work():
        services.edit_tag(tag, name="Hip", synonyms=["creaky joint"])
    assert tags_in("a clunky joint") == []
    assert tags_in("a creaky joint") == [tag.id]


def test_the_lexicon_is_compiled_once_while_the_tags_stay_the_same() -> None:
    make_tag("Clicking hip", synonyms=["snapping hip"])
    assert queries.lexicon() is queries.lexicon()


def test_the_lexicon_costs_one_query_however_many_tags_there_are(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    for number in range(20):
        make_tag(f"tag {number}", synonyms=[f"word {number}", f"phrase {number}"])
    with count_queries() as counted:
        queries.lexicon()
    assert counted.total == 1, counted
