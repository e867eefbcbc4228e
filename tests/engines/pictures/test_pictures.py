"""Pictures of people: the same for the same seed, mirrored, never empty, and many."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.pictures import SIDE, TONES, picture

SEEDS = st.integers(0, 2**64 - 1).map("{:016x}".format)
STROKE = re.compile(r"M(\d) (\d)\.5h(\d)")


def squares(path: str) -> set[tuple[int, int]]:
    """The filled squares of a path, which is nothing but strokes."""
    assert STROKE.sub("", path) == ""
    found: set[tuple[int, int]] = set()
    for start, row, length in STROKE.findall(path):
        stroke = {(int(row), int(start) + step) for step in range(int(length))}
        assert not stroke & found
        found |= stroke
    return found


@given(SEEDS)
def test_a_picture_stays_in_its_field_and_is_the_same_on_both_sides(seed: str) -> None:
    filled = squares(picture(seed).path)
    assert filled <= {(row, column) for row in range(SIDE) for column in range(SIDE)}
    assert filled == {(row, SIDE - 1 - column) for row, column in filled}
    assert picture(seed).tone in range(TONES)


@given(SEEDS)
def test_a_picture_is_neither_nearly_empty_nor_nearly_full(seed: str) -> None:
    assert 5 <= len(squares(picture(seed).path)) <= 20


def test_seeds_without_a_pattern_of_their_own_have_a_picture_too() -> None:
    assert squares(picture("0" * 16).path)
    assert squares(picture("f" * 16).path)


def test_pictures_of_ten_thousand_people_hardly_ever_meet() -> None:
    seeds = (hashlib.sha256(b"%d" % number).hexdigest()[:16] for number in range(10_000))
    assert len({picture(seed) for seed in seeds}) > 9_700  # of 231,088, by chance about 9,786


@pytest.mark.parametrize("seed", ["", "0" * 15, "0" * 17, "g" * 16])
def test_what_is_no_seed_has_no_picture(seed: str) -> None:
    with pytest.raises(ValueError, match=r"hexadecimal|invalid literal"):
        picture(seed)
