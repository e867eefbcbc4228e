"""Tag names and readers' words for them, found in a text on word boundaries, stemmed.

Small words (of, the, in, my) do not count, in phrases or in texts. A phrase of several
words may have one stray word between neighbours ("hip always clicks"), and a phrase of two
may be turned round ("clicking in my left hip"). None reaches over the end of a sentence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.engines.matching.stems import Word, tokens, words

SMALL_WORDS = frozenset(
    {"a", "an", "the", "of", "in", "on", "at", "to", "for", "with", "and", "is", "are", "was"}
    | {"my", "your", "his", "her", "its", "our", "their", "this", "that"}
)
_SMALL_STEMS = frozenset(stem for word in SMALL_WORDS for stem in tokens(word))
_LARGEST_STEP = 2  # to the next word, or over one stray word


@dataclass(frozen=True, slots=True)
class TagPhrases:
    """A tag with its name and its synonyms, as people wrote them."""

    tag_id: int
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TagMatch:
    """``phrase`` is the lexicon's, ``words`` the part of the text that says it."""

    tag_id: int
    phrase: str
    words: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One order of a phrase's stems; ``rank`` is its place in the lexicon."""

    tag_id: int
    phrase: str
    stems: tuple[str, ...]
    rank: int
    is_turned: bool


@dataclass(frozen=True, slots=True)
class _Find:
    phrase: _Phrase
    first: int
    last: int

    @property
    def order(self) -> tuple[int, int, bool, int, int]:
        """Long phrases before short, then the tightest, then as they stand in the text."""
        length = len(self.phrase.stems)
        strays = self.last - self.first + 1 - length
        return -length, strays, self.phrase.is_turned, self.first, self.phrase.rank


class Lexicon:
    """Phrases made ready for many texts. Nothing in it changes afterwards.

    A phrase of small words alone never matches.
    """

    def __init__(self, lexicon: Iterable[TagPhrases]) -> None:
        self._by_first_stem: dict[str, list[_Phrase]] = {}
        for rank, (tag_id, phrase) in enumerate(
            (tag.tag_id, phrase) for tag in lexicon for phrase in tag.phrases
        ):
            for is_turned, stems in enumerate(_orders(_telling(words(phrase)))):
                entry = _Phrase(tag_id, phrase, stems, rank, bool(is_turned))
                self._by_first_stem.setdefault(stems[0], []).append(entry)

    def match(self, text: str, limit: int = 5) -> list[TagMatch]:
        """At most ``limit`` tags that ``text`` speaks of, the best phrase of each, best first."""
        said = [word for word in words(text) if word.stem not in _SMALL_STEMS]
        best: dict[int, _Find] = {}
        for find in self._finds(said):
            known = best.get(find.phrase.tag_id)
            if known is None or find.order < known.order:
                best[find.phrase.tag_id] = find
        chosen = sorted(best.values(), key=lambda find: find.order)[:limit]
        return [
            TagMatch(
                find.phrase.tag_id,
                find.phrase.phrase,
                text[said[find.first].start : said[find.last].end],
            )
            for find in chosen
        ]

    def _finds(self, said: list[Word]) -> Iterator[_Find]:
        for first, word in enumerate(said):
            for phrase in self._by_first_stem.get(word.stem, ()):
                last = _end(said, first, phrase.stems)
                if last is not None:
                    yield _Find(phrase, first, last)


def match_tags(text: str, lexicon: Sequence[TagPhrases], limit: int = 5) -> list[TagMatch]:
    """:meth:`Lexicon.match` for a single text."""
    return Lexicon(lexicon).match(text, limit)


def _telling(phrase: list[Word]) -> tuple[str, ...]:
    return tuple(word.stem for word in phrase if word.stem not in _SMALL_STEMS)


def _orders(stems: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not stems:
        return []
    if len(stems) == 2 and stems[0] != stems[1]:
        return [stems, stems[::-1]]
    return [stems]


def _end(said: list[Word], first: int, stems: tuple[str, ...]) -> int | None:
    """Where the phrase that begins at ``first`` ends soonest; ``None`` where it is not said."""
    reached = {first}
    for stem in stems[1:]:
        reached = {
            here
            for before in reached
            for here in range(before + 1, min(before + 1 + _LARGEST_STEP, len(said)))
            if said[here].stem == stem and said[here].sentence == said[first].sentence
        }
    return min(reached, default=None)
