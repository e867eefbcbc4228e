"""The phrases in which readers ask, and which of them tell one subject from another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.engines.matching.lexicon import Lexicon, TagPhrases
from app.engines.matching.likeness import telling
from app.engines.matching.stems import tokens, words

LONGEST = 3
"""Words of a phrase."""
MOST = 20
"""Phrases that are proposed for one subject at a time."""
_TYPED = re.compile(r"\S+")
_OF_A_PERSON = re.compile(r"@|://|\bwww\.|\d")  # an address, a page's or a person's, or a number
_DOTTED = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_ENDING = re.compile(r"\.[a-z]{2,}\b")
_NAME = re.compile(r"\b[\w-]")
SMALL_STEPS = frozenset(tokens("a an the of in on at to for with and is are was my your this that"))

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demands:
    """What a phrase must be to be proposed: used by so many `people`, and so many times as common
    (`lift`) where it is learnt as elsewhere; a single word, which says less by itself, more so.

    Chosen on 125 threads of a public set (`benchmarks.matching --limits`): three phrases a thread,
    which find 90 of 100 of its other questions and, among 125 times as many, five of other threads
    for each of those. With 32 for a word it were three for each and 85 of 100, but a site with
    fewer than 60 questions could then learn no word at all."""

    people: int = 3
    lift: float = 3.0
    lift_alone: float = 16.0

    def lift_of(self, stems: Stems) -> float:
        return self.lift_alone if len(stems) == 1 else self.lift


DEMANDS = Demands()


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase as one of its readers typed it, and by how many people it was said."""

    words: str
    people: int


def _without_persons(typed: re.Match[str]) -> str:
    """What stands between two spaces, a full stop in place of what leads to somebody: all of it,
    or from a site's name on. In several passes, since one pattern for it would try every letter of
    a long word anew and take seconds for ten thousand."""
    whole = typed.group()
    if _OF_A_PERSON.search(whole):
        return " . "
    for dotted in _DOTTED.finditer(whole):
        name = dotted.group()
        start = _NAME.search(name)
        if start and _ENDING.search(name, start.end()):
            return f"{whole[: dotted.start() + start.start()]} . "
    return whole


def phrases(text: str) -> dict[Stems, str]:
    """The phrases of one to three telling words in a text, by their stems, as they were first
    typed there. Small words between two do not count; any other word parts them, and so do
    addresses and numbers, which stand in none."""
    text = _TYPED.sub(_without_persons, text)
    runs: list[list[tuple[str, str]]] = [[]]
    sentence = 0
    for word in words(text):
        typed = text[word.start : word.end].casefold()
        if word.sentence != sentence:
            runs.append([])
            sentence = word.sentence
        if telling(typed):
            runs[-1].append((word.stem, typed))
        elif word.stem not in SMALL_STEPS:
            runs.append([])
    found: dict[Stems, str] = {}
    for run in runs:
        for size in range(1, LONGEST + 1):
            for start in range(len(run) - size + 1):
                part = run[start : start + size]
                stems = tuple(stem for stem, _ in part)
                found.setdefault(stems, " ".join(typed for _, typed in part))
    return {stems: typed for stems, typed in found.items() if _says_something(stems)}


def worth_proposing(
    inside: Sequence[tuple[str, str]],
    outside: Sequence[str],
    known: Sequence[TagPhrases],
    demands: Demands = DEMANDS,
    names: Iterable[str] = (),
) -> list[Said]:
    """Phrases of the texts `inside`, each with its writer, that enough people used and that are
    rare in the texts `outside`; none that a tag is found by already, and none whose words all stand
    in one of those. None holds a word of the `names`, which are people's. The most used come
    first."""
    of_people = {stem for name in names for stem in tokens(name)}
    people: dict[Stems, set[str]] = {}
    typed: dict[Stems, str] = {}
    for writer, text in inside:
        for stems, as_typed in phrases(text).items():
            people.setdefault(stems, set()).add(writer)
            typed.setdefault(stems, as_typed)
    often = {
        stems: len(who)
        for stems, who in people.items()
        if len(who) >= demands.people and of_people.isdisjoint(stems)
    }
    elsewhere = _counts(outside, often)
    writers = len({writer for writer, _ in inside}) or 1
    lexicon = Lexicon(known)
    parts = [frozenset(telling(phrase)) for tag in known for phrase in tag.phrases]

    def is_known(stems: Stems, words: str) -> bool:
        return any(part >= set(stems) for part in parts) or bool(lexicon.match(words, limit=1))

    lasting = {
        stems: count
        for stems, count in often.items()
        if _lift(count / writers, elsewhere[stems], len(outside)) >= demands.lift_of(stems)
        and not is_known(stems, typed[stems])
    }
    best = sorted(_plainest(lasting).items(), key=lambda one: (-one[1], -len(one[0]), one[0]))
    return [Said(typed[stems], count) for stems, count in best[:MOST]]


def _counts(texts: Iterable[str], wanted: Collection[Stems]) -> dict[Stems, int]:
    counts = dict.fromkeys(wanted, 0)
    for text in texts:
        for stems in phrases(text).keys() & counts.keys():
            counts[stems] += 1
    return counts


def _lift(share: float, elsewhere: int, texts: int) -> float:
    """How many times as common as elsewhere, where one more text is taken to have it."""
    return share / ((elsewhere + 1) / (texts + 1)) if texts else float("inf")


def _plainest(counts: Mapping[Stems, int]) -> dict[Stems, int]:
    """Of phrases that overlap: two words rather than the three they stand in, which find less, and
    rather than one of them that nobody says without the other, which finds too much."""
    pairs = [stems for stems in counts if len(stems) == 2]
    return {
        stems: count
        for stems, count in counts.items()
        if not any(
            (len(stems) == 3 and _stands_in(pair, stems))
            or (len(stems) == 1 and _stands_in(stems, pair) and counts[pair] >= count)
            for pair in pairs
        )
    }


def _stands_in(part: Stems, whole: Stems) -> bool:
    places = range(len(whole) - len(part) + 1)
    return any(whole[start : start + len(part)] == part for start in places)


def _says_something(stems: Stems) -> bool:
    """Numbers and single letters alone are nothing that a reader would look for."""
    return any(len(stem) > 2 and not stem.isdigit() for stem in stems) and len(set(stems)) == len(
        stems
    )
