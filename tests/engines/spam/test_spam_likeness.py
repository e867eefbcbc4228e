"""Texts that say nearly the same, and how they find each other."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.spam.likeness import MOST_RUNS, _nearest, folded, likeness, runs, traces

TEXT = "My left hip clicks when I swing the leg, what does that mean for my running?"
words = st.lists(
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1), max_size=60
)


def like(one: str, other: str) -> float:
    return likeness(runs(one), runs(other))


@given(words)
def test_s05_case_space_and_invisible_signs_change_nothing(said: list[str]) -> None:
    plain = " ".join(said)
    dressed = "\u200b " + " \n".join(f"{word}\u200b" for word in said) + " !?"
    assert runs(dressed) == runs(plain)
    assert traces(runs(dressed)) == traces(runs(plain))


@pytest.mark.parametrize("other", [TEXT.upper(), TEXT.replace(" ", "  "), f"**{TEXT}**"])
def test_s05_the_same_words_in_other_clothes_are_wholly_alike(other: str) -> None:
    assert like(TEXT, other) == 1


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_and_asks_in_no_order(one: str, other: str) -> None:
    assert 0 <= like(one, other) <= 1
    assert like(one, other) == like(other, one)


@given(st.text(min_size=30, max_size=300))
def test_a_text_is_wholly_like_itself_or_too_short(text: str) -> None:
    assert like(text, text) == (1 if runs(text) else 0)


@given(st.text(max_size=400))
def test_traces_are_eight_numbers_that_every_database_holds(text: str) -> None:
    found = traces(runs(text))
    assert len(found) in (0, 8)
    assert all(0 <= trace < 2**63 for trace in found)


def test_a_word_more_is_nearly_the_same_and_other_words_are_not() -> None:
    assert like(TEXT, TEXT + " Thanks!") > 0.8
    assert like(TEXT, "Where can I buy the mat that you use in the second video of the week?") < 0.1


def test_short_thanks_leave_no_trace() -> None:
    assert traces(runs("Thank you, this helped.")) == ()


def test_what_is_quoted_does_not_count_unless_it_is_all() -> None:
    reply = f"> {TEXT}\n\nThe same happens to me, mostly on the right side."
    assert like(TEXT, reply) == 0
    assert like(TEXT, f"> {TEXT}") == 1


def test_a_long_text_is_known_by_a_thousand_runs() -> None:
    dice = random.Random(7)  # noqa: S311
    text = "".join(dice.choice("abcdefghij klmnopq") for _ in range(10_000))
    assert len(runs(text)) == MOST_RUNS
    assert like(text, text[:-40]) > 0.9


def test_texts_of_which_a_word_in_thirty_differs_find_each_other() -> None:
    """Two hundred pairs that are always the same ones; chance would let all but one be found."""
    dice = random.Random(11)  # noqa: S311
    found = 0
    for _ in range(200):
        said = ["".join(dice.choices("abcdefghijklmnop", k=dice.randint(3, 8))) for _ in range(30)]
        other = [*said[:-1], "changed"]
        found += bool({*traces(runs(" ".join(said)))} & {*traces(runs(" ".join(other)))})
    assert found >= 198


def test_folding_keeps_letters_and_digits_of_every_script() -> None:
    assert folded("\uff211 \u200bß—Ж_é") == "a1ssжé"


numbers_of_32_bits = st.integers(0, 2**32 - 1)


@given(st.sets(st.one_of(st.integers(0, 40), numbers_of_32_bits), min_size=1), numbers_of_32_bits)
def test_the_nearest_number_is_found_without_looking_at_all(of: set[int], wanted: int) -> None:
    assert _nearest(sorted(of), wanted) ^ wanted == min(one ^ wanted for one in of)
