"""Which text is most like a question, and why."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.engines.matching.likeness import (
    Library,
    Profile,
    joined,
    likeness,
    profile,
)
from app.engines.matching.reasons import because

SHELF = {
    "click": profile("Why does my hip click?", "A tendon moves over the bone when the leg swings."),
    "back": profile("Sore back after sitting", "Stand up every half hour and walk about."),
    "feet": profile("Flat feet and running shoes", "Most flat feet are strong feet."),
}


def library_of(shelf: dict[str, Profile]) -> Library:
    spread = Counter(stem for one in shelf.values() for stem in one.whole)
    count = len(shelf) or 1
    return Library(
        texts=len(shelf),
        mean_title=sum(one.title_length for one in shelf.values()) / count,
        mean_text=sum(one.text_length for one in shelf.values()) / count,
        spread=spread,
    )


LIBRARY = library_of(SHELF)


def best(question: str) -> str:
    scores = likeness(profile(question), SHELF, LIBRARY)
    return max(scores, key=scores.__getitem__)


def test_the_same_thing_in_other_words_comes_first() -> None:
    assert best("My left hip clicks when I swing the leg, what does that mean?") == "click"


def test_a_slip_of_the_pen_still_finds_it() -> None:
    assert best("hipp clikcing") == "click"


def test_words_that_every_question_is_asked_with_count_for_nothing() -> None:
    assert profile("How do I do it?").whole == {}


def test_a_word_of_the_title_weighs_more_than_one_of_the_text() -> None:
    shelf = {"title": profile("Knee", "Legs."), "text": profile("Legs", "Knee.")}
    scores = likeness(profile("knee"), shelf, library_of(shelf))
    assert scores["title"] > scores["text"]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    shelf = {
        "rare": profile("Snapping"),
        "common": profile("Hip"),
        "another": profile("Hip again"),
        "more": profile("Hip once more"),
    }
    scores = likeness(profile("snapping hip"), shelf, library_of(shelf))
    assert max(scores, key=scores.__getitem__) == "rare"


def test_nothing_in_common_is_nought() -> None:
    assert likeness(profile("zzz qqq"), SHELF, LIBRARY) == {"click": 0, "back": 0, "feet": 0}


def test_meaning_can_bring_what_words_did_not_find() -> None:
    together = joined({"a": 0.8}, {"b": 0.9})
    assert set(together) == {"a", "b"}
    assert together["b"] > together["a"]


def test_the_reason_is_the_askers_own_words_the_rarest_first() -> None:
    asked = "My hips clicked again while sitting"
    assert because(asked, SHELF["click"], LIBRARY) in {("hips", "clicked"), ("clicked", "hips")}


def test_a_reason_says_something_where_it_can() -> None:
    found = profile("Often let the hip turn to one side")
    assert because("Why does it often let go when I turn the hip?", found, LIBRARY) == ("hip",)
    assert because("It often turns", found, LIBRARY) == ("often", "turns")


def test_a_word_of_every_other_text_is_no_reason_beside_a_rare_one() -> None:
    library = Library(200, 5.0, 20.0, {"squat": 100, "hip": 4})
    found = profile("Squats and the hip")
    assert because("A squat for the hip", found, library) == ("hip",)


def test_no_reason_is_given_where_no_word_is_shared() -> None:
    assert because("clicking", SHELF["feet"], LIBRARY) == ()


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=5))
def test_any_texts_can_be_compared_and_score_between_nought_and_one(
    question: str, others: list[str]
) -> None:
    shelf = {str(at): profile(text, text) for at, text in enumerate(others)}
    scores = likeness(profile(question), shelf, library_of(shelf))
    assert scores.keys() == shelf.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in scores.values())


@given(st.text(min_size=1, max_size=80))
def test_a_text_is_most_like_itself(text: str) -> None:
    shelf = {**SHELF, "itself": profile(text)}
    scores = likeness(profile(text), shelf, library_of(shelf))
    assert scores["itself"] >= max(scores.values()) - 1e-9


HOSTILE = (
    "",
    "h",
    "How do I do it?",
    "hip " * 25_000,
    "x" * 100_000,
    "Моё бедро щёлкает",
    "我的臀部",
    "🦴🦵🏽👩‍👩‍👧",
    "<p onclick=x>hip</p>",
    "h\u0301" * 5_000,
    "\x00\u202e\ud800",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_compared_like_any(text: str) -> None:
    asked = profile(text[:4_000], text)
    scores = likeness(asked, {**SHELF, "itself": asked}, LIBRARY)
    assert all(0 <= score <= 1 + 1e-9 for score in scores.values())
    assert scores["itself"] >= max(scores.values()) - 1e-9 or not asked.whole
    assert all(word in text for word in because(text, SHELF["click"], LIBRARY))


words_and_noise = st.lists(
    st.sampled_from(["hip", "Clicks", "tendon", "sitting", "the", "feet,"]) | st.text(max_size=20),
    max_size=15,
).map(" ".join)


@given(words_and_noise)
def test_the_reason_is_made_of_words_that_were_asked(text: str) -> None:
    for one in SHELF.values():
        reason = because(text, one, LIBRARY)
        assert len(reason) <= 3
        assert all(word in text for word in reason)


@given(
    st.dictionaries(st.integers(0, 20), st.floats(0, 1), max_size=10),
    st.dictionaries(st.integers(0, 20), st.floats(-1, 1), max_size=10),
    st.floats(0, 1),
)
@example({0: 5e-324}, {0: 1.0}, 0.25)
def test_both_together_hold_all_that_either_found_between_nought_and_one(
    words: dict[int, float], meaning: dict[int, float], share: float
) -> None:
    scores = joined(words, meaning, share)
    assert scores.keys() == words.keys() | meaning.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in scores.values())
