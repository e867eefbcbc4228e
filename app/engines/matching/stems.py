"""A text as stems: what is left of its words once accents, case and endings are gone."""

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*(?:['\u2019][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<![.])[.!?](?![.])(?=\s)|\n\s*\n")
# Longer than any word: what is longer is noise, and no phrase is made of it.
_LONGEST_WORD = 60


class _Stemmer(threading.local):
    """Porter2, one a thread: it keeps the word it works on in itself."""

    def __init__(self) -> None:
        self.english = EnglishStemmer()


_stemmer = _Stemmer()


@dataclass(frozen=True, slots=True)
class Word:
    """A stem, where its word stands in the text, and the number of its sentence."""

    stem: str
    start: int
    end: int
    sentence: int


def tokens(text: str) -> list[str]:
    """The Porter2 stems of ``text`` in order, lower-case, accents removed."""
    return [word.stem for word in words(text)]


def words(text: str) -> list[Word]:
    """The words of ``text`` in order. One pass: linear in the length of the text."""
    ends = iter([*(found.start() for found in _SENTENCE_END.finditer(text)), len(text) + 1])
    end = next(ends)
    sentence = 0
    found_words: list[Word] = []
    for found in _WORD.finditer(text):
        while found.start() > end:
            end = next(ends)
            sentence += 1
        found_words.append(Word(_stem(found[0][:_LONGEST_WORD]), *found.span(), sentence))
    return found_words


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold().replace("\u2019", "'"))
    letters = "".join(part for part in plain if not unicodedata.combining(part))
    return str(_stemmer.english.stemWord(letters))
