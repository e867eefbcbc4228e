"""Which addresses a pattern means."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domains.measures.patterns import fits


@pytest.mark.parametrize(
    ("pattern", "email"),
    [
        ("*@spam.example", "anyone@spam.example"),
        ("*@SPAM.example", "Anyone@spam.Example"),
        ("buy*@*.example", "buy-now@shop.example"),
        ("one@two.example", "one@two.example"),
    ],
)
def test_a_pattern_means_the_whole_address_in_whatever_case(pattern: str, email: str) -> None:
    assert fits(pattern, email)


@pytest.mark.parametrize(
    ("pattern", "email"),
    [
        ("*@spam.example", "anyone@notspam.example"),
        ("*@spam.example", "anyone@spam.example.org"),
        ("aba*aba", "aba"),
        ("one@two.example", "someone@two.example"),
    ],
)
def test_a_pattern_means_nothing_more(pattern: str, email: str) -> None:
    assert not fits(pattern, email)


letters = st.text(alphabet="ab.@", max_size=12)


@given(pattern=st.text(alphabet="ab.@*", max_size=12), email=letters)
def test_a_star_is_any_run_of_letters_and_nothing_else_is_special(pattern: str, email: str) -> None:
    same = re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), email)
    assert fits(pattern, email) == (same is not None)
