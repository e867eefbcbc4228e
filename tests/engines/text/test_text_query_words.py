"""What is left of a query before any database sees it."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.engines.text.query_words import (
    LONGEST_QUERY,
    MOST_WORDS,
    phrase_words,
    query_words,
    readable,
)


def test_words_that_mean_nothing_are_left_out() -> None:
    assert query_words("why does my left hip click?") == ("left", "hip", "click")


def test_a_query_of_small_words_alone_keeps_them() -> None:
    assert query_words("what is it?") == ("what", "is", "it")


def test_a_word_counts_once_whatever_its_case() -> None:
    assert query_words("Hip hip HIP") == ("Hip",)


def test_an_apostrophe_stays_inside_its_word() -> None:
    assert query_words("runner\u2019s knee") == ("runner's", "knee")


def test_accents_are_one_letter_however_they_were_typed() -> None:
    assert query_words("nai\u0308ve") == (unicodedata.normalize("NFC", "nai\u0308ve"),)


def test_signs_alone_are_no_words() -> None:
    assert query_words('%_"*^()-\\') == ()


def test_s14_no_more_words_than_the_limit_are_looked_for() -> None:
    assert len(query_words(" ".join(f"w{number}" for number in range(1000)))) <= MOST_WORDS


def test_a_phrase_is_its_words_without_signs() -> None:
    assert phrase_words('hip "flexor" (left)') == "hip flexor left"


@given(st.text(alphabet=st.characters(), max_size=400))
def test_i01_no_word_carries_a_sign_of_any_query_syntax(text: str) -> None:
    for word in query_words(text):
        assert all(character.isalnum() or character == "'" for character in word)
        word.encode()


@given(st.text(alphabet=st.characters(), max_size=400))
def test_what_is_shown_again_is_one_short_line_that_can_be_written(text: str) -> None:
    shown = readable(text)
    assert len(shown) <= LONGEST_QUERY
    assert shown == shown.strip()
    assert "\x00" not in shown
    shown.encode()
