"""A text as stems: what is left of its words once accents, case and endings are gone."""

import importlib
import importlib.util
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.engines.text.names import without_accents

_WORD = re.compile(r"[^\W_][^\W_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W_]*)*(?:['\u2019][^\W_]+)*")
_SENTENCE_END = re.compile(r"(?<![.])[.!?](?![.])(?=\s)|\n\s*\n")
# Longer than any word: what is longer is noise, and no phrase is made of it.
_LONGEST_WORD = 60


def _english() -> Callable[[], Any]:
    """The stemmer for English without those for thirty other languages, which the package brings
    along by itself: 3 MB in each process. Whoever imports the package later finds all of it."""
    whole = importlib.util.find_spec("snowballstemmer")
    if whole is None:
        raise ModuleNotFoundError("snowballstemmer is not installed")
    sys.modules.setdefault(whole.name, importlib.util.module_from_spec(whole))
    try:
        made: Callable[[], Any] = importlib.import_module(
            "snowballstemmer.english_stemmer"
        ).EnglishStemmer
    finally:
        if not hasattr(sys.modules[whole.name], "stemmer"):  # it was never run
            del sys.modules[whole.name]
    return made


class _Stemmer(threading.local):
    """Porter2, one a thread: it keeps the word it works on in itself."""

    make = staticmethod(_english())

    def __init__(self) -> None:
        self.english = self.make()


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
    letters = without_accents(word.casefold().replace("\u2019", "'"))
    return str(_stemmer.english.stemWord(letters))
