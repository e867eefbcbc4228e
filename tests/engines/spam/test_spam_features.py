"""What the model sees of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.spam.features import described, features
from tests.support.guard import no_hanging


def test_words_neighbours_hosts_and_shape_are_seen() -> None:
    seen = features("CHECK OUT my channel: https://www.Example.com/watch?v=1 !!")
    assert {"w:check", "b:check out", "h:example.com", "s:links:1", "s:excl:2"} <= set(seen)
    assert "w:watch" not in seen


@pytest.mark.parametrize(
    "text",
    [
        "see murdev.com now",
        "see http://murdev.com now",
        'see <a href="http://murdev.com/x">this</a> now',
        "see [this](https://me@murdev.com:80/x) now",
        "see www.murdev.com/page now",
    ],
)
def test_a_host_is_seen_however_the_link_is_written(text: str) -> None:
    assert "h:murdev.com" in features(text)


def test_invisible_signs_and_wide_letters_hide_no_word() -> None:
    assert "w:channel" in features("chan\u200bnel")
    assert "w:channel" in features("\uff43hannel")


def test_both_ends_of_a_long_text_are_read() -> None:
    seen = features("first " + "filler " * 900 + "viagra")
    assert {"w:first", "w:viagra"} <= set(seen)


@given(st.text(max_size=400))
def test_any_text_has_the_same_features_each_time_and_few(text: str) -> None:
    seen = features(text)
    assert seen == features(text)
    assert 0 < len(seen) == len(set(seen)) <= 800
    assert all(len(name) <= 120 and "\0" not in name for name in seen)
    assert all(described(name) for name in seen)


@pytest.mark.parametrize("piece", ["a-", "a.", "<", "http://", "www.", "a.com", "&amp;", "\u00df"])
def test_hostile_repetition_ends_and_gives_few_features(piece: str) -> None:
    with no_hanging():
        assert len(features(piece * 10_000)) <= 800
