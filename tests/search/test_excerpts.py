"""The part of a text that a result shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.search.excerpts import LENGTH, Pieces, excerpt, marked

FILLING = "Nothing of interest stands here. " * 40


def words_marked(pieces: Pieces) -> list[str]:
    return [text for text, is_match in pieces if is_match]


def as_text(pieces: Pieces) -> str:
    return "".join(text for text, _ in pieces)


def test_words_of_the_same_stem_are_marked() -> None:
    pieces = marked("It clicked, and clicking went on", ["clicks"])
    assert words_marked(pieces) == ["clicked", "clicking"]


def test_a_word_that_only_begins_alike_is_not_marked() -> None:
    assert words_marked(marked("hippopotamus hip", ["hip"])) == ["hip"]


def test_an_accent_does_not_hide_a_word_and_is_shown() -> None:
    assert words_marked(marked("A naïve start", ["naive"])) == ["naïve"]


def test_the_excerpt_is_where_most_of_the_words_stand() -> None:
    text = f"A hip. {FILLING} The left hip clicks when it swings. {FILLING}"
    pieces = excerpt(text, ["left", "hip", "clicks"])
    assert words_marked(pieces) == ["left", "hip", "clicks"]


def test_a_cut_excerpt_says_so_on_both_sides() -> None:
    shown = as_text(excerpt(f"{FILLING}The hip. {FILLING}", ["hip"]))
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_a_text_that_speaks_of_something_else_is_shown_from_its_beginning() -> None:
    assert as_text(excerpt(FILLING, ["hip"])).startswith("Nothing of interest")


def test_x06_markup_in_a_text_stays_text() -> None:
    pieces = marked("<b>hip</b>", ["hip", "b"])
    assert as_text(pieces) == "<b>hip</b>"
    assert all(isinstance(text, str) and not hasattr(text, "__html__") for text, _ in pieces)


@given(st.text(max_size=900), st.lists(st.text(min_size=1, max_size=9), max_size=5))
def test_an_excerpt_is_a_short_part_of_the_text(text: str, words: list[str]) -> None:
    shown = as_text(excerpt(text, words))
    assert len(shown) <= LENGTH + 2
    assert shown.removeprefix("…").removesuffix("…") in text or shown in text


@given(st.text(max_size=300), st.lists(st.text(min_size=1, max_size=9), max_size=5))
def test_marking_changes_no_letter(text: str, words: list[str]) -> None:
    assert as_text(marked(text, words)) == text
