"""What already answers a question: everything on the site that is like it, and why it was chosen.

Found by words (the rarest of the question's, in a posting table that both databases share), by
meaning (where the model is there) and by tags, whose synonyms stand in what carries them. All that
either found is weighed together (`engines.matching.likeness`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domains.tags import queries as tags
from app.engines.matching.likeness import (
    Library,
    Profile,
    joined,
    likeness,
    pieces,
    profile,
    telling,
)
from app.engines.matching.reasons import because
from app.engines.said import Said, Value, says
from app.engines.text.excerpt import title_from
from app.search import candidates, places, seat, tuning
from app.search.candidates import CANDIDATES, Document

KINDS = ("card", "article", "resource", "question")
SHORT = 300
"""Characters of a question that is compared as a whole with titles; of a longer one, its title."""
LONGEST_ASKED = 4_000
WORDS_ENOUGH = 0.4
"""The share of what a question says (by rarity) that something must say too, to be shown: of its
title or of all of it, since a long text says much beside the point."""
MEANING_ENOUGH = 0.45
"""The cosine that is enough by itself: below it, unrelated texts of one site begin."""
MEANING_TOO_LITTLE = 0.25
"""The cosine below which shared words are an accident, where there is a model to say so."""
TELLING_MOST = 20
"""Stems by which a document is compared with others: those it says most and others least."""
RELATED_ENOUGH = 0.25
"""The share of these that another document must say too, to be related."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """One thing that may answer. `because` are the asker's own words that it shares, `tags` the
    names of tags that both carry; without either it was found by its meaning."""

    kind: str
    ref: int
    title: str
    href: str
    score: float
    by_words: float
    by_meaning: float
    because: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def why(self) -> Said:
        """One sentence for whoever asked."""
        if self.because:
            return says("Shown because you wrote %(words)s.", words=_quoted(self.because))
        if self.tags:
            return says("Shown because it is about %(tags)s.", tags=_listed(self.tags))
        return says("Shown because it says much the same in other words.")

    @property
    def why_both(self) -> Said:
        """The same for whoever wrote neither of the two, to stand behind a title."""
        if self.because:
            return says("because both speak of %(words)s", words=_quoted(self.because))
        if self.tags:
            return says("because both are about %(tags)s", tags=_listed(self.tags))
        return says("because both say much the same in other words")


@dataclass(frozen=True, slots=True)
class _Asked:
    """`text` is all of it as it was typed, `title` and `rest` its two parts (`heading`), `profile`
    what is compared, `tags` the names of tags it speaks of, by stem, and `enough` the share of what
    it says that something must say too."""

    text: str
    title: str
    rest: str
    profile: Profile
    tags: Mapping[str, str]
    enough: float

    @property
    def stems(self) -> set[str]:
        return {*self.profile.whole, *self.tags}


class _Said:
    """How much of what is asked something says too, each word by its rarity."""

    def __init__(self, asked: Profile, known: Library) -> None:
        self._parts = [
            {stem: known.rarity(stem) for stem in stems} for stems in (asked.title, asked.whole)
        ]
        self._totals = [sum(part.values()) for part in self._parts]

    def share(self, found: Profile | None) -> float:
        """0 to 1: the better of the title and all of it."""
        if found is None:
            return 0.0
        return max(
            sum(part[stem] for stem in part.keys() & found.whole.keys()) / total if total else 0.0
            for part, total in zip(self._parts, self._totals, strict=True)
        )


def alike(
    text: str,
    *,
    title: str = "",
    kinds: Collection[str] = KINDS,
    limit: int = 3,
    without: Collection[tuple[str, int]] = (),
) -> list[Alike]:
    """What is most like a text, best first; empty where nothing is like it enough.

    Only what everyone may read is found. `without` leaves things out by kind and id.
    """
    asked = _asked(title[:SHORT], text[:LONGEST_ASKED])
    known = candidates.library(asked.stems)
    chosen = candidates.by_words(asked.stems, known)
    near = seat.nearest(asked.title, asked.rest, CANDIDATES, also=chosen)
    found = candidates.documents({*chosen, *near}, kinds, without)
    return _best(asked, known, [one for one in chosen if one in found], near, found, limit)


def alike_to(
    kind: str,
    ref: int,
    *,
    kinds: Collection[str] = KINDS,
    limit: int = 3,
    without: Collection[tuple[str, int]] = (),
) -> list[Alike]:
    """What is related to something that stands in the index, best first, itself left out; empty
    for what nobody may read. Nothing is encoded: the meaning is the one kept beside the text."""
    document = candidates.find(kind, ref)
    if document is None:
        return []
    says, spread = candidates.stems_of(document)
    known = candidates.library(())
    known = Library(known.texts, known.mean_title, known.mean_text, spread)
    asked = _of_document(document, says, known)
    chosen = [one for one in candidates.by_words(asked.stems, known) if one != document.id]
    near = seat.nearest_to(document.id, CANDIDATES, also=chosen)
    found = candidates.documents({*chosen, *near}, kinds, {*without, document.thing})
    return _best(asked, known, [one for one in chosen if one in found], near, found, limit)


def _best(
    asked: _Asked,
    known: Library,
    chosen: Sequence[int],
    near: Mapping[int, float],
    found: Mapping[int, Document],
    limit: int,
) -> list[Alike]:
    profiles = candidates.profiles([found[one] for one in chosen], asked.stems, known)
    words = likeness(asked.profile, profiles, known)
    near = {one: cosine for one, cosine in near.items() if one in found}
    scores = joined(words, near, tuning.meaning_share()) if near else words
    said = _Said(asked.profile, known)
    best_first = sorted(scores, key=lambda one: (-scores[one], one))
    enough = list(
        islice(
            (
                one
                for one in best_first
                if _is_enough(near.get(one), said.share(profiles.get(one)), asked.enough)
            ),
            limit,
        )
    )
    paths = places.paths((found[one].kind, found[one].ref, found[one].title) for one in enough)
    return [
        Alike(
            kind=found[one].kind,
            ref=found[one].ref,
            title=found[one].title,
            href=paths[found[one].thing],
            score=scores[one],
            by_words=words.get(one, 0.0),
            by_meaning=near.get(one, 0.0),
            because=because(asked.text, profiles[one], known) if one in profiles else (),
            tags=_shared_tags(asked, profiles.get(one)),
        )
        for one in enough
        if found[one].thing in paths
    ]


def heading(title: str, text: str) -> tuple[str, str]:
    """A question as what is compared with titles and what it says besides: a short one without a
    title is one as a whole, a long one has it made of its first question."""
    if title:
        return title, text
    text = text.strip()
    return (text, "") if len(text) <= SHORT else (title_from(text), text)


def _asked(title: str, text: str) -> _Asked:
    whole = f"{title}\n{text}".strip()
    short, rest = heading(title, text)
    matched = tags.lexicon().match(whole)
    names = tags.names_of([match.tag_id for match in matched])
    by_stem = {stem: name for name in names for stem in telling(name)}
    return _Asked(whole, short, rest, profile(short, rest), by_stem, WORDS_ENOUGH)


def _of_document(document: Document, says: Mapping[str, int], known: Library) -> _Asked:
    """A document as a question: by its title and by what it says most and others least. Its words
    are those of its title and its beginning: a title alone seldom says what two texts share."""
    shared = [stem for stem in says if known.spread[stem] > 1]
    weight = {stem: known.rarity(stem) * (1 + math.log(says[stem])) for stem in shared}
    most = sorted(shared, key=lambda stem: (-weight[stem], stem))[:TELLING_MOST]
    title = Counter(telling(document.title))
    whole = {stem: says[stem] for stem in most}
    compared = Profile(
        title, whole, sum(title.values()), sum(whole.values()), pieces(document.title)
    )
    said = f"{document.title}\n{candidates.beginning_of(document, LONGEST_ASKED)}"
    return _Asked(said, document.title, "", compared, {}, RELATED_ENOUGH)


def _is_enough(cosine: float | None, share_said: float, wanted: float) -> bool:
    """Whether something is like the question enough to be shown; no cosine where no model has
    read it."""
    if cosine is None:
        return share_said >= wanted
    if cosine >= MEANING_ENOUGH:
        return True
    return share_said >= wanted and cosine >= MEANING_TOO_LITTLE


def _shared_tags(asked: _Asked, found: Profile | None) -> tuple[str, ...]:
    if found is None:
        return ()
    names = [name for stem, name in asked.tags.items() if found.whole.get(stem)]
    return tuple(dict.fromkeys(names))


def _quoted(words: Sequence[str]) -> Value:
    return _listed([says("“%(word)s”", word=word) for word in words])


def _listed(words: Sequence[Value]) -> Value:
    if len(words) == 1:
        return words[0]
    return says("%(first)s and %(last)s", first=tuple(words[:-1]), last=words[-1])
