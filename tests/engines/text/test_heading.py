"""The title that an article about open questions begins with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.engines.text.heading import QUESTION_MARKS, question_about

LONG = 60


def test_the_title_is_the_question_that_says_the_most_of_the_words() -> None:
    asked = ["Does it click?", "Why does my hip click on stairs?", "Is my hip worn out?"]
    assert question_about("hip, stairs", asked, LONG) == "Why does my hip click on stairs?"


def test_of_several_that_say_as_much_the_shortest_is_taken() -> None:
    asked = ["Why does my hip hurt after sitting?", "why does my hip hurt?"]
    assert question_about("hip", asked, LONG) == "Why does my hip hurt?"


def test_where_nobody_asked_in_a_sentence_the_words_become_one() -> None:
    assert question_about("hip, stairs", ["Stairs", "My hip"], LONG) == (
        "What is worth knowing about hip, stairs?"
    )


def test_a_question_that_was_searched_for_stays_as_it_was_typed() -> None:
    assert question_about("can I run again?", [], LONG) == "Can I run again?"


@given(st.text(min_size=1, max_size=LONG), st.lists(st.text(max_size=2 * LONG), max_size=5))
def test_it_is_always_a_question_and_never_too_long(words: str, asked: list[str]) -> None:
    title = question_about(words, asked, LONG)
    assert title.endswith(QUESTION_MARKS)
    assert len(title) <= LONG
