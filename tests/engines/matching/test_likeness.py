"""Which text is most like a question, and why."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.engines.matching.likeness import (
    Library,
    Profile,
    because,
    joined,
    likeness,
    profile,
)

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
