"""The phrases in which readers ask, and which of them are worth proposing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.matching import TagPhrases
from app.engines.matching.phrases import DEMANDS, MOST, phrases, worth_proposing

NOTHING_KNOWN: tuple[TagPhrases, ...] = ()
SHOES = [f"Which running shoes for flat feet, number {n}?" for n in range(20)]

SPELT = ("popping", "hip", "noise", " ", ".", ",", "-", "www.", "http://", "@", ".se", ".com", "5")
TO_SOMEBODY = re.compile(
    r"\S*(?:@|://|\bwww\.)\S*"  # an address of a person or a page
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b\S*"  # a site's name alone
    r"|\S*\d\S*"  # a number of any kind
)


def said(
    texts: list[str], outside: list[str] = SHOES, known: tuple[TagPhrases, ...] = NOTHING_KNOWN
) -> list[str]:
    """What is proposed where each text has a writer of its own."""
    inside = [(f"reader {number}", text) for number, text in enumerate(texts)]
    return [one.words for one in worth_proposing(inside, outside, known)]


def test_phrases_are_telling_words_in_a_row_as_they_were_typed() -> None:
    found = phrases("My popping hip hurts.")
    assert set(found.values()) == {
        *("popping", "hip", "hurts"),
        *("popping hip", "hip hurts"),
        "popping hip hurts",
    }


def test_small_words_do_not_part_a_phrase_and_others_do() -> None:
    assert "popping hip" in phrases("popping of the hip").values()
    assert "popping hip" not in phrases("popping, because when it does, hip").values()


def test_no_phrase_reaches_over_the_end_of_a_sentence() -> None:
    assert "hip popping" not in phrases("It is my hip. Popping is what it does.").values()


def test_words_that_several_people_use_for_it_are_proposed() -> None:
    texts = ["My popping hip scares me.", "A popping hip, is it bad?", "popping hip after swings"]
    assert said(texts) == ["popping hip"]


def test_what_one_person_says_often_is_no_proposal() -> None:
    inside = [("one reader", f"My popping hip, day {day}.") for day in range(9)]
    assert worth_proposing(inside, SHOES, NOTHING_KNOWN) == []


def test_two_people_are_too_few() -> None:
    assert said(["My popping hip.", "That popping hip."]) == []


def test_what_everybody_says_everywhere_is_no_proposal() -> None:
    texts = [f"Two years of pain. A popping hip. Number {n}." for n in range(4)]
    elsewhere = [f"Two years of pain in my foot, number {n}." for n in range(20)]
    assert said(texts, elsewhere) == ["popping hip"]


def test_what_a_tag_is_found_by_already_is_no_proposal() -> None:
    texts = ["My popping hip.", "The popping hip again.", "popping hips in both legs"]
    known = (TagPhrases(1, ("hips popping",)),)
    assert said(texts, known=known) == []


def test_a_part_of_a_phrase_is_proposed_only_where_more_people_say_it() -> None:
    texts = ["popping hip"] * 3 + ["popping noise", "it is popping"]
    assert said(texts) == ["popping", "popping hip"]


@given(st.lists(st.text(max_size=60), max_size=12), st.lists(st.text(max_size=60), max_size=6))
def test_every_proposal_was_typed_by_three_people_at_least(
    inside: list[str], outside: list[str]
) -> None:
    pairs = [(str(number % 4), text) for number, text in enumerate(inside)]
    found = worth_proposing(pairs, outside, NOTHING_KNOWN)
    assert len(found) <= MOST
    for one in found:
        stems = max(phrases(one.words), key=len, default=())
        writers = {writer for writer, text in pairs if stems in phrases(text)}
        assert one.people >= DEMANDS.people
        assert len(writers) == one.people or not stems


@pytest.mark.parametrize(
    "text", ["", "a", "the of in", "\u200b", "🙂 🙂", "<b></b>", "x" * 50_000, "x-" * 9_000]
)
def test_odd_texts_have_no_phrases_or_one(text: str) -> None:
    assert len(phrases(text)) <= 1


@given(
    st.text("ab1._-@:/w ,é").map(lambda text: f"{text} end")
    | st.lists(st.sampled_from(SPELT)).map("".join)
)
def test_what_leads_to_somebody_is_left_out_as_one_pattern_would_have_it(text: str) -> None:
    """The plain pattern says what is meant; the program's passes only take less time."""
    assert list(phrases(text)) == list(phrases(TO_SOMEBODY.sub(" . ", text)))


@pytest.mark.parametrize(
    "private",
    [
        "anna.berg@example.com",
        "anna@berg",
        "https://example.com/popping",
        "www.example.com/popping",
        "popping.example.com",
        "070-1234567",
        "l5s1",
        "mid50s",
    ],
)
def test_addresses_and_numbers_are_never_proposed(private: str) -> None:
    texts = [f"popping hip {private} popping hip"] * 3
    assert said(texts) == ["popping hip"]


def test_no_phrase_reaches_over_an_address() -> None:
    assert "popping hip" not in phrases("popping anna@example.com hip").values()


def test_a_word_of_a_persons_name_is_never_proposed() -> None:
    texts = ["Hi Maria, my popping hip", "Thanks Maria. A popping hip!", "Maria Berg: popping hip"]
    inside = [(f"reader {number}", text) for number, text in enumerate(texts)]
    found = worth_proposing(inside, SHOES, NOTHING_KNOWN, names=["Maria Berg"])
    assert [one.words for one in found] == ["popping hip"]
    assert "maria" in [one.words for one in worth_proposing(inside, SHOES, NOTHING_KNOWN)]
