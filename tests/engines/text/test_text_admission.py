"""Which texts and names are let in, and how they look afterwards."""

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.text.admission import MAX_MARKS_IN_A_ROW, admit, admit_line
from app.engines.text.characters import INVISIBLE, is_mark
from app.engines.text.errors import UnfitText

sendable = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


def admitted(raw: str, limit: int = 200) -> str | None:
    try:
        return admit_line(raw, limit=limit)
    except UnfitText:
        return None


@given(st.text(max_size=60))
def test_u04_a_body_comes_back_as_it_was_sent_or_not_at_all(raw: str) -> None:
    """U04, D07: line ends aside, nothing is changed."""
    with contextlib.suppress(UnfitText):
        kept = admit(raw, limit=60)
        assert kept == raw.replace("\r\n", "\n").replace("\r", "\n")
        assert kept.encode()


@pytest.mark.parametrize("raw", ["a\x00b", "a\ud800b", "a\x1bb", "a\x08b", "a\x0cb"])
def test_u04_half_characters_and_controls_are_refused(raw: str) -> None:
    with pytest.raises(UnfitText, match="control characters"):
        admit(raw, limit=100)
    with pytest.raises(UnfitText, match="control characters"):
        admit_line(raw, limit=100)


def test_u04_tabs_newlines_and_right_to_left_marks_stay_in_a_body() -> None:
    body = "a\tb\n\u202ec\u200d\u00a0 e\u0301 \U0001f469\u200d\U0001f680"
    assert admit(body, limit=100) == body


@pytest.mark.parametrize(
    "raw", ["", " ", "\n\t ", "\u200b", "\u2800\u3164", "\u202e\u00ad", "\u0301"]
)
def test_a_text_that_shows_nothing_is_refused(raw: str) -> None:
    with pytest.raises(UnfitText, match="empty"):
        admit(raw, limit=100)
    with pytest.raises(UnfitText, match="can be seen"):
        admit_line(raw, limit=100)


@pytest.mark.parametrize("letter", ["a", "é", "\U0001f600"])
def test_d07_a_text_at_the_limit_is_whole_and_one_more_is_refused(letter: str) -> None:
    """D07: exact or refused, never silently cut; a character of four bytes counts as one."""
    assert admit(letter * 10_000, limit=10_000) == letter * 10_000
    with pytest.raises(UnfitText, match="10,001 characters"):
        admit(letter * 10_001, limit=10_000)
    assert admit_line(letter * 255, limit=255) == letter * 255
    with pytest.raises(UnfitText, match="256 characters"):
        admit_line(letter * 256, limit=255)


def test_d07_a_windows_line_end_counts_as_one_character() -> None:
    assert admit("a\r\n" * 5, limit=10) == "a\n" * 5


@given(sendable)
def test_u02_an_admitted_name_hides_nothing(raw: str) -> None:
    """U02: no bidi controls, zero-width, tags nor fillers, and one line."""
    name = admitted(raw)
    if name is not None:
        assert not INVISIBLE.search(name)
        assert name == " ".join(name.split())
        assert not any(unicodedata.category(character) == "Cc" for character in name)


@given(sendable)
def test_an_admitted_name_is_admitted_again_unchanged(raw: str) -> None:
    name = admitted(raw)
    if name is not None:
        assert admit_line(name, limit=200) == name
        assert unicodedata.is_normalized("NFC", name)


@given(st.text(st.sampled_from("aé \u0301\u0316\u0489\u034f\u200d\u0e49\u05b7"), max_size=40))
def test_u03_marks_pile_up_no_higher_than_two(raw: str) -> None:
    """U03: a pile of marks would cover the lines above and below."""
    name = admitted(raw)
    if name is not None:
        run = 0
        for character in name:
            run = run + 1 if is_mark(character) else 0
            assert run <= MAX_MARKS_IN_A_ROW
        assert not is_mark(name[0])


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("  Ann \n\t Lee ", "Ann Lee"),
        ("A\u200bn\u202en", "Ann"),
        ("Ann\U000e0041\U000e007f", "Ann"),
        ("Rene\u0301", "René"),
        ("Ann\u2028Lee", "Ann Lee"),
        ("Nguyễn Thị", "Nguyễn Thị"),
        ("李小龍", "李小龍"),
        ("\u0301Ann", "Ann"),
        ("A\u0301\u0302\u0303\u0304nn", "Á\u0302\u0303nn"),
    ],
)
def test_u02_u03_names_are_tidied(raw: str, name: str) -> None:
    assert admit_line(raw, limit=100) == name
