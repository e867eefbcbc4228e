"""The readable ends of addresses."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.text.slug import UNTITLED, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Why does my hip click?", "why-does-my-hip-click"),
        ("  Don't -- sit & wait!  ", "dont-sit-and-wait"),
        ("Crème brûlée für Łódź, Æsop & Straße", "creme-brulee-fur-lodz-aesop-and-strasse"),
        ("Πόνος στο γόνατο", "πόνος-στο-γόνατο"),
        ("Боль в колене", "боль-в-колене"),
        ("膝の痛み", "膝の痛み"),
        ("हिंदी", "हिंदी"),
        ("\ufb01t \uff21\uff22", "fit-ab"),
        ("50% of 3½ hips", "50-of-31-2-hips"),
        ("?!", UNTITLED),
        ("", UNTITLED),
        ("\u200b\u202e", UNTITLED),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_a_title_becomes_words_joined_by_hyphens(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text(st.characters(exclude_categories=("Cs",))), st.integers(8, 80))
def test_a_slug_is_short_never_empty_and_safe_in_an_address(text: str, limit: int) -> None:
    slug = slugify(text, limit)
    assert 0 < len(slug) <= limit
    assert not re.search(r"[\s/?#%&\\.<>\"'A-Z]", slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slugify(slugify(text)) == slugify(text)


@given(st.text(st.characters(codec="latin-1")))
def test_western_letters_come_out_as_ascii(text: str) -> None:
    assert slugify(text.replace("µ", "")).isascii()


def test_a_long_title_is_cut_between_words() -> None:
    assert slugify("one two three", 9) == "one-two"
    assert slugify("one two three", 7) == "one-two"
    assert slugify("onetwothree", 6) == "onetwo"
