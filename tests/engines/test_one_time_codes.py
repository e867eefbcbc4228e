"""Codes of an app and codes on paper."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines import one_time_codes as codes

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the key of RFC 6238, appendix B
TIMES = st.integers(0, 2**33)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert codes.fitting_step(KEY, code, at, after=None) == at // codes.STEP_SECONDS


@given(at=TIMES, apart=st.integers(-40, 40))
def test_a_code_fits_its_step_and_the_two_beside_it(at: int, apart: int) -> None:
    step = at // codes.STEP_SECONDS
    code = _code_of(step)
    shown_at = at + apart * codes.STEP_SECONDS
    fits = codes.fitting_step(KEY, code, max(shown_at, 30), after=None)
    if abs(apart) <= 1 and shown_at >= 30:
        assert fits is not None
        assert _code_of(fits) == code


@given(at=st.integers(10_000, 2**33), back=st.integers(0, 5_000))
def test_no_step_that_was_used_opens_again_wherever_the_clock_goes(at: int, back: int) -> None:
    used = at // codes.STEP_SECONDS
    step = codes.fitting_step(KEY, _code_of(used), at - back, after=used)
    assert step is None or step > used


@given(number=st.integers(0, 2**80 - 1))
def test_a_code_on_paper_is_read_back_however_it_is_typed(number: int) -> None:
    shown = codes.on_paper(number)
    plain = shown.replace("-", "")
    read = codes.from_paper(codes.tidy(shown))
    assert read == plain
    for typed in (shown.upper(), plain, f" {shown} ", shown.replace("-", " "), _alike(shown)):
        assert codes.from_paper(codes.tidy(typed)) == read


@given(one=st.integers(0, 2**80 - 1), other=st.integers(0, 2**80 - 1))
def test_two_numbers_are_two_codes(one: int, other: int) -> None:
    assert (codes.on_paper(one) == codes.on_paper(other)) == (one == other)


@given(typed=st.text(max_size=80))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    tidied = codes.tidy(typed)
    read = codes.from_paper(tidied)
    assert read is None or len(read) == codes.PAPER_LENGTH
    if codes.is_of_app(tidied):
        assert codes.fitting_step(KEY, tidied, 59, after=None) in (None, 0, 1, 2)


@pytest.mark.parametrize("typed", ["123 456", "123-456", "123\u2013456", "\u0661\u0662\u0663456"])
def test_six_digits_are_read_as_people_type_them(typed: str) -> None:
    assert codes.tidy(typed) == "123456"


def _code_of(step: int) -> str:
    """As another maker of codes would reckon it."""
    digest = hmac.digest(b32decode(KEY), step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def _alike(shown: str) -> str:
    return shown.replace("0", "O").replace("1", "l")
