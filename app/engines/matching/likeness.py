"""How like a question other texts are: by their words, by pieces of their titles, by meaning.

Words are weighed by bm25, in the title and in the whole text; pieces are three to five letters in
a row, so that a slip of the pen or a compound word still counts. Each part is divided by the best
candidate's, so that the shares below mean what they say. Chosen on a public set of questions
(benchmarks/README.md); nothing here knows where texts are kept or how a meaning is computed.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.engines.matching.lexicon import SMALL_WORDS
from app.engines.matching.stems import tokens

TITLE_SHARE, TEXT_SHARE, PIECES_SHARE = 0.4, 0.3, 0.3
MEANING_SHARE = 0.85
"""Of the whole where a model of meaning speaks too. Measured on two public sets and on four made of
them (titles alone, texts alone, the whole shelf instead of ten): with it both together stand less
than a point below the better of the two on each; with 0.8 they stood 1.6 below on one."""
_SATURATION, _LENGTH = 1.2, 0.75  # bm25's usual k1 and b
FEW = 100
"""Texts; among fewer nobody can tell which words are rare, so they are taken for some of many."""
_PIECES = (3, 4, 5)
LONGEST_STEM = 60
"""Characters; of what is longer and begins alike, nobody means two things."""
_ASKING = frozenset(
    {"i", "you", "it", "be", "do", "does", "did", "can", "how", "what", "when", "where", "why"}
    | {"which", "who", "there", "have", "has", "had", "if", "or", "not", "from", "by", "as", "me"}
    | {"am", "get", "but", "so", "into", "about", "would", "could", "should", "will", "any", "we"}
    | {"mean", "all", "out", "every", "just", "like", "also", "very", "much", "many", "one", "more"}
    | {"because", "until", "while", "make", "makes", "cannot"}
    | {"ok", "okay", "again", "still", "than", "then", "now", "been", "some", "does", "doing", "go"}
    | {
        "too",
        "only",
        "really",
        "thank",
        "thanks",
        "please",
        "anyone",
        "know",
        "help",
        "they",
        "them",
    }
)
_SMALL = frozenset(stem for word in SMALL_WORDS | _ASKING for stem in tokens(word))
"""Words that questions are asked with, and say nothing of what is asked."""

Ref = TypeVar("Ref", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Profile:
    """A text made ready to be compared: stems counted in its title and in all of it, how many
    there are of each, and the pieces of its title. A question without a title has its text for
    one. The counts may be of the stems that a question asks for alone."""

    title: Mapping[str, int]
    whole: Mapping[str, int]
    title_length: int
    text_length: int
    pieces: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Library:
    """What is known of all texts together: how many there are, how many stems a title and a text
    have on average, and in how many texts each stem stands."""

    texts: int
    mean_title: float
    mean_text: float
    spread: Mapping[str, int]

    def rarity(self, stem: str) -> float:
        """Zero and more; a stem that stands everywhere says nothing."""
        known = self.spread.get(stem, 0)
        return math.log(1 + (max(self.texts, FEW) - known + 0.5) / (known + 0.5))


def telling(text: str) -> list[str]:
    """The stems of a text in order, without the words that questions are asked with."""
    return [stem[:LONGEST_STEM] for stem in tokens(text) if is_telling(stem)]


def is_telling(stem: str) -> bool:
    """Whether a stem says something of what is asked, and is not what questions are asked with."""
    return stem not in _SMALL


def profile(title: str, text: str = "") -> Profile:
    """A text as it is compared; `title` is the question itself where there is no other text."""
    in_title = telling(title)
    in_all = [*in_title, *telling(text)]
    return Profile(Counter(in_title), Counter(in_all), len(in_title), len(in_all), pieces(title))


def pieces(text: str) -> Mapping[str, int]:
    """Three, four and five characters in a row, word ends marked by a space."""
    line = f" {' '.join(text.casefold().split())} "
    found: list[str] = []
    for size in _PIECES:  # whole lists: a hundred titles are cut up for every question
        found += [line[start : start + size] for start in range(len(line) - size + 1)]
    return Counter(found)


def likeness(
    question: Profile, candidates: Mapping[Ref, Profile], library: Library
) -> dict[Ref, float]:
    """How like the question each candidate is, by words and by pieces: 0 to 1."""
    asked = question.whole
    titles = {
        ref: _bm25(asked, one.title, library, one.title_length / (library.mean_title or 1))
        for ref, one in candidates.items()
    }
    texts = {
        ref: _bm25(asked, one.whole, library, one.text_length / (library.mean_text or 1))
        for ref, one in candidates.items()
    }
    own_length = _length(question.pieces)
    bits = {
        ref: _cosine(question.pieces, own_length, one.pieces) for ref, one in candidates.items()
    }
    shares = ((TITLE_SHARE, titles), (TEXT_SHARE, texts), (PIECES_SHARE, bits))
    return _together(candidates, shares)


def joined(
    by_words: Mapping[Ref, float], by_meaning: Mapping[Ref, float], share: float = MEANING_SHARE
) -> dict[Ref, float]:
    """Both likenesses in one, over all that either of them found; `share` is the meaning's."""
    everything = dict.fromkeys([*by_words, *by_meaning], 0.0)
    return _together(everything, ((1 - share, by_words), (share, by_meaning)))


def _bm25(
    asked: Mapping[str, int], counts: Mapping[str, int], library: Library, length: float
) -> float:
    """`length` is the field's, as a multiple of the mean."""
    damping = _SATURATION * (1 - _LENGTH + _LENGTH * length)
    return sum(
        library.rarity(stem) * counts[stem] * (_SATURATION + 1) / (counts[stem] + damping)
        for stem in asked
        if counts.get(stem)
    )


def _cosine(one: Mapping[str, int], one_length: float, other: Mapping[str, int]) -> float:
    shared = one.keys() & other.keys()
    product = sum(_damped(one[piece]) * _damped(other[piece]) for piece in shared)
    return product / (one_length * _length(other)) if product else 0.0


def _length(counts: Mapping[str, int]) -> float:
    """A title has two hundred pieces, nearly all of them once: the others alone are worked out."""
    length = len(counts)
    return math.sqrt(
        length + sum(_damped(count) ** 2 - 1 for count in counts.values() if count > 1)
    )


def _damped(count: int) -> float:
    return 1.0 if count == 1 else 1 + math.log(count)


def _together(
    refs: Mapping[Ref, object], parts: tuple[tuple[float, Mapping[Ref, float]], ...]
) -> dict[Ref, float]:
    scores = dict.fromkeys(refs, 0.0)
    for share, found in parts:
        best = max(found.values(), default=0.0)
        if best > 0:
            for ref, score in found.items():
                # Divided first: a share of the smallest numbers there are is rounded up to them.
                scores[ref] += share * (max(score, 0.0) / best)
    return scores
