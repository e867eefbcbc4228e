"""Names whose words mix alphabets that are never written together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.spam.scripts import mixes_alphabets
from app.engines.text.names import looks_like

ONE_ALPHABET = {
    "Latin": "abcdefghijklmnopqrstuvwxyzéøßł",
    "Greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщ",
    "Hebrew": "אבגדהוזחט",
    "Arabic": "ابتثجحخدذ",
    "Devanagari": "कखगघङचछजझ",
}
WORDS = {name: st.text(letters, min_size=1, max_size=12) for name, letters in ONE_ALPHABET.items()}
ANY_WORD = st.one_of(*WORDS.values())


@pytest.mark.parametrize(
    "name",
    [
        "M\u0430rta",  # a Cyrillic a
        "D\u03bfra",  # a Greek omicron
        "\u0391nna",
        "Ann\u0430 Berg",
        "\u0418b\u0430\u043d",
        "a\u200b\u0430",
        "\u0561nna",  # Armenian
    ],
)
def test_u01_a_word_of_two_alphabets_is_seen(name: str) -> None:
    assert mixes_alphabets(name)


@pytest.mark.parametrize(
    "name",
    [
        "Marta Lind",
        "Анна Berg",
        "Νίκος (Nikos)",
        "山田タロウ",
        "さくらAI",
        "ラーメン好き",
        "김Kim",
        "Hawai\u02bbi",
        "\uff2d\uff41\uff52\uff54\uff41",  # full width, which is Latin
        "O'Neil 3rd",
        "★ ★",
        "मीरा",
        "Zoë-Łucja",
    ],
)
def test_names_as_people_write_them_pass(name: str) -> None:
    assert not mixes_alphabets(name)


@given(st.lists(ANY_WORD, min_size=1, max_size=4))
def test_words_of_one_alphabet_each_never_mix(words: list[str]) -> None:
    assert not mixes_alphabets(" ".join(words))


@given(WORDS["Latin"], st.sampled_from(sorted(set(ONE_ALPHABET) - {"Latin"})), st.data())
def test_u01_a_latin_word_with_one_foreign_letter_always_mixes(
    word: str, other: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(word)))
    letter = data.draw(st.sampled_from(ONE_ALPHABET[other]))
    assert mixes_alphabets(f"{word[:at]}{letter}{word[at:]}")


@given(WORDS["Latin"], st.sampled_from("\u200b\u202e\u2066\u00ad\u180e"), st.data())
def test_u01_what_nobody_sees_makes_no_other_name(
    word: str, hidden: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(word)))
    disguised = f"{word[:at]}{hidden}{word[at:]}"
    assert looks_like(word, disguised)
    assert not mixes_alphabets(disguised)
