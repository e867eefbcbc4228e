"""Tags found in readers' words, with the words that say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.matching import Lexicon, TagMatch, TagPhrases, match_tags, tokens

HIP_CLICK = TagPhrases(1, ("Clicking hip", "hip clicks", "snapping hip"))
HIP = TagPhrases(2, ("Hip", "hips"))
DESK = TagPhrases(3, ("Desk posture", "sitting all day", "café chair"))
GLUTES = TagPhrases(4, ("Glutes", "buttock"))
LEXICON = [HIP, HIP_CLICK, DESK, GLUTES]


def found(text: str) -> list[tuple[int, str]]:
    return [(match.tag_id, match.words) for match in match_tags(text, LEXICON)]


def test_tokens_are_stems_without_case_and_accents() -> None:
    assert tokens("Clicks CLICKING clicked, café cafe\u0301's") == [
        "click",
        "click",
        "click",
        "cafe",
        "cafe",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My hip clicked when I stood up", "hip clicked"),
        ("Why does my hip always click?", "hip always click"),
        ("I feel a CLICKING in my left hip.", "CLICKING in my left hip"),
        ("clicks of the hip", "clicks of the hip"),
        ("hip\nclicks", "hip\nclicks"),
        ("the hip\u2019s clicking", "hip\u2019s clicking"),
        ("a snapping-hip thing", "snapping-hip"),
    ],
)
def test_a_phrase_is_found_in_the_ways_that_readers_say_it(text: str, words: str) -> None:
    assert found(text)[0] == (1, words)


@pytest.mark.parametrize(
    "text",
    [
        "My knee clicks. Hip is fine.",
        "The hip is fine\n\nIt clicks",
        "hip pain that nobody heard, it clicks",
        "hippo clicks",
        "chip click",
    ],
)
def test_words_too_far_apart_are_not_the_phrase(text: str) -> None:
    assert 1 not in [tag for tag, _ in found(text)]


def test_a_match_says_which_synonym_and_which_words() -> None:
    matches = match_tags("I am sitting nearly all day on a CAFE\u0301 chair", LEXICON)
    assert matches == [TagMatch(3, "sitting all day", "sitting nearly all day")]


def test_the_longest_phrase_comes_first_and_each_tag_once() -> None:
    text = "Glutes, hips, and a hip that clicks: hips again, from sitting all day"
    assert [tag for tag, _ in found(text)] == [3, 1, 4, 2]


def test_phrases_of_one_length_stand_as_they_do_in_the_text() -> None:
    assert [tag for tag, _ in found("buttock or hip")] == [4, 2]
    assert [tag for tag, _ in found("hip or buttock")] == [2, 4]


def test_at_most_as_many_tags_as_asked_for() -> None:
    text = "Glutes, hips, a hip that clicks, sitting all day"
    assert len(match_tags(text, LEXICON, limit=2)) == 2


def test_a_phrase_of_small_words_or_of_none_matches_nothing() -> None:
    assert match_tags("this is in the hip", [TagPhrases(9, ("in the", "", "?!"))]) == []


@given(st.text(max_size=200))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    matches = match_tags(f"{text} hip {text} clicks", LEXICON)
    assert matches
    assert all(match.words in f"{text} hip {text} clicks" for match in matches)
    assert len({match.tag_id for match in matches}) == len(matches)


@given(st.lists(st.sampled_from(["hip", "clicks", "glutes", "the", "desk", "posture", "."])))
def test_a_lexicon_made_ready_gives_the_same_answer_each_time(said: list[str]) -> None:
    lexicon = Lexicon(LEXICON)
    text = " ".join(said)
    assert lexicon.match(text) == lexicon.match(text) == match_tags(text, LEXICON)


@given(st.lists(st.sampled_from(["glute", "bridge", "squat", "knee"]), min_size=1, max_size=4))
def test_a_phrase_of_telling_words_is_found_in_itself(words: list[str]) -> None:
    phrase = " ".join(words)
    assert match_tags(phrase, [TagPhrases(1, (phrase,))]) == [TagMatch(1, phrase, phrase)]
