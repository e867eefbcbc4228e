"""The letters of a text: capitals, scripts, and those that only look as if they were Latin."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from app.engines.said import says
from app.engines.text.characters import without_invisible
from app.engines.text.names import skeleton

LATIN = "Latin"
WRITTEN_IN = {
    "am": {"Ethiopic"},
    "ar": {"Arabic"},
    "be": {"Cyrillic"},
    "bg": {"Cyrillic"},
    "bn": {"Bengali"},
    "el": {"Greek"},
    "fa": {"Arabic"},
    "he": {"Hebrew"},
    "hi": {"Devanagari"},
    "hy": {"Armenian"},
    "ja": {"Hiragana", "Katakana", "Cjk"},
    "ka": {"Georgian"},
    "kk": {"Cyrillic"},
    "km": {"Khmer"},
    "ko": {"Hangul", "Cjk"},
    "mk": {"Cyrillic"},
    "mr": {"Devanagari"},
    "ne": {"Devanagari"},
    "ru": {"Cyrillic"},
    "sr": {"Cyrillic"},
    "ta": {"Tamil"},
    "te": {"Telugu"},
    "th": {"Thai"},
    "uk": {"Cyrillic"},
    "ur": {"Arabic"},
    "yi": {"Hebrew"},
    "zh": {"Cjk", "Bopomofo"},
}
"""Scripts beside Latin, which every site reads: names, loan words and addresses are in it. A
language that is not named is written in Latin letters alone."""
FEWEST_LETTERS = 8
FEWEST_SHOUTED = 20
"""Below this many letters a share says nothing."""
NAMES = {
    "Arabic": says("Arabic"),
    "Armenian": says("Armenian"),
    "Bengali": says("Bengali"),
    "Chinese": says("Chinese"),
    "Cyrillic": says("Cyrillic"),
    "Devanagari": says("Devanagari"),
    "Ethiopic": says("Ethiopic"),
    "Georgian": says("Georgian"),
    "Greek": says("Greek"),
    "Hebrew": says("Hebrew"),
    "Japanese": says("Japanese"),
    "Khmer": says("Khmer"),
    "Korean": says("Korean"),
    "Tamil": says("Tamil"),
    "Telugu": says("Telugu"),
    "Thai": says("Thai"),
}
"""The scripts that readers know by a name in their own language; the others have Unicode's."""
DISGUISED_SHOWN = 3

_EAST_ASIAN = ("Cjk", "Hiragana", "Katakana", "Katakana-Hiragana", "Hangul", "Bopomofo")
_WRITTEN_TOGETHER = frozenset({LATIN, *_EAST_ASIAN})
"""Scripts that one word may mix, as Japanese does; Latin looks like none of them (UTS 39)."""
_RUN_OF_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DRAWN_LATIN = re.compile("[\U0001d400-\U0001d7ff\U0001f130-\U0001f189\u24b6-\u24e9]+")
"""Mathematical, circled and squared letters: Latin text drawn with signs."""
_NAMED = {"Cjk": "Chinese", "Hiragana": "Japanese", "Katakana": "Japanese", "Hangul": "Korean"}


def capitals(source: str) -> float:
    """The share of capitals among the letters that have two cases, 0 to 1; 0 in a short text."""
    upper = sum(map(str.isupper, source))
    cased = upper + sum(map(str.islower, source))
    return upper / cased if cased >= FEWEST_SHOUTED else 0.0


def foreign(source: str, language: str) -> tuple[float, tuple[str, ...]]:
    """The share of letters in scripts that `language` is not written in, 0 to 1, and those
    scripts, the commonest first. `language` is a code such as `en` or `pt-BR`."""
    if source.isascii():
        return 0.0, ()
    counted = Counter(map(script, filter(str.isalpha, source)))
    total = sum(counted.values())
    if total < FEWEST_LETTERS:
        return 0.0, ()
    expected = {LATIN, ""} | WRITTEN_IN.get(language.partition("-")[0].casefold(), set())
    strange = [(name, count) for name, count in counted.most_common() if name not in expected]
    names = dict.fromkeys(_NAMED.get(name, name) for name, _ in strange)
    return sum(count for _, count in strange) / total, tuple(names)


def disguised(source: str) -> tuple[str, ...]:
    """Words that mix letters of other scripts into Latin ones, or are drawn with signs, so that
    they read as plain words which no list of words would find. The first three."""
    if source.isascii():
        return ()
    seen = without_invisible(source)
    found = [word for word in _WORD.findall(seen) if not word.isascii() and _is_mixed(word)]
    found += _DRAWN_LATIN.findall(seen)
    return tuple(dict.fromkeys(found))[:DISGUISED_SHOWN]


def mixes_alphabets(name: str) -> bool:
    """Whether one word of a name has letters of two alphabets that are never written together."""
    if name.isascii():
        return False
    seen = unicodedata.normalize("NFKC", without_invisible(name))
    words = (set(map(script, word)) - {""} for word in _RUN_OF_LETTERS.findall(seen))
    return any(len(found) > 1 and not found <= _WRITTEN_TOGETHER for found in words)


def _is_mixed(word: str) -> bool:
    scripts = {script(letter) for letter in word if letter.isalpha()}
    return LATIN in scripts and len(scripts - {""}) > 1 and skeleton(word).isascii()


@lru_cache(maxsize=8192)
def script(letter: str) -> str:
    """The script of a letter as Unicode names it; nothing for letters that belong to all."""
    name = unicodedata.name(letter, "")
    first = name.partition(" ")[0]
    if first in {"FULLWIDTH", "FEMININE", "MASCULINE", "MODIFIER", "MICRO", "MATHEMATICAL"}:
        return ""
    if first in {"HALFWIDTH", "IDEOGRAPHIC"}:
        return "Katakana" if first == "HALFWIDTH" else "Cjk"
    return first.title()
