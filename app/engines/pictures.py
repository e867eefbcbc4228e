"""A small picture by which readers tell people apart: five by five squares, the same on both sides,
in one of eight tones. It is drawn from a seed alone and means nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

SIDE = 5
TONES = 8
SEED_DIGITS = 16
"""Hexadecimal digits of a seed: 64 bits."""
_TONE_BITS = 3
_HALF = 3
"""Columns that are drawn; the others are their mirror."""
_BITS = SIDE * _HALF
_FEWEST, _MOST = 5, 10
"""Of fifteen squares: fewer are a few dots, more a block, and either looks like the next one."""
_WHERE_NONE_FITS = 0b10101_01010_10101


class Picture(NamedTuple):
    """`tone` is 0 to 7. `path` are the strokes of an SVG path in a field of five by five, one unit
    wide."""

    tone: int
    path: str


@lru_cache(maxsize=4096)
def picture(seed: str) -> Picture:
    """The picture of a seed of sixteen hexadecimal digits. Raises ValueError for any other text."""
    if len(seed) != SEED_DIGITS:
        raise ValueError(f"a seed has {SEED_DIGITS} hexadecimal digits")
    number = int(seed, 16)
    pattern = _pattern(number >> _TONE_BITS)
    return Picture(number % TONES, "".join(_strokes(row, pattern) for row in range(SIDE)))


def _pattern(bits: int) -> int:
    """The first fifteen bits in a row that make a picture which is neither empty nor full."""
    while bits >> _BITS:
        pattern = bits & ((1 << _BITS) - 1)
        if _FEWEST <= pattern.bit_count() <= _MOST:
            return pattern
        bits >>= _BITS
    return _WHERE_NONE_FITS


def _strokes(row: int, pattern: int) -> str:
    half = [bool(pattern >> (row * _HALF + column) & 1) for column in range(_HALF)]
    squares = [*half, *half[-2::-1]]
    strokes, start = [], None
    for column, filled in enumerate([*squares, False]):
        if filled and start is None:
            start = column
        elif not filled and start is not None:
            strokes.append(f"M{start} {row}.5h{column - start}")
            start = None
    return "".join(strokes)
